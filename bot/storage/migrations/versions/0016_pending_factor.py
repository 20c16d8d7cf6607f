"""Accounts: a second factor that waits for its first code."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column(
            "totp_pending",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed secret that waits for its first code",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_column("totp_pending")
