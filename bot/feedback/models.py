"""What is kept of a case: the case, its messages, and every event in one chain of hashes.

Stories, messages, notes, names and chat addresses are sealed. Where and what about stands in the
clear: whoever triages has to filter and count by it, and it says nothing of the reporter.
"""

from datetime import date, datetime
from enum import Enum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import Mapped, mapped_column

from bot.feedback.category import Category, Subtype
from bot.feedback.ranking import Lane
from bot.feedback.states import Move, Rejection, Role, State, Status
from bot.feedback.templates import TemplateUse
from bot.feedback.watch import Stage
from bot.storage.base import Base, UtcTime, big_int, serial_id, utc_time, value_enum

HASH = String(32)  # hex digits of a keyed hash
# Like any value_enum, with a name of its own: two columns of one table hold a State.
_RESUME_TO = value_enum(State)
_RESUME_TO.name = "resume_to"
QUEUE_INDEX = "ix_feedback_case_queue"


def _index_of_some(column: str, *others: str) -> Index:
    """Return an index of the cases that have something in a column; most have nothing."""
    there = text(f"{column} IS NOT NULL")
    name = "_".join(("ix_feedback_case", column, *others))
    return Index(name, column, *others, sqlite_where=there, postgresql_where=there)


def _stage(name: str) -> SqlEnum:
    kind = value_enum(Stage)
    kind.name = name
    return kind


class Case(Base):
    """One piece of feedback (phản ánh, kiến nghị); CASE is a word of SQL, so no table's name."""

    __tablename__ = "feedback_case"
    __table_args__ = (
        CheckConstraint("(state = 'need_info') = (resume_to IS NOT NULL)", name="waits_to_resume"),
        CheckConstraint("state <> 'duplicate' OR duplicate_of IS NOT NULL", name="has_original"),
        CheckConstraint("state <> 'transferred' OR transferred_to <> ''", name="has_body"),
        CheckConstraint("state <> 'rejected' OR rejection IS NOT NULL", name="has_reason"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_1_to_5"),
        # Each index costs every new case its part, and SQLite, which knows no figures of a table,
        # may take one for a query that it does not help: so only those that a query is made for.
        Index("ix_feedback_case_commune_code_received_at", "commune_code", "received_at"),
        Index("ix_feedback_case_province_code_received_at", "province_code", "received_at"),
        Index("ix_feedback_case_look_at", "look_at"),
        _index_of_some("duplicate_of", "id"),
        _index_of_some("answered_at"),
        # The queue walks it; all that a list is filtered by stands in it, so no case is read that
        # is not shown.
        Index(
            QUEUE_INDEX,
            "lane",
            "rank_at",
            "id",
            "warn_at",
            "state",
            "category",
            "province_code",
            "commune_code",
            "assignee",
            "channel",
        ),
    )

    id: Mapped[serial_id]
    receipt: Mapped[str] = mapped_column(HASH, unique=True, comment="keyed hash of the code")
    category: Mapped[Category] = mapped_column(value_enum(Category))
    subtype: Mapped[Subtype | None] = mapped_column(value_enum(Subtype))
    state: Mapped[State] = mapped_column(value_enum(State))
    resume_to: Mapped[State | None] = mapped_column(
        _RESUME_TO, comment="the state before it waited"
    )
    reopened: Mapped[bool] = mapped_column(comment="once, ever")
    channel: Mapped[str] = mapped_column(Text, comment="by which the story came")
    province_code: Mapped[str | None] = mapped_column(String(8), comment="unit of today")
    commune_code: Mapped[str | None] = mapped_column(String(8), comment="unit of today")
    place_words: Mapped[str] = mapped_column(Text, comment="the place as the reporter called it")
    office_words: Mapped[str] = mapped_column(Text, comment="the office as it was called")
    happened_on: Mapped[date | None]
    story: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed; empty when erased")
    conversation: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed; where the reporter hears back, never shown to staff"
    )
    identity: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed; name and contact, NULL for an anonymous reporter"
    )
    consent_version: Mapped[str] = mapped_column(Text, comment="of the words agreed to")
    assignee: Mapped[str | None] = mapped_column(Text, comment="account of a supervisor")
    transferred_to: Mapped[str] = mapped_column(Text, comment="name of the body in charge")
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("feedback_case.id"))
    rejection: Mapped[Rejection | None] = mapped_column(value_enum(Rejection))
    received_at: Mapped[utc_time]
    triage_due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    forward_due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answer_due_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="NULL while waiting; as last set when it does not run any more"
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="last")
    # What was last done about each deadline; NULL: nothing yet.
    triage_stage: Mapped[Stage | None] = mapped_column(_stage("triage_stage"))
    forward_stage: Mapped[Stage | None] = mapped_column(_stage("forward_stage"))
    answer_stage: Mapped[Stage | None] = mapped_column(_stage("answer_stage"))
    promised_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="the new date that the reporter was told when the answer was late"
    )
    reminded_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="when the reporter was last reminded of a question"
    )
    look_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="after which the program has something to do with it by itself"
    )
    # 1 to 5, the reporter's last; words that came with it are a message.
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    rated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_at: Mapped[utc_time]
    lane: Mapped[Lane] = mapped_column(value_enum(Lane), comment="of the queue")
    rank_at: Mapped[utc_time] = mapped_column(
        comment="place in its lane: when it is due next, or else when it last changed"
    )
    warn_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="from when on rank_at is soon; NULL when no clock runs"
    )
    excerpt: Mapped[bytes] = mapped_column(
        LargeBinary, comment="sealed; first words without personal data, empty when erased"
    )

    @property
    def status(self) -> Status:
        """The part of the case that decides where it may go."""
        return Status(self.state, self.resume_to, self.reopened)


