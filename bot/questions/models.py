"""The table of questions that the bot missed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.questions.question import Meant, State
from bot.storage.base import Base, UtcTime, serial_id, utc_time, value_enum


class Question(Base):
    """One question that the bot missed (câu hỏi chưa hiểu), however often it was asked.

    Citizens' words are sealed everywhere else. Here they stand in the clear, without what could
    tell who asked: ``stripping`` has taken out numbers, names, addresses and links before, and
    nothing leads from here to a conversation. Whoever labels has to read, sort and search them;
    sealed, every one of them would have to be opened for that by whoever holds the master key.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (labelled_at IS NULL)", name="open_until_labelled"),
        CheckConstraint("state <> 'labelled' OR label_intent <> ''", name="label_has_intent"),
        Index("ix_question_state_times_asked", "state", "times_asked"),
        Index("ix_question_last_asked_at", "last_asked_at"),
    )

    id: Mapped[serial_id]
    fingerprint: Mapped[str] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the words without diacritics, hex"
    )
    text: Mapped[str] = mapped_column(Text, comment="stripped of personal data")
    times_asked: Mapped[int]
    first_asked_at: Mapped[utc_time]
    last_asked_at: Mapped[utc_time]
    intent: Mapped[str] = mapped_column(Text, comment="understood when last asked; may be empty")
    confidence: Mapped[float] = mapped_column(comment="of that intent, 0..1")
    readings: Mapped[str] = mapped_column(Text, comment="JSON: [[intent, confidence], …]")
    decision: Mapped[str] = mapped_column(Text, comment="of the search of procedures")
    best_code: Mapped[str] = mapped_column(Text, comment="mã TTHC, or empty")
    chance: Mapped[float] = mapped_column(comment="that best_code was meant, 0..1")
    model: Mapped[str] = mapped_column(Text, comment="file name of the model that missed it last")
    state: Mapped[State] = mapped_column(value_enum(State))
    label_intent: Mapped[str] = mapped_column(Text, comment="empty until labelled")
    label_meant: Mapped[Meant | None] = mapped_column(value_enum(Meant))
    label_codes: Mapped[str] = mapped_column(Text, comment="mã TTHC, commas between")
    label_note: Mapped[str] = mapped_column(Text)
    labelled_by: Mapped[str] = mapped_column(Text, comment="whoever labelled or dismissed it")
    labelled_at: Mapped[datetime | None] = mapped_column(UtcTime)
