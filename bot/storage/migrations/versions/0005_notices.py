"""Notices: lines that no arrival called forth, in conversations that know how they are read."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Before this one there was no channel to which anything is delivered.
    op.add_column(
        "conversation",
        sa.Column(
            "push",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="what is said is delivered; else its reader fetches it",
        ),
    )
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column(
            "inbox_id",
            existing_type=_ID,
            nullable=True,
            existing_comment="the arrival that it is, or answers",
            comment="the arrival that it is, or answers; NULL: said outside of a turn",
        )


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE inbox_id IS NULL")
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column(
            "inbox_id",
            existing_type=_ID,
            nullable=False,
            existing_comment="the arrival that it is, or answers; NULL: said outside of a turn",
            comment="the arrival that it is, or answers",
        )
    op.drop_column("conversation", "push")
