"""Dossiers that an office owes, and the apologies that were recorded for them."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OWED = sa.text("owed_on IS NOT NULL")
_KINDS_BEFORE = (
    "opened",
    "moved",
    "message",
    "read",
    "erased",
    "evidence",
    "note",
    "drafted",
    "published",
    "unpublished",
    "warned",
    "overdue",
    "escalated",
    "reminded",
    "rated",
    "signed_in",
    "sign_in_refused",
    "locked_out",
    "account_added",
    "account_changed",
    "account_disabled",
    "account_enabled",
    "password_changed",
    "password_reset",
    "factor_added",
    "factor_removed",
    "exported",
)
_KINDS = (*_KINDS_BEFORE, "apology_written", "apologised")


def upgrade() -> None:
    for column in (
        sa.Column(
            "owed_on",
            sa.Date(),
            nullable=True,
            comment="the due date, while the office works on it",
        ),
        sa.Column("apologised_on", sa.Date(), nullable=True, comment="ngày xin lỗi, the last"),
        sa.Column("apologised_by", sa.Text(), nullable=True, comment="account that recorded it"),
        sa.Column("promised_on", sa.Date(), nullable=True, comment="ngày hẹn lại in that apology"),
    ):
        op.add_column("dossier", column)
    op.execute(
        "UPDATE dossier SET owed_on = due_on WHERE finished_on IS NULL "
        "AND status IN ('accepted', 'in_progress', 'needs_payment')"
    )
    op.drop_index("ix_dossier_status_due_on", "dossier")
    for name, columns in (
        ("ix_dossier_owed_on", ["owed_on", "key", "promised_on"]),
        ("ix_dossier_office_owed_on", ["office", "owed_on", "key", "promised_on"]),
    ):
        op.create_index(name, "dossier", columns, sqlite_where=_OWED, postgresql_where=_OWED)
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM case_event WHERE kind IN ('apology_written', 'apologised')")
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS_BEFORE)
    op.drop_index("ix_dossier_office_owed_on", "dossier")
    op.drop_index("ix_dossier_owed_on", "dossier")
    op.create_index("ix_dossier_status_due_on", "dossier", ["status", "due_on"])
    with op.batch_alter_table("dossier") as batch_op:
        for name in ("promised_on", "apologised_by", "apologised_on", "owed_on"):
            batch_op.drop_column(name)


def _only(batch_op: BatchOperations, values: tuple[str, ...]) -> None:
    """Let an event be of these kinds and no others."""
    name = op.f("ck_case_event_kind")
    batch_op.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch_op.create_check_constraint(name, f"kind IN ({listed})")
