"""Lists of the queue that somebody keeps, and who has a case open."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_view",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="query string of the filter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_view")),
        sa.UniqueConstraint("account", "name", name=op.f("uq_case_view_account_name")),
    )
    op.create_table(
        "case_presence",
        sa.Column("case_id", _NUMBER, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("seen_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_presence_case_id_feedback_case")
        ),
        sa.PrimaryKeyConstraint("case_id", "account", name=op.f("pk_case_presence")),
    )


def downgrade() -> None:
    op.drop_table("case_presence")
    op.drop_table("case_view")
