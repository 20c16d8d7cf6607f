"""What is kept of the staff: accounts, and the sessions in which they work."""

from datetime import datetime
from enum import Enum

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcTime, utc_time, value_enum

LONGEST_NAME = 40  # characters


class StaffRole(Enum):
    """What somebody of the staff may do."""

    SUPERVISOR = "supervisor"  # cán bộ giám sát: the cases of their area
    LEAD = "lead"  # trưởng nhóm: the same, and what needs a second pair of eyes
    VOLUNTEER = "volunteer"  # tình nguyện viên: the desk and the missed questions, no cases
    ADMIN = "admin"  # quản trị: accounts and the audit, no cases


class Codes(TypeDecorator[frozenset[str]]):
    """A set of codes of units, kept as text with commas between."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        return None if value is None else frozenset(value.split(",") if value else ())


class Account(Base):
    """Somebody of the staff. Never deleted: events name it, and a name is nobody else's later."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("name = lower(name)", name="name_in_small_letters"),)

    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    full_name: Mapped[str] = mapped_column(Text)
    role: Mapped[StaffRole] = mapped_column(value_enum(StaffRole))
    everywhere: Mapped[bool] = mapped_column(comment="all places; the two sets do not count then")
    provinces: Mapped[frozenset[str]] = mapped_column(Codes, comment="codes, commas between")
    communes: Mapped[frozenset[str]] = mapped_column(Codes, comment="codes, commas between")
    password: Mapped[str] = mapped_column(Text, comment="argon2id, with salt and parameters")
    must_change: Mapped[bool] = mapped_column(comment="a one-time password that others have seen")
    totp: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed secret of the second factor; NULL without one"
    )
    totp_pending: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed secret that waits for its first code"
    )
    totp_step: Mapped[int] = mapped_column(comment="of the last code taken: none is taken twice")
    created_at: Mapped[utc_time]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @property
    def places(self) -> frozenset[str]:
        """The codes of its provinces and communes, which never coincide."""
        return self.provinces | self.communes


class StaffSession(Base):
    """One browser in which somebody has signed in."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_account", "account"),)

    token_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="SHA-256 of the cookie's 256 random bits, hex"
    )
    account: Mapped[str] = mapped_column(ForeignKey("account.name"))
    began_at: Mapped[utc_time]
    seen_at: Mapped[utc_time]
    awaits_code: Mapped[bool] = mapped_column(comment="the password was right, the code is due")
