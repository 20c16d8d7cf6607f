"""The stints in which cases were in hand, for reports, and how far the chain was read for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "case_stint_reading",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", _BIG, nullable=False, comment="of the last event that was read"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_stint_reading")),
    )
    op.create_table(
        "case_stint",
        sa.Column("case_id", _BIG, autoincrement=False, nullable=False),
        sa.Column(
            "number",
            sa.SmallInteger(),
            autoincrement=False,
            nullable=False,
            comment="from 0 on, in their order",
        ),
        sa.Column(
            "event_number",
            _BIG,
            nullable=False,
            comment="up to which the chain was read for it",
        ),
        sa.Column(
            "category",
            _enum(
                "category",
                *("harassment", "broker", "improper_demand", "refusal_reorganisation", "delay"),
                *("attitude", "bribery", "technical", "praise", "suggestion", "other"),
            ),
            nullable=False,
            comment="of the case, as of now",
        ),
        sa.Column("province_code", sa.String(length=8), nullable=True),
        sa.Column("commune_code", sa.String(length=8), nullable=True),
        sa.Column(
            "office",
            sa.Text(),
            nullable=False,
            comment="as it was called, without personal data",
        ),
        sa.Column(
            "begun_by", _enum("beginning", "received", "reopened", "taken_back"), nullable=False
        ),
        sa.Column("begun_at", _BIG, nullable=False),
        sa.Column(
            "acted_at",
            _BIG,
            nullable=True,
            comment="when somebody of the staff first moved a case that was received",
        ),
        sa.Column("acted_in", sa.Float(), nullable=True, comment="working days until then"),
        sa.Column("ended_at", _BIG, nullable=True),
        sa.Column(
            "ended_in",
            _enum(
                "state",
                *("new", "triaged", "assigned", "in_progress", "need_info", "answered"),
                *("reopened", "closed", "transferred", "duplicate", "rejected"),
            ),
            nullable=True,
            comment="closed: withdrawn by its reporter",
        ),
        sa.Column(
            "took",
            sa.Float(),
            nullable=True,
            comment="working days to its end, less those in which the clock of the answer stood "
            "still",
        ),
        sa.Column(
            "due_at",
            _BIG,
            nullable=True,
            comment="by which an answer was promised, as it stood last; NULL while nothing runs",
        ),
        sa.Column(
            "rating", sa.SmallInteger(), nullable=True, comment="of the answer that ended it"
        ),
        sa.Column("rated_at", _BIG, nullable=True),
        sa.CheckConstraint(
            "(acted_at IS NULL) = (acted_in IS NULL)", name=op.f("ck_case_stint_acts_after_a_time")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_in IS NULL)", name=op.f("ck_case_stint_ends_in_a_state")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_stint_case_id_feedback_case")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_stint")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_stint_event_number", "case_stint", ["event_number"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_case_stint_event_number", table_name="case_stint")
    op.drop_table("case_stint")
    op.drop_table("case_stint_reading")
