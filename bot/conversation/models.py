"""What is kept of conversations: who talks, what arrived, what was said, which nodes are alive."""

from datetime import datetime
from enum import Enum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, big_int, serial_id, utc_time, value_enum


class Author(Enum):
    """Who said a message."""

    CITIZEN = "citizen"
    BOT = "bot"


class Delivery(Enum):
    """How a message reaches the person.

    The rows that are WAITING are the outbox of a messenger; on the web page and over REST the
    reader fetches what was said, so nothing has to be delivered (NONE).
    """

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"


class Conversation(Base):
    """One person on one channel."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(
        String(32), primary_key=True, comment="keyed hash of channel and address"
    )
    channel: Mapped[str] = mapped_column(String(24))
    address: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed: the platform's address")
    push: Mapped[bool] = mapped_column(
        server_default=false(), comment="what is said is delivered; else its reader fetches it"
    )
    version: Mapped[int] = mapped_column(
        comment="rises by one a turn; a turn that began on an older version is taken again"
    )
    dialogue: Mapped[bytes] = mapped_column(
        LargeBinary, comment="sealed: the bounded dialogue state of the assistant"
    )
    last_turn_at: Mapped[utc_time]


class Arrival(Base):
    """The inbox: one delivery by a platform, kept before it is acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        CheckConstraint("(done_at IS NULL) = (content IS NOT NULL)", name="content_until_done"),
        Index(
            "ix_inbox_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[serial_id]
    channel: Mapped[str] = mapped_column(String(24))
    update_id: Mapped[str] = mapped_column(
        String(96), comment="the platform's name of this delivery; a repeated one meets it"
    )
    conversation_id: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="sealed: the message; wiped when done, the words stay in `message`"
    )
    node: Mapped[str] = mapped_column(String(64), comment="the node that is to take the turn")
    received_at: Mapped[utc_time]
    done_at: Mapped[datetime | None] = mapped_column(index=True)


class Message(Base):
    """What was said, in order; the rows with delivery 'waiting' are the outbox."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation_id_id", "conversation_id", "id"),
        Index("ix_message_inbox_id", "inbox_id"),
        Index(
            "ix_message_outbox",
            "channel",
            "node",
            "next_try_at",
            sqlite_where=text("delivery = 'waiting'"),
            postgresql_where=text("delivery = 'waiting'"),
        ),
        Index(
            "ix_message_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("delivery = 'waiting'"),
            postgresql_where=text("delivery = 'waiting'"),
        ),
        Index(
            "ix_message_parked",
            "channel",
            "id",
            sqlite_where=text("delivery = 'parked'"),
            postgresql_where=text("delivery = 'parked'"),
        ),
        Index(
            "ix_message_awaits_reader",
            "conversation_id",
            sqlite_where=text("awaits_reader"),
            postgresql_where=text("awaits_reader"),
        ),
        CheckConstraint("delivery <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("delivery <> 'parked' OR reason <> ''", name="parked_has_reason"),
    )

    id: Mapped[serial_id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    inbox_id: Mapped[big_int | None] = mapped_column(
        comment="the arrival that it is, or answers; NULL: said outside of a turn"
    )
    author: Mapped[Author] = mapped_column(value_enum(Author))
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed: the words")
    said_at: Mapped[utc_time]
    delivery: Mapped[Delivery] = mapped_column(value_enum(Delivery))
    channel: Mapped[str] = mapped_column(
        String(24),
        server_default=text("''"),
        comment="of the conversation; each channel has its own queue",
    )
    node: Mapped[str] = mapped_column(String(64), comment="the node that delivers it")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[utc_time]
    parts_sent: Mapped[int] = mapped_column(
        server_default="0", comment="how many of its platform messages were taken"
    )
    attempt_at: Mapped[datetime | None] = mapped_column(
        comment="since when the next part is on its way; still there after a crash or a broken "
        "connection: that part may have arrived"
    )
    awaits_reader: Mapped[bool] = mapped_column(
        server_default=false(), comment="parked until the person writes again"
    )
    sent_at: Mapped[datetime | None]
    platform_id: Mapped[str] = mapped_column(
        String(96), default="", comment="the platform's id of the delivered message"
    )
    reason: Mapped[str] = mapped_column(
        String(200), default="", comment="why it was parked, or why it last failed"
    )


class Node(Base):
    """A running gateway; the arrivals of one that stopped beating are taken over by the others."""

    __tablename__ = "node"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    beat_at: Mapped[utc_time]
