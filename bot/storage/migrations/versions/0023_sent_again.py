"""The audit: a message that was given up is tried once more."""

from alembic import op
from alembic.operations import BatchOperations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

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
    "apology_written",
    "apologised",
)
_KINDS = (*_KINDS_BEFORE, "sent_again")


def upgrade() -> None:
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM case_event WHERE kind = 'sent_again'")
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS_BEFORE)


def _only(batch_op: BatchOperations, values: tuple[str, ...]) -> None:
    """Let an event be of these kinds and no others."""
    name = op.f("ck_case_event_kind")
    batch_op.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch_op.create_check_constraint(name, f"kind IN ({listed})")
