"""Evidence: pictures and files of citizens, sealed, and the event by which a case took them."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("opened", "moved", "message", "read", "erased")
AFTER = (*BEFORE, "evidence")
TEXT_BEFORE = "of the sealed message, or of the story of the opening; else empty"
TEXT_AFTER = "of the sealed message, evidence, or story of the opening; else empty"


def upgrade() -> None:
    _allow_kinds(AFTER, TEXT_AFTER)
    op.create_table(
        "case_evidence",
        sa.Column("id", sa.String(length=32), nullable=False, comment="random"),
        sa.Column(
            "owner",
            sa.String(length=32),
            nullable=False,
            comment="keyed hash of the conversation that it came from; empty when erased",
        ),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column(
            "event_number", BIG, nullable=True, comment="the event by which the case took it"
        ),
        sa.Column(
            "media",
            sa.Enum(
                "image/jpeg",
                "application/pdf",
                name="media",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes, before sealing"),
        sa.Column("sent_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False, comment="of the sealed bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="sealed; empty when erased"),
        sa.Column(
            "thumbnail",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed JPEG; empty for a file, and when erased",
        ),
        sa.CheckConstraint(
            "(case_id IS NULL) = (event_number IS NULL)",
            name=op.f("ck_case_evidence_bound_by_an_event"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_evidence_case_id_feedback_case")
        ),
        sa.ForeignKeyConstraint(
            ["event_number"],
            ["case_event.number"],
            name=op.f("fk_case_evidence_event_number_case_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_evidence")),
    )
    op.create_index("ix_case_evidence_case_id", "case_evidence", ["case_id"])
    op.create_index("ix_case_evidence_owner_sent_at", "case_evidence", ["owner", "sent_at"])
    op.create_index(
        "ix_case_evidence_unbound",
        "case_evidence",
        ["sent_at", "size"],
        sqlite_where=sa.text("case_id IS NULL"),
        postgresql_where=sa.text("case_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_case_evidence_unbound", "case_evidence")
    op.drop_index("ix_case_evidence_owner_sent_at", "case_evidence")
    op.drop_index("ix_case_evidence_case_id", "case_evidence")
    op.drop_table("case_evidence")
    _allow_kinds(BEFORE, TEXT_BEFORE)


def _allow_kinds(kinds: tuple[str, ...], text_comment: str) -> None:
    with op.batch_alter_table("case_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_case_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_case_event_kind"), sa.column("kind").in_(kinds))
        batch_op.alter_column("text_hash", comment=text_comment)
