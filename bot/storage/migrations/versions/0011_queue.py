"""The queue: each case's place in it, its first words, and the words by which it is found.

A case from before has no first words and is not found by any: they are sealed, and a migration has
no key. Its place is reckoned anew when it moves.
"""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_QUEUE = "ix_feedback_case_queue"


def upgrade() -> None:
    with op.batch_alter_table("feedback_case") as batch_op:
        batch_op.add_column(sa.Column("lane", _lane(), nullable=True, comment="of the queue"))
        batch_op.add_column(
            sa.Column(
                "rank_at",
                bot.storage.base.UtcTime(timezone=True),
                nullable=True,
                comment="place in its lane: when it is due next, or else when it last changed",
            )
        )
        batch_op.add_column(
            sa.Column(
                "warn_at",
                bot.storage.base.UtcTime(timezone=True),
                nullable=True,
                comment="from when on rank_at is soon; NULL when no clock runs",
            )
        )
        batch_op.add_column(
            sa.Column(
                "excerpt",
                sa.LargeBinary(),
                nullable=True,
                comment="sealed; first words without personal data, empty when erased",
            )
        )
    _rank_what_is_there()
    with op.batch_alter_table("feedback_case") as batch_op:
        batch_op.alter_column("lane", existing_type=_lane(), nullable=False)
        batch_op.alter_column(
            "rank_at", existing_type=bot.storage.base.UtcTime(timezone=True), nullable=False
        )
        batch_op.alter_column("excerpt", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.create_index(
            _QUEUE,
            [
                "lane",
                "rank_at",
                "id",
                "warn_at",
                "state",
                "category",
                "province_code",
                "commune_code",
                "assignee",
                "channel",
            ],
            unique=False,
        )
    op.create_table(
        "case_word",
        sa.Column("word", _NUMBER, nullable=False, comment="keyed hash"),
        sa.Column("case_id", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_word_case_id_feedback_case")
        ),
        sa.PrimaryKeyConstraint("word", "case_id", name=op.f("pk_case_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_word_case_id", "case_word", ["case_id"], unique=False)


def _lane() -> sa.Enum:
    return sa.Enum(
        "running",
        "waiting",
        "done",
        name="lane",
        native_enum=False,
        create_constraint=True,
        length=24,
    )


def _rank_what_is_there() -> None:
    op.execute(
        "UPDATE feedback_case SET excerpt = '', lane = CASE"
        " WHEN state = 'need_info' THEN 'waiting'"
        " WHEN state IN ('new', 'triaged', 'assigned', 'in_progress', 'reopened') THEN 'running'"
        " ELSE 'done' END"
    )
    op.execute(
        "UPDATE feedback_case SET rank_at = CASE"
        " WHEN lane <> 'running' THEN changed_at"
        " WHEN state = 'new' THEN coalesce(triage_due_at, answer_due_at, changed_at)"
        " ELSE coalesce(answer_due_at, changed_at) END"
    )
    op.execute("UPDATE feedback_case SET warn_at = rank_at WHERE lane = 'running'")


def downgrade() -> None:
    op.drop_index("ix_case_word_case_id", table_name="case_word")
    op.drop_table("case_word")
    with op.batch_alter_table("feedback_case") as batch_op:
        batch_op.drop_index(_QUEUE)
        batch_op.drop_column("excerpt")
        batch_op.drop_column("warn_at")
        batch_op.drop_column("rank_at")
        batch_op.drop_constraint(op.f("ck_feedback_case_lane"), type_="check")
        batch_op.drop_column("lane")
