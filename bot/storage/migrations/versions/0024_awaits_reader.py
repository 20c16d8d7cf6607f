"""The outbox: replies that wait until their reader writes again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "message",
        sa.Column(
            "awaits_reader",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="parked until the person writes again",
        ),
    )
    op.create_index(
        "ix_message_awaits_reader",
        "message",
        ["conversation_id"],
        sqlite_where=sa.text("awaits_reader"),
        postgresql_where=sa.text("awaits_reader"),
    )


def downgrade() -> None:
    op.drop_index("ix_message_awaits_reader", "message")
    op.drop_column("message", "awaits_reader")
