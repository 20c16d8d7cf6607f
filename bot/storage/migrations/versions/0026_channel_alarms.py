"""What was told of a channel's troubles; notifications that are about no case."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import bot.storage.base

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_OCCASIONS_BEFORE = (
    "new",
    "assigned",
    "mentioned",
    "replied",
    "soon",
    "overdue",
    "escalated",
    "trial",
)
_OCCASIONS = (*_OCCASIONS_BEFORE, "trouble", "mended")


_COMMENTS = {
    "event_number": "in the chain; NULL where it is about none",
    "about": "the category of the case, or a channel's trouble",
}


def upgrade() -> None:
    op.create_table(
        "channel_alarm",
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False, comment="for operators"),
        sa.Column("began_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "seen_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="when a node last found it there",
        ),
        sa.Column("told_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("over_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "name", name=op.f("pk_channel_alarm")),
    )
    with op.batch_alter_table("notification") as batch_op:
        _only(batch_op, _OCCASIONS)
        for column, words in _COMMENTS.items():
            batch_op.alter_column(column, comment=words)


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE occasion IN ('trouble', 'mended')")
    with op.batch_alter_table("notification") as batch_op:
        _only(batch_op, _OCCASIONS_BEFORE)
    op.drop_table("channel_alarm")


def _only(batch_op: BatchOperations, values: tuple[str, ...]) -> None:
    """Let a notification be of these occasions and no others."""
    name = op.f("ck_notification_occasion")
    batch_op.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch_op.create_check_constraint(name, f"occasion IN ({listed})")
