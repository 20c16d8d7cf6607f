"""Who cannot be written to, for every channel. Who left a Zalo OA before is found out anew."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("zalo_absence")
    _table(
        "channel_absence",
        sa.Column(
            "chat",
            sa.String(length=32),
            nullable=False,
            comment="keyed hash of the channel and the address",
        ),
    )


def downgrade() -> None:
    op.drop_table("channel_absence")
    _table(
        "zalo_absence",
        sa.Column(
            "person",
            sa.String(length=32),
            nullable=False,
            comment="keyed hash of the person's id",
        ),
    )


def _table(name: str, who: sa.Column[str]) -> None:
    op.create_table(
        name,
        who,
        sa.Column("since", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(who.name, name=op.f(f"pk_{name}")),
    )
