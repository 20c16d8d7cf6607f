"""Zalo: the grant of the Official Account, and who left it."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zalo_grant",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column(
            "tokens",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed: access and refresh token",
        ),
        sa.Column(
            "generation", sa.Integer(), nullable=False, comment="rises by one with every new pair"
        ),
        sa.Column("issued_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="of the access token",
        ),
        sa.Column(
            "not_before",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="nobody refreshes before: a refresh is under way, or one has failed",
        ),
        sa.Column(
            "failure",
            sa.String(length=200),
            nullable=False,
            comment="why the last refresh failed; empty: it did not",
        ),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_zalo_grant")),
    )
    op.create_table(
        "zalo_absence",
        sa.Column(
            "person",
            sa.String(length=32),
            nullable=False,
            comment="keyed hash of the person's id",
        ),
        sa.Column("since", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_zalo_absence")),
    )


def downgrade() -> None:
    op.drop_table("zalo_absence")
    op.drop_table("zalo_grant")
