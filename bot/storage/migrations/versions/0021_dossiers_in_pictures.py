"""Which dossiers the QR codes and barcodes in a picture name."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_evidence",
        sa.Column(
            "dossiers",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed JSON; codes of dossiers that a QR code or barcode in it names, "
            "else empty",
        ),
    )
    op.execute(sa.text("UPDATE case_evidence SET dossiers = :none").bindparams(none=b""))
    with op.batch_alter_table("case_evidence") as batch_op:
        batch_op.alter_column("dossiers", existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("case_evidence") as batch_op:
        batch_op.drop_column("dossiers")
