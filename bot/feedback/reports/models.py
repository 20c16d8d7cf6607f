"""What reports count: for each case, the stints in which it was in hand.

Derived from the chain of events by `bot.feedback.reports.follower`, and from nothing else: empty
the two tables and they come back. Nothing personal stands there.
"""

from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.feedback.category import Category
from bot.feedback.states import State
from bot.storage.base import Base, big_int, value_enum


class Beginning(Enum):
    """By what a case came into hand."""

    RECEIVED = "received"  # tiếp nhận
    REOPENED = "reopened"  # mở lại, because the reporter was not satisfied
    TAKEN_BACK = "taken_back"  # nhận lại, what had been sent on, merged or rejected


class Stint(Base):
    """One time that a case was in hand (lượt xử lý), from its coming to its being finished.

    Instants are seconds since 1970 in UTC, lengths are working days (ngày làm việc) of the office
    of the case: figures are made of very many of them.
    """

    __tablename__ = "case_stint"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_in IS NULL)", name="ends_in_a_state"),
        CheckConstraint("(acted_at IS NULL) = (acted_in IS NULL)", name="acts_after_a_time"),
        Index("ix_case_stint_event_number", "event_number"),
        {"sqlite_with_rowid": False},
    )

    case_id: Mapped[big_int] = mapped_column(
        ForeignKey("feedback_case.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, comment="from 0 on, in their order"
    )
    event_number: Mapped[big_int] = mapped_column(comment="up to which the chain was read for it")
    category: Mapped[Category] = mapped_column(
        value_enum(Category), comment="of the case, as of now"
    )
    province_code: Mapped[str | None] = mapped_column(String(8))
    commune_code: Mapped[str | None] = mapped_column(String(8))
    office: Mapped[str] = mapped_column(Text, comment="as it was called, without personal data")
    begun_by: Mapped[Beginning] = mapped_column(value_enum(Beginning))
    begun_at: Mapped[big_int]
    acted_at: Mapped[big_int | None] = mapped_column(
        comment="when somebody of the staff first moved a case that was received"
    )
    acted_in: Mapped[float | None] = mapped_column(comment="working days until then")
    ended_at: Mapped[big_int | None]
    ended_in: Mapped[State | None] = mapped_column(
        value_enum(State), comment="closed: withdrawn by its reporter"
    )
    took: Mapped[float | None] = mapped_column(
        comment="working days to its end, less those in which the clock of the answer stood still"
    )
    due_at: Mapped[big_int | None] = mapped_column(
        comment="by which an answer was promised, as it stood last; NULL while nothing runs"
    )
    rating: Mapped[int | None] = mapped_column(SmallInteger, comment="of the answer that ended it")
    rated_at: Mapped[big_int | None]


class Reading(Base):
    """How far the chain was read for the stints; one row."""

    __tablename__ = "case_stint_reading"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[big_int] = mapped_column(comment="of the last event that was read")
