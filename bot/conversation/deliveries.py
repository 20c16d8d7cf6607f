"""What is on its way to messengers and what was parked, for those who look after the channels.

Neither addresses nor words leave here: whoever looks after a channel need not know who talks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.conversation.models import Delivery, Message

PAGE = 50


class Queue(Struct, frozen=True):
    """What is kept of one channel's deliveries, over all nodes."""

    channel: str
    waiting: int = 0
    oldest_at: datetime | None = None  # when the reply was said that has waited longest
    parked: int = 0

    def waited(self, now: datetime) -> float:
        """Return for how many seconds the oldest has waited."""
        return 0.0 if self.oldest_at is None else max(0.0, (now - self.oldest_at).total_seconds())


class Standing(Struct, frozen=True):
    """How a channel of this gateway stands; the counts are since it was started."""

    channel: str
    is_closed: bool  # the platform refuses whatever is sent to anybody, for now
    sent: int
    retries: int
    troubles: tuple[str, ...] = ()  # what an operator has to mend


@dataclass(frozen=True)
class Outgoing:
    """What those who look after the channels need of a gateway."""

    node: str = ""
    standings: Callable[[], Sequence[Standing]] = tuple
    ring: Callable[[], None] = lambda: None  # to be called after `send_again` is committed


class Parked(Struct, frozen=True):
    """A reply that was given up."""

    id: int
    channel: str
    said_at: datetime
    attempts: int
    parts_sent: int
    reason: str


async def queues(connection: AsyncConnection | AsyncSession) -> dict[str, Queue]:
    """Count what waits and what is parked, by channel; channels that have neither are left out."""
    waiting = await connection.execute(
        select(Message.channel, func.count(), func.min(Message.said_at))
        .where(Message.delivery == Delivery.WAITING)
        .group_by(Message.channel)
    )
    found = {name: Queue(name, count, oldest) for name, count, oldest in waiting.tuples()}
    parked = await connection.execute(
        select(Message.channel, func.count())
        .where(Message.delivery == Delivery.PARKED)
        .group_by(Message.channel)
    )
    for name, count in parked.tuples():
        before = found.get(name, Queue(name))
        found[name] = Queue(name, before.waiting, before.oldest_at, count)
    return found


async def newest_parked(
    session: AsyncSession, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Parked]:
    """Return what was parked, the newest first, from below the id ``before`` on."""
    query = (
        select(
            Message.id,
            Message.channel,
            Message.said_at,
            Message.attempts,
            Message.parts_sent,
            Message.reason,
        )
        .where(Message.delivery == Delivery.PARKED)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.id < before)
    return [Parked(*row) for row in (await session.execute(query)).tuples()]


async def send_again(session: AsyncSession, id: int, node: str, now: datetime) -> str | None:
    """Let a parked reply wait for its delivery again, at once; the caller commits, then rings.

    Returns its channel; None when it is not parked (any more). One that is older than a day gets
    one try.
    """
    found = await session.execute(
        update(Message)
        .where(Message.id == id, Message.delivery == Delivery.PARKED)
        .values(delivery=Delivery.WAITING, node=node, next_try_at=now)
        .returning(Message.channel)
    )
    return found.scalar_one_or_none()
