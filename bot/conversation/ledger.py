"""Writing a turn down and reading what was said: the tables behind a conversation, without Rasa."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.contracts import Entry, Incoming, Reply
from bot.conversation.models import Arrival, Author, Conversation, Delivery, Message
from bot.conversation.wire import Work
from bot.feedback.sightings import masked
from bot.storage.base import Base
from bot.storage.signals import CHANNEL
from bot.storage.vault import Vault

# Built once: on the hot path, building a statement costs more than running it.
_inbox = Base.metadata.tables[Arrival.__tablename__]
_conversation = Base.metadata.tables[Conversation.__tablename__]
_earlier = _inbox.alias("earlier")
_FINISH = (
    update(_inbox)
    .where(
        _inbox.c.id == bindparam("inbox"),
        _inbox.c.done_at.is_(None),
        ~exists().where(
            _earlier.c.conversation_id == bindparam("conversation"),
            _earlier.c.id < bindparam("inbox"),
            _earlier.c.done_at.is_(None),
        ),
    )
    .values(done_at=bindparam("at"), content=None)
)
_MOVE_ON = (
    update(_conversation)
    .where(
        _conversation.c.id == bindparam("conversation"),
        _conversation.c.version == bindparam("was"),
    )
    .values({name: bindparam(name) for name in ("dialogue", "version", "last_turn_at")})
)
_BEGIN = insert(_conversation).values(
    {
        name: bindparam(name)
        for name in ("channel", "address", "push", "dialogue", "version", "last_turn_at")
    }
    | {"id": bindparam("conversation")}
)
_message = Base.metadata.tables[Message.__tablename__]
_SAY = insert(_message)
_TRY_ANEW = (
    update(_message)
    .where(_message.c.conversation_id == bindparam("conversation"), _message.c.awaits_reader)
    .values(
        delivery=Delivery.WAITING,
        awaits_reader=False,
        attempts=0,
        next_try_at=bindparam("at"),
        node=bindparam("by"),
    )
)


class AlreadyTaken(Exception):
    """The arrival is done: somebody else committed this turn."""


class EarlierOpen(Exception):
    """An earlier arrival of the conversation is still open; its turn comes first."""


class LostRace(Exception):
    """The conversation moved on since it was read; read it again."""


class CitizenSaid(Struct, frozen=True, omit_defaults=True):
    """What a citizen's message keeps: the words as the citizen saw them, without receipt codes."""

    text: str
    update_id: str
    attachments: tuple[str, ...] = ()


class TurnRecord(Struct, frozen=True):
    """Everything that a finished turn writes, besides what actions left in the session."""

    work: Work
    replies: Sequence[Reply]
    dialogue: bytes
    version: int  # on which the turn began; 0: the conversation's first
    node: str
    at: datetime


async def write_turn(connection: AsyncConnection, vault: Vault, turn: TurnRecord) -> None:
    """Write one turn inside the caller's transaction; the caller commits.

    Raises AlreadyTaken, EarlierOpen or LostRace; the caller then rolls back.
    """
    await _finish_arrival(connection, turn)
    await _write_conversation(connection, vault, turn)
    if turn.work.incoming.push:  # what waited for this person goes out before what is said now
        conversation = turn.work.conversation_id
        by = {"conversation": conversation, "at": turn.at, "by": turn.node}
        await connection.execute(_TRY_ANEW, by)
    await connection.execute(_SAY, _messages(vault, turn))
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, turn.work.conversation_id)))


async def _finish_arrival(connection: AsyncConnection, turn: TurnRecord) -> None:
    work = turn.work
    finished = await connection.execute(
        _FINISH,
        {"inbox": work.inbox_id, "conversation": work.conversation_id, "at": turn.at},
    )
    if finished.rowcount:
        return
    done_at = await connection.scalar(select(_inbox.c.done_at).where(_inbox.c.id == work.inbox_id))
    raise AlreadyTaken if done_at else EarlierOpen


async def _write_conversation(connection: AsyncConnection, vault: Vault, turn: TurnRecord) -> None:
    state = {
        "conversation": turn.work.conversation_id,
        "dialogue": vault.seal(turn.dialogue),
        "version": turn.version + 1,
        "last_turn_at": turn.at,
    }
    if turn.version:
        moved = await connection.execute(_MOVE_ON, state | {"was": turn.version})
        if not moved.rowcount:
            raise LostRace
        return
    address = vault.seal(turn.work.incoming.sender.encode())
    incoming = turn.work.incoming
    first = state | {"channel": incoming.channel, "address": address, "push": incoming.push}
    try:
        await connection.execute(_BEGIN, first)
    except IntegrityError as error:
        raise LostRace from error


def _messages(vault: Vault, turn: TurnRecord) -> list[dict[str, object]]:
    incoming = turn.work.incoming
    common = {
        "conversation_id": turn.work.conversation_id,
        "channel": incoming.channel,
        "inbox_id": turn.work.inbox_id,
        "said_at": turn.at,
        "next_try_at": turn.at,
        "node": turn.node,
        "attempts": 0,
        "platform_id": "",
        "reason": "",
    }
    said = masked(shown_text(incoming))
    heard = CitizenSaid(said, incoming.update_id, incoming.attachments)
    rows = [
        common
        | {
            "author": Author.CITIZEN,
            "content": vault.seal(msgspec.msgpack.encode(heard)),
            "delivery": Delivery.NONE,
        }
    ]
    for reply in turn.replies:
        rows.append(
            common
            | {
                "author": Author.BOT,
                "content": vault.seal(msgspec.msgpack.encode(reply)),
                "delivery": Delivery.WAITING if incoming.push else Delivery.NONE,
            }
        )
    return rows


def shown_text(incoming: Incoming) -> str:
    """Return what the citizen saw: the title of a tapped button, not its payload."""
    return str(incoming.metadata.get("title") or incoming.text)


def read_entry(vault: Vault, id: int, at: datetime, author: Author, sealed: bytes) -> Entry:
    """Read one sealed message as a line of the journal."""
    content = vault.open(sealed)
    if author is Author.CITIZEN:
        heard = msgspec.msgpack.decode(content, type=CitizenSaid)
        return Entry(
            id,
            at,
            "citizen",
            heard.text,
            update_id=heard.update_id,
            attachments=heard.attachments,
        )
    reply = msgspec.msgpack.decode(content, type=Reply)
    return Entry(id, at, "bot", reply.text, reply)


async def replies_to(
    connection: AsyncConnection, vault: Vault, inbox_id: int
) -> list[Reply] | None:
    """Return what was said to an arrival, or None while its turn is open."""
    done_at = await connection.scalar(select(Arrival.done_at).where(Arrival.id == inbox_id))
    if done_at is None:
        return None
    rows = await connection.execute(
        select(Message.content)
        .where(Message.inbox_id == inbox_id, Message.author == Author.BOT)
        .order_by(Message.id)
    )
    return [msgspec.msgpack.decode(vault.open(content), type=Reply) for (content,) in rows]