class CaseWord(Base):
    """That a word occurs in a case: a keyed hash, by which it is found and not read."""

    __tablename__ = "case_word"
    __table_args__ = (
        Index("ix_case_word_case_id", "case_id"),  # to erase
        {"sqlite_with_rowid": False},
    )

    word: Mapped[big_int] = mapped_column(primary_key=True, comment="keyed hash")
    case_id: Mapped[big_int] = mapped_column(ForeignKey("feedback_case.id"), primary_key=True)


class SavedView(Base):
    """A list of cases that somebody looks at again and again, under a name of theirs."""

    __tablename__ = "case_view"
    __table_args__ = (UniqueConstraint("account", "name"),)

    id: Mapped[serial_id]
    account: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text, comment="query string of the filter")


class Presence(Base):
    """That somebody has a case open just now."""

    __tablename__ = "case_presence"

    case_id: Mapped[big_int] = mapped_column(ForeignKey("feedback_case.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    seen_at: Mapped[utc_time]


class Side(Enum):
    """Who wrote a message."""

    REPORTER = "reporter"
    OFFICE = "office"


class CaseMessage(Base):
    """What reporter and office write to each other; never an internal note."""

    __tablename__ = "case_message"
    __table_args__ = (Index("ix_case_message_case_id_id", "case_id", "id"),)

    id: Mapped[serial_id]
    case_id: Mapped[big_int] = mapped_column(ForeignKey("feedback_case.id"))
    side: Mapped[Side] = mapped_column(value_enum(Side))
    said_at: Mapped[utc_time]
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed; empty when erased")


class Kind(Enum):
    """What an event tells."""

    OPENED = "opened"
    MOVED = "moved"
    MESSAGE = "message"  # without a move
    READ = "read"  # somebody of the staff opened what is sealed
    EVIDENCE = "evidence"  # pictures and files came to the case
    NOTE = "note"  # of the staff, for the staff
    DRAFTED = "drafted"  # somebody proposed what is to be published of the outcome
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    RATED = "rated"  # the reporter said how satisfied they are, with words or without
    ERASED = "erased"  # what was sealed before is gone, at the reporter's wish or its time
    WARNED = "warned"  # a deadline comes near
    OVERDUE = "overdue"  # a deadline was missed
    ESCALATED = "escalated"  # the leads of the area were called
    REMINDED = "reminded"  # the reporter was reminded of a question
    # Of no case, but of the house; an account that is concerned is the event's subject.
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"  # a wrong password or code of an account that is there
    LOCKED_OUT = "locked_out"  # after too many of them
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"  # its role, area or name
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - by its owner
    PASSWORD_RESET = "password_reset"  # noqa: S105 - by somebody else, to a one-time password
    FACTOR_ADDED = "factor_added"  # the second one, TOTP
    FACTOR_REMOVED = "factor_removed"
    EXPORTED = "exported"  # a table or report left the program as a file
    SENT_AGAIN = "sent_again"  # a message that a platform had refused was tried once more
    TEMPLATE_SAVED = "template_saved"  # of answers: its name, then its text
    TEMPLATE_DROPPED = "template_dropped"
    # Of an overdue dossier: its letter was made, with a name in it, and was then sent.
    APOLOGY_WRITTEN = "apology_written"
    APOLOGISED = "apologised"


OF_THE_HOUSE = frozenset(
    {
        Kind.SIGNED_IN,
        Kind.SIGN_IN_REFUSED,
        Kind.LOCKED_OUT,
        Kind.ACCOUNT_ADDED,
        Kind.ACCOUNT_CHANGED,
        Kind.ACCOUNT_DISABLED,
        Kind.ACCOUNT_ENABLED,
        Kind.PASSWORD_CHANGED,
        Kind.PASSWORD_RESET,
        Kind.FACTOR_ADDED,
        Kind.FACTOR_REMOVED,
        Kind.EXPORTED,
        Kind.SENT_AGAIN,
        Kind.TEMPLATE_SAVED,
        Kind.TEMPLATE_DROPPED,
        Kind.APOLOGY_WRITTEN,
        Kind.APOLOGISED,
    }
)


class CaseEvent(Base):
    """One thing that happened, never changed afterwards; ``number`` is its place in the chain."""

    __tablename__ = "case_event"
    __table_args__ = (
        CheckConstraint("(kind = 'moved') = (move IS NOT NULL)", name="moved_by_a_move"),
        CheckConstraint("(case_id IS NULL) = (state IS NULL)", name="state_of_a_case"),
        Index("ix_case_event_case_id_number", "case_id", "number"),
        Index("ix_case_event_actor_number", "actor", "number"),
        Index("ix_case_event_subject_number", "subject", "number"),
    )

    number: Mapped[big_int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("feedback_case.id"), comment="NULL: an event of the house, not of a case"
    )
    at: Mapped[utc_time]
    kind: Mapped[Kind] = mapped_column(value_enum(Kind))
    move: Mapped[Move | None] = mapped_column(value_enum(Move))
    state: Mapped[State | None] = mapped_column(value_enum(State), comment="after the event")
    role: Mapped[Role] = mapped_column(value_enum(Role))
    actor: Mapped[str] = mapped_column(Text, comment="account; empty for reporter and clock")
    subject: Mapped[str] = mapped_column(Text, comment="account that it happened to, or empty")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed JSON; empty when erased")
    content_hash: Mapped[str] = mapped_column(HASH, comment="of the sealed bytes")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("case_message.id"))
    text_hash: Mapped[str] = mapped_column(
        HASH, comment="of the sealed message, evidence, or story of the opening; else empty"
    )
    previous: Mapped[str] = mapped_column(HASH, comment="hash of the event before")
    hash: Mapped[str] = mapped_column(HASH, unique=True)


class Media(Enum):
    """As what a piece of evidence is kept: its media type."""

    JPEG = "image/jpeg"
    PDF = "application/pdf"


class Evidence(Base):
    """A picture or file of a citizen, cleaned and sealed; until a case takes it, for a day.

    ``owner`` is no conversation id, so that without the key nobody tells whose it is.
    """

    __tablename__ = "case_evidence"
    __table_args__ = (
        CheckConstraint("(case_id IS NULL) = (event_number IS NULL)", name="bound_by_an_event"),
        Index("ix_case_evidence_case_id", "case_id"),
        Index("ix_case_evidence_owner_sent_at", "owner", "sent_at"),
        Index(
            "ix_case_evidence_unbound",
            "sent_at",
            "size",
            sqlite_where=text("case_id IS NULL"),
            postgresql_where=text("case_id IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="random")
    owner: Mapped[str] = mapped_column(
        HASH, comment="keyed hash of the conversation that it came from; empty when erased"
    )
    case_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_case.id"))
    event_number: Mapped[int | None] = mapped_column(
        ForeignKey("case_event.number"), comment="the event by which the case took it"
    )
    media: Mapped[Media] = mapped_column(value_enum(Media))
    size: Mapped[int] = mapped_column(comment="bytes, before sealing")
    sent_at: Mapped[utc_time]
    hash: Mapped[str] = mapped_column(HASH, comment="of the sealed bytes")
    content: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="sealed; empty when erased"
    )
    thumbnail: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="sealed JPEG; empty for a file, and when erased"
    )
    dossiers: Mapped[bytes] = mapped_column(
        LargeBinary,
        comment="sealed JSON; codes of dossiers that a QR code or barcode in it names, else empty",
    )


class Mention(Base):
    """That a note calls an account (nhắc tên)."""

    __tablename__ = "case_mention"
    __table_args__ = (Index("ix_case_mention_account_seen_at", "account", "seen_at"),)

    id: Mapped[serial_id]
    case_id: Mapped[big_int] = mapped_column(ForeignKey("feedback_case.id"), index=True)
    event_number: Mapped[big_int] = mapped_column(
        ForeignKey("case_event.number"), comment="the note"
    )
    account: Mapped[str] = mapped_column(Text, comment="who is called")
    called_by: Mapped[str] = mapped_column(Text)
    called_at: Mapped[utc_time]
    seen_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Publication(Base):
    """What the public may read of a case and its outcome (công khai kết quả).

    A draft until a second account publishes it. Sealed all the same: a draft may still hold a name.
    """

    __tablename__ = "case_publication"
    __table_args__ = (
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="by_somebody"),
        CheckConstraint("published_by <> drafted_by", name="by_two"),
        Index("ix_case_publication_published_at_id", "published_at", "id"),
    )

    id: Mapped[serial_id]
    case_id: Mapped[big_int] = mapped_column(ForeignKey("feedback_case.id"), unique=True)
    matter: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed")
    outcome: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed")
    drafted_by: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[utc_time]
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcTime)


class AnswerTemplate(Base):
    """A text for answers that a lead wrote (mẫu trả lời); those in the data file are no rows."""

    __tablename__ = "answer_template"

    id: Mapped[serial_id]
    name: Mapped[str] = mapped_column(Text, unique=True)
    use: Mapped[TemplateUse] = mapped_column(value_enum(TemplateUse))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(Text)
    written_at: Mapped[utc_time]


class ChainEnd(Base):
    """The end of the chain: one row, which every writer takes hold of first."""

    __tablename__ = "case_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[big_int] = mapped_column(comment="of the last event; 0 before the first")
    hash: Mapped[str] = mapped_column(HASH, comment="of the last event")
    proof: Mapped[str] = mapped_column(HASH, comment="keyed; who cuts the end off cannot make it")
