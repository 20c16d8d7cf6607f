"""What the database knows of deliveries: which are due, and what became of them.

Marks are written in shared commits: those that come while one is under way go into the next. A
storage that is down holds them back, and with them whoever waits: nothing is sent before its
attempt is on disk, and nothing that was sent is forgotten while this process lives.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, exists, func, literal, not_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.models import Conversation, Delivery, Message
from bot.conversation.pacing import LONGEST_PAUSE
from bot.storage.base import Base

logger = logging.getLogger(__name__)

PAUSE_FOR_STORAGE = 0.5  # seconds
MOST_MARKS_AT_ONCE = 500

_message = Base.metadata.tables[Message.__tablename__]
_earlier = _message.alias("earlier")
_STATE = (
    *("delivery", "attempts", "next_try_at", "parts_sent", "attempt_at", "sent_at"),
    "awaits_reader",
)
_MARK = (
    update(_message)
    .where(_message.c.id == bindparam("message"))
    .values({name: bindparam(name) for name in (*_STATE, "platform_id", "reason")})
)
_HEADS = (
    select(
        _message.c.id,
        _message.c.conversation_id,
        _message.c.content,
        Conversation.address,
        _message.c.said_at,
        _message.c.attempts,
        _message.c.next_try_at,
        _message.c.parts_sent,
        _message.c.attempt_at,
        _message.c.platform_id,
        _message.c.reason,
    )
    .join(Conversation, Conversation.id == _message.c.conversation_id)
    .where(
        _message.c.delivery == Delivery.WAITING,
        _message.c.channel == bindparam("channel"),
        _message.c.node == bindparam("node"),
        _message.c.next_try_at <= bindparam("now"),
        ~exists().where(
            _earlier.c.conversation_id == _message.c.conversation_id,
            _earlier.c.id < _message.c.id,
            _earlier.c.delivery == Delivery.WAITING,
        ),
    )
    .order_by(_message.c.next_try_at, _message.c.id)
    .limit(bindparam("limit"))
)
_NEXT = select(func.min(_message.c.next_try_at)).where(
    _message.c.delivery == Delivery.WAITING,
    _message.c.channel == bindparam("channel"),
    _message.c.node == bindparam("node"),
)
_TRY_AT = (
    update(_message)
    .where(_message.c.id == bindparam("message"))
    .values(next_try_at=bindparam("at"))
)
_POSTPONE_LATER_ONES = (
    update(_message)
    .where(
        _message.c.conversation_id == bindparam("conversation"),
        _message.c.delivery == Delivery.WAITING,
        _message.c.next_try_at < bindparam("until"),
    )
    .values(next_try_at=bindparam("until"))
)


class Waiting(Struct, frozen=True):
    """A reply that waits for its delivery, and how far that has come."""

    id: int
    conversation_id: str
    content: bytes  # sealed
    address: bytes  # sealed
    said_at: datetime
    attempts: int
    next_try_at: datetime
    parts_sent: int
    attempt_at: datetime | None
    platform_id: str
    reason: str
    delivery: Delivery = Delivery.WAITING
    sent_at: datetime | None = None
    awaits_reader: bool = False


class DeliveryBook:
    """Reads and writes the deliveries of one node."""

    def __init__(self, engine: AsyncEngine, node: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._node = node
        self._clock = clock
        self._marks: list[tuple[Waiting, asyncio.Future[None]]] = []
        self._somebody_waits = asyncio.Event()

    async def due(self, channel: str, at_most: int) -> list[Waiting]:
        """Return the first waiting reply of each conversation, where it is ours and due."""
        asked = {"channel": channel, "node": self._node, "now": self._clock(), "limit": at_most}
        async with self._engine.connect() as connection:
            return [Waiting(*row) for row in await connection.execute(_HEADS, asked)]

    async def next_due_at(self, channel: str) -> datetime | None:
        """Return when the next reply of ours is due; None when none waits."""
        async with self._engine.connect() as connection:
            asked = {"channel": channel, "node": self._node}
            at: datetime | None = await connection.scalar(_NEXT, asked)
            return at

    async def mark(self, waiting: Waiting) -> None:
        """Write down how far a delivery has come; returns when it is on disk, however late."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._marks.append((waiting, written))
        self._somebody_waits.set()
        await written

    async def run(self) -> None:
        """Write marks until cancelled."""
        while True:
            await self._somebody_waits.wait()
            batch = self._marks[:MOST_MARKS_AT_ONCE]
            try:
                await self._write([waiting for waiting, _ in batch])
            except (SQLAlchemyError, OSError) as error:
                logger.warning("outbox: storage: %s", type(error).__name__)
                await asyncio.sleep(PAUSE_FOR_STORAGE)
                continue
            del self._marks[: len(batch)]
            if not self._marks:
                self._somebody_waits.clear()
            for _, written in batch:
                if not written.done():
                    written.set_result(None)

    async def _write(self, batch: Sequence[Waiting]) -> None:
        held = [
            {"conversation": each.conversation_id, "until": each.next_try_at}
            for each in batch
            if each.delivery is Delivery.WAITING and each.next_try_at > self._clock()
        ]
        async with self._engine.begin() as connection:
            await connection.execute(_MARK, [_row(each) for each in batch])
            if held:  # what cannot be due need not be looked at
                await connection.execute(_POSTPONE_LATER_ONES, held)

    async def park_strangers(self, channels: Collection[str]) -> int:
        """Park what waits for a channel that is not set up; returns how many."""
        reason = literal("the channel ").concat(Message.channel).concat(" is not set up")
        async with self._engine.begin() as connection:
            parked = await connection.execute(
                update(Message)
                .where(
                    Message.delivery == Delivery.WAITING,
                    Message.node == self._node,
                    not_(Message.channel.in_(channels)),
                )
                .values(delivery=Delivery.PARKED, reason=reason)
            )
        return parked.rowcount

    async def mend_times(self, set_back: timedelta = timedelta()) -> None:
        """Let nothing wait for the hour that a clock which was set back brings again.

        ``set_back``: by how much, where this process saw it. Where it did not, what was said later
        than now, or is to wait longer than our longest pause, is due at once: a try too early costs
        a refusal at most.
        """
        now = self._clock()
        query = select(Message.id, Message.said_at, Message.next_try_at).where(
            Message.delivery == Delivery.WAITING,
            Message.node == self._node,
            Message.next_try_at > now,
        )
        async with self._engine.begin() as connection:
            mended = []
            for id, said_at, next_try_at in (await connection.execute(query)).tuples():
                at = next_try_at - set_back
                late = said_at - set_back > now or at > now + LONGEST_PAUSE
                mended.append({"message": id, "at": now if late else max(at, now)})
            if mended:
                await connection.execute(_TRY_AT, mended)


def _row(waiting: Waiting) -> dict[str, object]:
    state = {name: getattr(waiting, name) for name in _STATE}
    texts = {"platform_id": waiting.platform_id[:96], "reason": waiting.reason[:200]}
    return state | texts | {"message": waiting.id}
