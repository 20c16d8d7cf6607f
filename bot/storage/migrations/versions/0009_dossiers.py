"""Dossiers out of table files, and who wants to hear when one moves."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier",
        sa.Column(
            "key", sa.String(length=40), nullable=False, comment="letter and digits of the code"
        ),
        sa.Column("code", sa.Text(), nullable=False, comment="mã hồ sơ, as the source writes it"),
        sa.Column(
            "source", sa.Text(), nullable=False, comment="name of the source, as citizens read it"
        ),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "accepted",
                "refused",
                "in_progress",
                "needs_papers",
                "needs_payment",
                "withdrawn",
                "stopped",
                "ready",
                "returned",
                "unknown",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_words", sa.Text(), nullable=False, comment="in the source's own words"),
        sa.Column("procedure_code", sa.Text(), nullable=False, comment="mã TTHC, or empty"),
        sa.Column("procedure_name", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False, comment="đơn vị xử lý"),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("to_do", sa.Text(), nullable=False, comment="what the applicant is asked for"),
        sa.Column(
            "phone_fact",
            sa.String(length=32),
            nullable=True,
            comment="keyed hash of the key and the last four digits of the phone",
        ),
        sa.Column(
            "identity_fact",
            sa.String(length=32),
            nullable=True,
            comment="the same of the identity number",
        ),
        sa.Column(
            "phone",
            sa.String(length=32),
            nullable=True,
            comment="keyed hash of the whole number",
        ),
        sa.Column(
            "content_hash",
            sa.String(length=32),
            nullable=False,
            comment="of what a citizen could be told",
        ),
        sa.Column(
            "changed_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="when that last became different",
        ),
        sa.Column(
            "imported_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="when the source last told it",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dossier")),
    )
    op.create_index("ix_dossier_phone", "dossier", ["phone"])
    op.create_index("ix_dossier_status_due_on", "dossier", ["status", "due_on"])
    op.create_table(
        "dossier_subscription",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "key", sa.String(length=40), nullable=False, comment="letter and digits of the code"
        ),
        sa.Column(
            "conversation_id", sa.String(length=32), nullable=False, comment="of bot.conversation"
        ),
        sa.Column("code", sa.LargeBinary(), nullable=False, comment="sealed; as it is asked for"),
        sa.Column(
            "told", sa.String(length=32), nullable=False, comment="hash of what was last told"
        ),
        sa.Column("subscribed_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "look_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="when to look at it next",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_subscription")),
        sa.UniqueConstraint(
            "key", "conversation_id", name=op.f("uq_dossier_subscription_key_conversation_id")
        ),
    )
    op.create_index(
        "ix_dossier_subscription_conversation_id", "dossier_subscription", ["conversation_id"]
    )
    op.create_index("ix_dossier_subscription_look_at", "dossier_subscription", ["look_at"])


def downgrade() -> None:
    op.drop_index("ix_dossier_subscription_look_at", "dossier_subscription")
    op.drop_index("ix_dossier_subscription_conversation_id", "dossier_subscription")
    op.drop_table("dossier_subscription")
    op.drop_index("ix_dossier_status_due_on", "dossier")
    op.drop_index("ix_dossier_phone", "dossier")
    op.drop_table("dossier")
