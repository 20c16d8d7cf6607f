"""Indexes of the cases: those that a query is made for, and no others."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_Columns = tuple[str, ...]
_BEFORE: tuple[_Columns, ...] = (
    ("state", "answer_due_at"),
    ("state", "triage_due_at"),
    ("assignee", "state"),
    ("province_code", "commune_code"),
    ("received_at",),
)
_AFTER: tuple[_Columns, ...] = (("commune_code", "received_at"), ("province_code", "received_at"))
_OF_SOME: tuple[_Columns, ...] = (("duplicate_of", "id"), ("answered_at",))


def upgrade() -> None:
    for columns in _AFTER:
        op.create_index(_name(columns), "feedback_case", list(columns))
    for columns in _OF_SOME:
        there = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(
            _name(columns),
            "feedback_case",
            list(columns),
            sqlite_where=there,
            postgresql_where=there,
        )
    for columns in _BEFORE:
        op.drop_index(_name(columns), table_name="feedback_case")


def downgrade() -> None:
    for columns in _BEFORE:
        op.create_index(_name(columns), "feedback_case", list(columns))
    for columns in (*_AFTER, *_OF_SOME):
        op.drop_index(_name(columns), table_name="feedback_case")


def _name(columns: _Columns) -> str:
    return "_".join(("ix_feedback_case", *columns))
