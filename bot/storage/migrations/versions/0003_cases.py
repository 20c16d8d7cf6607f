"""Feedback: cases, their messages, and the chain of their events."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="of the last event; 0 before the first",
        ),
        sa.Column("hash", sa.String(length=32), nullable=False, comment="of the last event"),
        sa.Column(
            "proof",
            sa.String(length=32),
            nullable=False,
            comment="keyed; who cuts the end off cannot make it",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_chain")),
    )
    op.create_table(
        "feedback_case",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "receipt", sa.String(length=32), nullable=False, comment="keyed hash of the code"
        ),
        sa.Column(
            "category",
            sa.Enum(
                "harassment",
                "broker",
                "improper_demand",
                "refusal_reorganisation",
                "delay",
                "attitude",
                "bribery",
                "technical",
                "praise",
                "suggestion",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "subtype",
            sa.Enum(
                "forced_vneid",
                "address_confirmation",
                "extra_papers",
                "paper_copy_of_online",
                name="subtype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "triaged",
                "assigned",
                "in_progress",
                "need_info",
                "answered",
                "reopened",
                "closed",
                "transferred",
                "duplicate",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "resume_to",
            sa.Enum(
                "new",
                "triaged",
                "assigned",
                "in_progress",
                "need_info",
                "answered",
                "reopened",
                "closed",
                "transferred",
                "duplicate",
                "rejected",
                name="resume_to",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
            comment="the state before it waited",
        ),
        sa.Column("reopened", sa.Boolean(), nullable=False, comment="once, ever"),
        sa.Column("channel", sa.Text(), nullable=False, comment="by which the story came"),
        sa.Column("province_code", sa.String(length=8), nullable=True, comment="unit of today"),
        sa.Column("commune_code", sa.String(length=8), nullable=True, comment="unit of today"),
        sa.Column(
            "place_words", sa.Text(), nullable=False, comment="the place as the reporter called it"
        ),
        sa.Column("office_words", sa.Text(), nullable=False, comment="the office as it was called"),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("story", sa.LargeBinary(), nullable=False, comment="sealed; empty when erased"),
        sa.Column(
            "conversation",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; where the reporter hears back, never shown to staff",
        ),
        sa.Column(
            "identity",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; name and contact, NULL for an anonymous reporter",
        ),
        sa.Column("consent_version", sa.Text(), nullable=False, comment="of the words agreed to"),
        sa.Column("assignee", sa.Text(), nullable=True, comment="account of a supervisor"),
        sa.Column(
            "transferred_to", sa.Text(), nullable=False, comment="name of the body in charge"
        ),
        sa.Column(
            "duplicate_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "rejection",
            sa.Enum(
                "empty",
                "junk",
                "unintelligible",
                name="rejection",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("received_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("triage_due_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("forward_due_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column(
            "answer_due_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=True,
            comment="NULL while waiting; as last set when it does not run any more",
        ),
        sa.Column(
            "answered_at", bot.storage.base.UtcTime(timezone=True), nullable=True, comment="last"
        ),
        sa.Column("changed_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'need_info') = (resume_to IS NOT NULL)",
            name=op.f("ck_feedback_case_waits_to_resume"),
        ),
        sa.CheckConstraint(
            "state <> 'duplicate' OR duplicate_of IS NOT NULL",
            name=op.f("ck_feedback_case_has_original"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR rejection IS NOT NULL", name=op.f("ck_feedback_case_has_reason")
        ),
        sa.CheckConstraint(
            "state <> 'transferred' OR transferred_to <> ''", name=op.f("ck_feedback_case_has_body")
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of"],
            ["feedback_case.id"],
            name=op.f("fk_feedback_case_duplicate_of_feedback_case"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_case")),
        sa.UniqueConstraint("receipt", name=op.f("uq_feedback_case_receipt")),
    )
    with op.batch_alter_table("feedback_case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_feedback_case_assignee_state", ["assignee", "state"], unique=False
        )
        batch_op.create_index(
            "ix_feedback_case_province_code_commune_code",
            ["province_code", "commune_code"],
            unique=False,
        )
        batch_op.create_index("ix_feedback_case_received_at", ["received_at"], unique=False)
        batch_op.create_index(
            "ix_feedback_case_state_answer_due_at", ["state", "answer_due_at"], unique=False
        )
        batch_op.create_index(
            "ix_feedback_case_state_triage_due_at", ["state", "triage_due_at"], unique=False
        )

    op.create_table(
        "case_message",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "reporter",
                "office",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("said_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed; empty when erased"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_message_case_id_feedback_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
    )
    with op.batch_alter_table("case_message", schema=None) as batch_op:
        batch_op.create_index("ix_case_message_case_id_id", ["case_id", "id"], unique=False)

    op.create_table(
        "case_event",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "moved",
                "message",
                "read",
                "erased",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "move",
            sa.Enum(
                "triage",
                "assign",
                "start",
                "ask",
                "reply",
                "resume",
                "answer",
                "close",
                "reopen",
                "withdraw",
                "transfer",
                "merge",
                "reject",
                "take_back",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "triaged",
                "assigned",
                "in_progress",
                "need_info",
                "answered",
                "reopened",
                "closed",
                "transferred",
                "duplicate",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment="after the event",
        ),
        sa.Column(
            "role",
            sa.Enum(
                "reporter",
                "supervisor",
                "lead",
                "clock",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "actor", sa.Text(), nullable=False, comment="account; empty for reporter and clock"
        ),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="sealed JSON; empty when erased"
        ),
        sa.Column(
            "content_hash", sa.String(length=32), nullable=False, comment="of the sealed bytes"
        ),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "text_hash",
            sa.String(length=32),
            nullable=False,
            comment="of the sealed message, or of the story of the opening; else empty",
        ),
        sa.Column(
            "previous", sa.String(length=32), nullable=False, comment="hash of the event before"
        ),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(kind = 'moved') = (move IS NOT NULL)", name=op.f("ck_case_event_moved_by_a_move")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_case.id"], name=op.f("fk_case_event_case_id_feedback_case")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["case_message.id"], name=op.f("fk_case_event_message_id_case_message")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_case_event_hash")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index("ix_case_event_case_id_number", ["case_id", "number"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index("ix_case_event_case_id_number")

    op.drop_table("case_event")
    with op.batch_alter_table("case_message", schema=None) as batch_op:
        batch_op.drop_index("ix_case_message_case_id_id")

    op.drop_table("case_message")
    with op.batch_alter_table("feedback_case", schema=None) as batch_op:
        batch_op.drop_index("ix_feedback_case_state_triage_due_at")
        batch_op.drop_index("ix_feedback_case_state_answer_due_at")
        batch_op.drop_index("ix_feedback_case_received_at")
        batch_op.drop_index("ix_feedback_case_province_code_commune_code")
        batch_op.drop_index("ix_feedback_case_assignee_state")

    op.drop_table("feedback_case")
    op.drop_table("case_chain")
