"""Changes of answer templates are events; notes need no mark of their own to be notified."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0025"
down_revision = "0024"
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
    "sent_again",
)
_KINDS = (*_KINDS_BEFORE, "template_saved", "template_dropped")


def upgrade() -> None:
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS)
    op.drop_index("ix_case_mention_notified_at", "case_mention")
    with op.batch_alter_table("case_mention") as batch_op:
        batch_op.drop_column("notified_at")


def downgrade() -> None:
    with op.batch_alter_table("case_mention") as batch_op:
        batch_op.add_column(sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_case_mention_notified_at", "case_mention", ["notified_at"])
    op.execute("DELETE FROM case_event WHERE kind IN ('template_saved', 'template_dropped')")
    with op.batch_alter_table("case_event") as batch_op:
        _only(batch_op, _KINDS_BEFORE)


def _only(batch_op: BatchOperations, values: tuple[str, ...]) -> None:
    """Let an event be of these kinds and no others."""
    name = op.f("ck_case_event_kind")
    batch_op.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch_op.create_check_constraint(name, f"kind IN ({listed})")
