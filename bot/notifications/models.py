"""What is kept of notifications: each account's wishes, the queue, how far events were read.

Addresses are sealed. A notification holds no words of anybody's: what it says is made of a case's
number, its category and a deadline, or of a channel's trouble, when it is sent.
"""

from datetime import datetime
from enum import Enum

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcTime, big_int, serial_id, utc_time, value_enum

LONGEST_SENTENCE = 300  # characters


class Occasion(Enum):
    """What somebody can be notified of."""

    NEW = "new"  # phản ánh mới trong địa bàn
    ASSIGNED = "assigned"  # được giao cho tôi
    MENTIONED = "mentioned"  # được nhắc tên
    REPLIED = "replied"  # người phản ánh nhắn thêm
    SOON = "soon"  # sắp đến hạn
    OVERDUE = "overdue"  # quá hạn
    ESCALATED = "escalated"  # báo cấp phụ trách
    TRIAL = "trial"  # gửi thử, at somebody's own wish
    TROUBLE = "trouble"  # a channel has a trouble that an operator has to mend
    MENDED = "mended"  # … and it is over


class Medium(Enum):
    """By which way."""

    TELEGRAM = "telegram"
    EMAIL = "email"


class Delivery(Enum):
    """What became of a notification."""

    WAITING = "waiting"
    SENDING = "sending"  # taken by a node, which has until `next_try_at` to say how it went
    SENT = "sent"
    PARKED = "parked"


class Wishes(Base):
    """How one account wants to be notified."""

    __tablename__ = "notification_wishes"

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    telegram: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed: id of a person's or a group's chat"
    )
    email: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed: address")
    quiet_from: Mapped[int] = mapped_column(comment="minute of the day; same as until: never quiet")
    quiet_until: Mapped[int]
    digest_at: Mapped[int] = mapped_column(comment="minute of the day")
    choices: Mapped[str] = mapped_column(Text, comment="occasion=now|digest|off, commas between")


class Notification(Base):
    """One thing to tell one account by one way; the rows that wait are the queue."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("account", "medium", "event_number"),
        Index(
            "ix_notification_queue",
            "next_try_at",
            sqlite_where=text("delivery IN ('waiting', 'sending')"),
            postgresql_where=text("delivery IN ('waiting', 'sending')"),
        ),
        Index("ix_notification_created_at", "created_at"),
    )

    id: Mapped[serial_id]
    account: Mapped[str] = mapped_column(String(40))
    medium: Mapped[Medium] = mapped_column(value_enum(Medium))
    event_number: Mapped[big_int | None] = mapped_column(
        comment="in the chain; NULL where it is about none"
    )
    occasion: Mapped[Occasion] = mapped_column(value_enum(Occasion))
    case_id: Mapped[big_int | None]
    about: Mapped[str] = mapped_column(
        Text, comment="the category of the case, or a channel's trouble"
    )
    due_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="the deadline that it is about"
    )
    created_at: Mapped[utc_time]
    delivery: Mapped[Delivery] = mapped_column(value_enum(Delivery))
    next_try_at: Mapped[utc_time]
    attempts: Mapped[int] = mapped_column(comment="that failed for sure")
    unsure: Mapped[int] = mapped_column(comment="tries of which nobody knows how they ended")
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(String(200), comment="why it was parked or last failed")


class Alarm(Base):
    """A trouble of a channel, and what was told of it."""

    __tablename__ = "channel_alarm"

    channel: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sentence: Mapped[str] = mapped_column(String(LONGEST_SENTENCE), comment="for operators")
    began_at: Mapped[utc_time]
    seen_at: Mapped[utc_time] = mapped_column(comment="when a node last found it there")
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Reading(Base):
    """How far the chain of events was read: one row."""

    __tablename__ = "notification_reading"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[big_int] = mapped_column(comment="of the last event that was read")
