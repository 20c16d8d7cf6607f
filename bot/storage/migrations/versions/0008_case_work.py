"""Work on a case: who is called by a note, templates of answers, publications, and their events."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KINDS = ("opened", "moved", "message", "read", "evidence", "erased")
_NEW_KINDS = ("note", "drafted", "published", "unpublished")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _set_kinds(*_KINDS, *_NEW_KINDS)
    op.create_table(
        "case_mention",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("event_number", _BIG, nullable=False, comment="the note"),
        sa.Column("account", sa.Text(), nullable=False, comment="who is called"),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("called_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("seen_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("notified_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_mention_case_id_feedback_case")
        ),
        sa.ForeignKeyConstraint(
            ["event_number"],
            ["case_event.number"],
            name=op.f("fk_case_mention_event_number_case_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_mention")),
    )
    op.create_index("ix_case_mention_case_id", "case_mention", ["case_id"])
    op.create_index("ix_case_mention_account_seen_at", "case_mention", ["account", "seen_at"])
    op.create_index("ix_case_mention_notified_at", "case_mention", ["notified_at"])
    op.create_table(
        "case_publication",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("matter", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("outcome", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_case_publication_by_somebody"),
        ),
        sa.CheckConstraint("published_by <> drafted_by", name=op.f("ck_case_publication_by_two")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["feedback_case.id"],
            name=op.f("fk_case_publication_case_id_feedback_case"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_publication")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_publication_case_id")),
    )
    op.create_index(
        "ix_case_publication_published_at_id", "case_publication", ["published_at", "id"]
    )
    op.create_table(
        "answer_template",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "answer",
                "ask",
                "message",
                "transfer",
                "reject",
                "merge",
                name="templateuse",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
        sa.UniqueConstraint("name", name=op.f("uq_answer_template_name")),
    )


def downgrade() -> None:
    """The events of the new kinds cannot stay; the chain tells that they are gone."""
    op.drop_table("answer_template")
    op.drop_table("case_publication")
    op.drop_table("case_mention")
    event = sa.table("case_event", sa.column("kind"))
    op.execute(event.delete().where(event.c.kind.in_(_NEW_KINDS)))
    _set_kinds(*_KINDS)


def _set_kinds(*kinds: str) -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_case_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_case_event_kind"), sa.column("kind").in_(kinds))
