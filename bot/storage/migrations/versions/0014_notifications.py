"""Notifications to the staff: wishes, the queue, and how far events were read."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column(
            "medium",
            sa.Enum(
                "telegram",
                "email",
                name="medium",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "event_number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="in the chain; NULL for a trial",
        ),
        sa.Column(
            "occasion",
            sa.Enum(
                "new",
                "assigned",
                "mentioned",
                "replied",
                "soon",
                "overdue",
                "escalated",
                "trial",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("about", sa.Text(), nullable=False, comment="the category of the case, in words"),
        sa.Column(
            "due_at",
            bot.storage.base.UtcTime(timezone=True),
            nullable=True,
            comment="the deadline that it is about",
        ),
        sa.Column("created_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "delivery",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "parked",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("next_try_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="that failed for sure"),
        sa.Column(
            "unsure",
            sa.Integer(),
            nullable=False,
            comment="tries of which nobody knows how they ended",
        ),
        sa.Column("sent_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column(
            "reason",
            sa.String(length=200),
            nullable=False,
            comment="why it was parked or last failed",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "account",
            "medium",
            "event_number",
            name=op.f("uq_notification_account_medium_event_number"),
        ),
    )
    op.create_index("ix_notification_created_at", "notification", ["created_at"], unique=False)
    op.create_index(
        "ix_notification_queue",
        "notification",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("delivery IN ('waiting', 'sending')"),
        postgresql_where=sa.text("delivery IN ('waiting', 'sending')"),
    )
    op.create_table(
        "notification_reading",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="of the last event that was read",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_reading")),
    )
    op.create_table(
        "notification_wishes",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column(
            "telegram",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed: id of a person's or a group's chat",
        ),
        sa.Column("email", sa.LargeBinary(), nullable=True, comment="sealed: address"),
        sa.Column(
            "quiet_from",
            sa.Integer(),
            nullable=False,
            comment="minute of the day; same as until: never quiet",
        ),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.Integer(), nullable=False, comment="minute of the day"),
        sa.Column(
            "choices", sa.Text(), nullable=False, comment="occasion=now|digest|off, commas between"
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_notification_wishes")),
    )


def downgrade() -> None:

    op.drop_table("notification_wishes")
    op.drop_table("notification_reading")
    op.drop_index(
        "ix_notification_queue",
        table_name="notification",
        sqlite_where=sa.text("delivery IN ('waiting', 'sending')"),
        postgresql_where=sa.text("delivery IN ('waiting', 'sending')"),
    )
    op.drop_index("ix_notification_created_at", table_name="notification")
    op.drop_table("notification")
