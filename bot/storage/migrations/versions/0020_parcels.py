"""The outbox: a queue for each channel, the parts of a reply, and the attempt under way."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WAITING = sa.text("delivery = 'waiting'")
PARKED = sa.text("delivery = 'parked'")


def upgrade() -> None:
    op.add_column(
        "message",
        sa.Column(
            "channel",
            sa.String(length=24),
            server_default=sa.text("''"),
            nullable=False,
            comment="of the conversation; each channel has its own queue",
        ),
    )
    op.add_column(
        "message",
        sa.Column(
            "parts_sent",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how many of its platform messages were taken",
        ),
    )
    op.add_column(
        "message",
        sa.Column(
            "attempt_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=True,
            comment="since when the next part is on its way; still there after a crash or a broken "
            "connection: that part may have arrived",
        ),
    )
    op.execute(
        "UPDATE message SET channel = (SELECT conversation.channel FROM conversation"
        " WHERE conversation.id = message.conversation_id)"
    )
    op.drop_index("ix_message_outbox", "message")
    for name, columns in (
        ("ix_message_outbox", ["channel", "node", "next_try_at"]),
        ("ix_message_waiting", ["conversation_id", "id"]),
    ):
        op.create_index(name, "message", columns, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(
        "ix_message_parked",
        "message",
        ["channel", "id"],
        sqlite_where=PARKED,
        postgresql_where=PARKED,
    )


def downgrade() -> None:
    op.drop_index("ix_message_parked", "message")
    op.drop_index("ix_message_waiting", "message")
    op.drop_index("ix_message_outbox", "message")
    for column in ("attempt_at", "parts_sent", "channel"):
        op.drop_column("message", column)
    op.create_index(
        "ix_message_outbox",
        "message",
        ["next_try_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
