"""What the program does with cases by itself: marks of their deadlines, and when to look again."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CASE = "feedback_case"
STAGES = ("triage_stage", "forward_stage", "answer_stage")
TIMES = {
    "promised_at": "the new date that the reporter was told when the answer was late",
    "reminded_at": "when the reporter was last reminded of a question",
    "look_at": "after which the program has something to do with it by itself",
}
NEW_KINDS = ("warned", "overdue", "escalated", "reminded")
KINDS_BEFORE = (
    *("opened", "moved", "message", "read", "evidence", "erased"),
    *("note", "drafted", "published", "unpublished"),
)
KINDS_AFTER = (*KINDS_BEFORE, *NEW_KINDS)
WATCHED = ("new", "triaged", "assigned", "in_progress", "need_info", "reopened", "answered")


def upgrade() -> None:
    for column in STAGES:
        # In words: Alembic adds a column without the check of its type.
        op.execute(
            f"ALTER TABLE {CASE} ADD COLUMN {column} VARCHAR(24) "
            f"CONSTRAINT ck_{CASE}_{column} CHECK ({column} IN ('warned', 'overdue', 'escalated'))"
        )
    for column, comment in TIMES.items():
        time = bot.storage.base.UtcTime(timezone=True)
        op.add_column(CASE, sa.Column(column, time, nullable=True, comment=comment))
    op.create_index("ix_feedback_case_look_at", CASE, ["look_at"])
    cases = sa.table(CASE, sa.column("look_at"), sa.column("received_at"), sa.column("state"))
    look_at_once = cases.update().values(look_at=cases.c.received_at)
    op.execute(look_at_once.where(cases.c.state.in_(WATCHED)))
    _allow_kinds(KINDS_AFTER)


def downgrade() -> None:
    events = sa.table("case_event", sa.column("kind"))
    op.execute(events.delete().where(events.c.kind.in_(NEW_KINDS)))
    _allow_kinds(KINDS_BEFORE)
    op.drop_index("ix_feedback_case_look_at", CASE)
    with op.batch_alter_table(CASE) as batch_op:
        for column in STAGES:
            batch_op.drop_constraint(op.f(f"ck_{CASE}_{column}"), type_="check")
        for column in (*STAGES, *TIMES):
            batch_op.drop_column(column)


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_case_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_case_event_kind"), sa.column("kind").in_(kinds))
