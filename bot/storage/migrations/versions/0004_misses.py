"""Wrong guesses."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "miss",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "guess",
            sa.String(length=32),
            nullable=False,
            comment="keyed hash of who guessed what: see Vault.fingerprint",
        ),
        sa.Column("missed_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miss")),
    )
    op.create_index("ix_miss_guess_missed_at", "miss", ["guess", "missed_at"])
    op.create_index("ix_miss_missed_at", "miss", ["missed_at"])


def downgrade() -> None:
    op.drop_index("ix_miss_missed_at", "miss")
    op.drop_index("ix_miss_guess_missed_at", "miss")
    op.drop_table("miss")
