"""Events that are of no case: sign-ins, changes of accounts, exports."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
)
_KINDS = (
    *_KINDS_BEFORE,
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
_ROLES_BEFORE = ("reporter", "supervisor", "lead", "clock")
_ROLES = (*_ROLES_BEFORE, "volunteer", "admin", "operator", "stranger")


def upgrade() -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.add_column(
            sa.Column(
                "subject",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="account that it happened to, or empty",
            )
        )
        batch_op.alter_column(
            "case_id",
            existing_type=_ID,
            nullable=True,
            existing_comment=None,
            comment="NULL: an event of the house, not of a case",
        )
        batch_op.alter_column("state", existing_type=sa.String(24), nullable=True)
        _only(batch_op, "kind", _KINDS)
        _only(batch_op, "role", _ROLES)
        batch_op.create_check_constraint(
            op.f("ck_case_event_state_of_a_case"), "(case_id IS NULL) = (state IS NULL)"
        )
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.alter_column("subject", existing_type=sa.Text(), server_default=None)
        batch_op.create_index("ix_case_event_actor_number", ["actor", "number"])
        batch_op.create_index("ix_case_event_subject_number", ["subject", "number"])


def downgrade() -> None:
    op.execute("DELETE FROM case_event WHERE case_id IS NULL")
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_index("ix_case_event_subject_number")
        batch_op.drop_index("ix_case_event_actor_number")
        batch_op.drop_constraint(op.f("ck_case_event_state_of_a_case"), type_="check")
        _only(batch_op, "role", _ROLES_BEFORE)
        _only(batch_op, "kind", _KINDS_BEFORE)
        batch_op.alter_column("state", existing_type=sa.String(24), nullable=False)
        batch_op.alter_column(
            "case_id",
            existing_type=_ID,
            nullable=False,
            existing_comment="NULL: an event of the house, not of a case",
            comment=None,
        )
        batch_op.drop_column("subject")


def _only(batch_op: BatchOperations, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values and no others."""
    name = op.f(f"ck_case_event_{column}")
    batch_op.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch_op.create_check_constraint(name, f"{column} IN ({listed})")
