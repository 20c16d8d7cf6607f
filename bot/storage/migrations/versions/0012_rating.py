"""Rating: how satisfied a reporter is with the answer."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CASE = "feedback_case"
BEFORE = (
    *("opened", "moved", "message", "read", "evidence", "erased"),
    *("note", "drafted", "published", "unpublished"),
    *("warned", "overdue", "escalated", "reminded"),
)
AFTER = (*BEFORE, "rated")


def upgrade() -> None:
    # In words: to add a check, Alembic would write the table of SQLite anew, with all its cases.
    op.execute(
        f"ALTER TABLE {CASE} ADD COLUMN rating SMALLINT "
        f"CONSTRAINT ck_{CASE}_rating_1_to_5 CHECK (rating BETWEEN 1 AND 5)"
    )
    time = bot.storage.base.UtcTime(timezone=True)
    op.add_column(CASE, sa.Column("rated_at", time, nullable=True))
    _allow_kinds(AFTER)


def downgrade() -> None:
    """The ratings cannot stay; the chain tells that their events are gone."""
    events = sa.table("case_event", sa.column("kind"))
    op.execute(events.delete().where(events.c.kind == "rated"))
    _allow_kinds(BEFORE)
    op.drop_column(CASE, "rated_at")
    op.drop_column(CASE, "rating")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_case_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_case_event_kind"), sa.column("kind").in_(kinds))
