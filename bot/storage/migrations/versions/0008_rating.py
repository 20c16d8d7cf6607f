"""Rating: how satisfied a reporter is with the answer."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = ("opened", "moved", "message", "read", "evidence", "erased")
AFTER = (*BEFORE, "rated")


def upgrade() -> None:
    _allow_kinds(AFTER)
    with op.batch_alter_table("feedback_case") as batch_op:
        batch_op.add_column(
            sa.Column(
                "rating",
                sa.SmallInteger(),
                nullable=True,
                comment="1 to 5, the reporter's last; its words are a message",
            )
        )
        batch_op.add_column(
            sa.Column("rated_at", bot.storage.base.UtcTime(timezone=True), nullable=True)
        )
        batch_op.create_check_constraint(
            op.f("ck_feedback_case_rating_1_to_5"), "rating BETWEEN 1 AND 5"
        )
        batch_op.create_check_constraint(
            op.f("ck_feedback_case_rating_has_time"), "(rating IS NULL) = (rated_at IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("feedback_case") as batch_op:
        batch_op.drop_constraint(op.f("ck_feedback_case_rating_has_time"), type_="check")
        batch_op.drop_constraint(op.f("ck_feedback_case_rating_1_to_5"), type_="check")
        batch_op.drop_column("rated_at")
        batch_op.drop_column("rating")
    _allow_kinds(BEFORE)


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_case_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_case_event_kind"), sa.column("kind").in_(kinds))
