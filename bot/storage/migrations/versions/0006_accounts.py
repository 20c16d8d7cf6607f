"""Staff: accounts and the sessions in which they work."""

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "supervisor",
                "lead",
                "volunteer",
                "admin",
                name="staffrole",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "everywhere",
            sa.Boolean(),
            nullable=False,
            comment="all places; the two sets do not count then",
        ),
        sa.Column("provinces", sa.Text(), nullable=False, comment="codes, commas between"),
        sa.Column("communes", sa.Text(), nullable=False, comment="codes, commas between"),
        sa.Column(
            "password", sa.Text(), nullable=False, comment="argon2id, with salt and parameters"
        ),
        sa.Column(
            "must_change",
            sa.Boolean(),
            nullable=False,
            comment="a one-time password that others have seen",
        ),
        sa.Column(
            "totp",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed secret of the second factor; NULL without one",
        ),
        sa.Column(
            "totp_step",
            sa.Integer(),
            nullable=False,
            comment="of the last code taken: none is taken twice",
        ),
        sa.Column("created_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("disabled_at", bot.storage.base.UtcTime(timezone=True), nullable=True),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_name_in_small_letters")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    op.create_table(
        "staff_session",
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the cookie's 256 random bits, hex",
        ),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("began_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("seen_at", bot.storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column(
            "awaits_code",
            sa.Boolean(),
            nullable=False,
            comment="the password was right, the code is due",
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["account.name"], name=op.f("fk_staff_session_account_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index("ix_staff_session_account", ["account"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_session_account")

    op.drop_table("staff_session")
    op.drop_table("account")
