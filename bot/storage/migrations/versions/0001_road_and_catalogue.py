"""The road of a message and the catalogue of procedures."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column(
            "id", sa.String(length=32), nullable=False, comment="keyed hash of channel and address"
        ),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column(
            "address", sa.LargeBinary(), nullable=False, comment="sealed: the platform's address"
        ),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="rises by one a turn; a turn that began on an older version is taken again",
        ),
        sa.Column(
            "dialogue",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed: the bounded dialogue state of the assistant",
        ),
        sa.Column("last_turn_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_table(
        "inbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column(
            "update_id",
            sa.String(length=96),
            nullable=False,
            comment="the platform's name of this delivery; a repeated one meets it",
        ),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed: the message; wiped when done, the words stay in `message`",
        ),
        sa.Column(
            "node",
            sa.String(length=64),
            nullable=False,
            comment="the node that is to take the turn",
        ),
        sa.Column("received_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("done_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (content IS NOT NULL)", name=op.f("ck_inbox_content_until_done")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "update_id", name=op.f("uq_inbox_channel_update_id")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_done_at"), ["done_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_waiting",
            ["conversation_id", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "node",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("beat_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_node")),
    )
    op.create_table(
        "procedure",
        sa.Column("code", sa.String(length=16), nullable=False, comment="mã TTHC"),
        sa.Column(
            "origin",
            sa.Enum(
                "official",
                "builtin",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment="official: Cổng Dịch vụ công quốc gia",
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "standard",
                "provincial",
                "internal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="tên thủ tục"),
        sa.Column("field", sa.Text(), nullable=False, comment="lĩnh vực"),
        sa.Column(
            "portal_id", sa.String(length=64), nullable=False, comment="the portal's id of its page"
        ),
        sa.Column("content", sa.Text(), nullable=False, comment="the whole Procedure as JSON"),
        sa.Column(
            "content_hash", sa.String(length=64), nullable=False, comment="SHA-256 of content, hex"
        ),
        sa.Column(
            "record_on",
            sa.Date(),
            nullable=False,
            comment="day on which the source last touched it",
        ),
        sa.Column(
            "imported_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=False,
            comment="when this content came",
        ),
        sa.Column(
            "retired_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=True,
            comment="when it was gone from the source; no longer told to citizens",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_procedure")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index("ix_procedure_portal_id", ["portal_id"], unique=False)

    op.create_table(
        "procedure_catalogue",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="rises by one exactly when a content changes",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_procedure_catalogue_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_catalogue")),
    )
    op.create_table(
        "procedure_listing",
        sa.Column("portal_id", sa.String(length=64), nullable=False),
        sa.Column(
            "fingerprint",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of its line in the list, hex",
        ),
        sa.Column("fetched_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("portal_id", name=op.f("pk_procedure_listing")),
    )
    op.create_table(
        "message",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column(
            "inbox_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the arrival that it is, or answers",
        ),
        sa.Column(
            "author",
            sa.Enum(
                "citizen",
                "bot",
                name="author",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="sealed: the words"),
        sa.Column("said_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "delivery",
            sa.Enum(
                "none",
                "waiting",
                "sent",
                "parked",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "node", sa.String(length=64), nullable=False, comment="the node that delivers it"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("sent_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column(
            "platform_id",
            sa.String(length=96),
            nullable=False,
            comment="the platform's id of the delivered message",
        ),
        sa.Column(
            "reason",
            sa.String(length=200),
            nullable=False,
            comment="why it was parked, or why it last failed",
        ),
        sa.CheckConstraint(
            "delivery <> 'parked' OR reason <> ''", name=op.f("ck_message_parked_has_reason")
        ),
        sa.CheckConstraint(
            "delivery <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_message_sent_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_message_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_conversation_id_id", ["conversation_id", "id"], unique=False
        )
        batch_op.create_index("ix_message_inbox_id", ["inbox_id"], unique=False)
        batch_op.create_index(
            "ix_message_outbox",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("delivery = 'waiting'"),
            postgresql_where=sa.text("delivery = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_outbox",
            sqlite_where=sa.text("delivery = 'waiting'"),
            postgresql_where=sa.text("delivery = 'waiting'"),
        )
        batch_op.drop_index("ix_message_inbox_id")
        batch_op.drop_index("ix_message_conversation_id_id")

    op.drop_table("message")
    op.drop_table("procedure_listing")
    op.drop_table("procedure_catalogue")
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_index("ix_procedure_portal_id")

    op.drop_table("procedure")
    op.drop_table("node")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_waiting",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_inbox_done_at"))

    op.drop_table("inbox")
    op.drop_table("conversation")
