"""Questions that the bot missed."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "fingerprint",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the words without diacritics, hex",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="stripped of personal data"),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("first_asked_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("last_asked_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "intent", sa.Text(), nullable=False, comment="understood when last asked; may be empty"
        ),
        sa.Column("confidence", sa.Float(), nullable=False, comment="of that intent, 0..1"),
        sa.Column("readings", sa.Text(), nullable=False, comment="JSON: [[intent, confidence], …]"),
        sa.Column("decision", sa.Text(), nullable=False, comment="of the search of procedures"),
        sa.Column("best_code", sa.Text(), nullable=False, comment="mã TTHC, or empty"),
        sa.Column("chance", sa.Float(), nullable=False, comment="that best_code was meant, 0..1"),
        sa.Column(
            "model",
            sa.Text(),
            nullable=False,
            comment="file name of the model that missed it last",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "labelled",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("label_intent", sa.Text(), nullable=False, comment="empty until labelled"),
        sa.Column(
            "label_meant",
            sa.Enum(
                "answer",
                "clarify",
                "none",
                name="meant",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("label_codes", sa.Text(), nullable=False, comment="mã TTHC, commas between"),
        sa.Column("label_note", sa.Text(), nullable=False),
        sa.Column(
            "labelled_by", sa.Text(), nullable=False, comment="whoever labelled or dismissed it"
        ),
        sa.Column("labelled_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (labelled_at IS NULL)",
            name=op.f("ck_question_open_until_labelled"),
        ),
        sa.CheckConstraint(
            "state <> 'labelled' OR label_intent <> ''", name=op.f("ck_question_label_has_intent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_question_fingerprint")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(
            "ix_question_state_times_asked", ["state", "times_asked"], unique=False
        )
        batch_op.create_index("ix_question_last_asked_at", ["last_asked_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_last_asked_at")
        batch_op.drop_index("ix_question_state_times_asked")

    op.drop_table("question")
