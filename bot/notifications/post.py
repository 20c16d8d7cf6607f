"""The way out of notifications: taken by one node, sent, marked; patient with passing failures.

What is due for one account by one way goes out as one message, so a digest, the end of quiet hours
and a flood of events need no rules of their own. A node takes a message by marking its rows in a
transaction of its own, with a time until which it must say how it went. When it dies in between,
nobody knows whether the message went out: it is sent once more, marked as a repeat, and never a
third time.
"""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, Select, Update, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker
from sqlalchemy.sql.dml import ReturningUpdate

from bot.notifications import wording
from bot.notifications.errors import Never, NotNow, Unsure
from bot.notifications.models import Delivery, Medium, Notification, Occasion
from bot.notifications.wishes import wish_of
from bot.storage.vault import CannotOpen, Vault

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(hours=48)
MOST_IN_ONE = 200


class Sender(Protocol):
    """A way out."""

    async def send(self, address: str, subject: str, text: str) -> None:
        """Hand a message over. Raises NotNow, Never or Unsure."""

    async def close(self) -> None:
        """Let go of what is kept open."""


@dataclass(frozen=True)
class Parcel:
    """What a node has taken to send in one message."""

    account: str
    medium: Medium
    ids: tuple[int, ...]
    items: tuple[wording.Item, ...]
    again: bool
    attempts: int
    oldest: datetime


class Post:
    """Sends what is due."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        clock: Callable[[], datetime],
        senders: Mapping[Medium, Sender],
        origin: str,
    ) -> None:
        """``origin``: how the staff reaches the console, for the links."""
        self._sessions = sessions
        self._vault = vault
        self._clock = clock
        self._senders = senders
        self._origin = origin

    async def send_due(self) -> int:
        """Send everything that is due; returns how many messages went out."""
        sent = 0
        while (parcel := await self._take()) is not None:
            sent += await self._send(parcel)
        return sent

    async def close(self) -> None:
        """Let go of every way out."""
        for sender in self._senders.values():
            await sender.close()

    async def _take(self) -> Parcel | None:
        """Take the oldest due notification, with what else is due to the same by the same way."""
        now = self._clock()
        async with self._sessions() as session, session.begin():
            await session.execute(_park_twice_unsure(now))
            first = await session.scalar(
                select(Notification)
                .where(*_due(now))
                .order_by(Notification.next_try_at, Notification.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if first is None:
                return None
            # What may have gone out before goes alone, since only it is marked as a repeat.
            alike = (Notification.account, Notification.medium, Notification.delivery)
            ids = (
                select(Notification.id)
                .where(*_due(now), *(column == getattr(first, column.key) for column in alike))
                .where(Notification.unsure == first.unsure)
                .order_by(Notification.id)
                .limit(MOST_IN_ONE)
                # One that another node holds is its first: waiting for it would be for each other.
                .with_for_update(skip_locked=True)
            )
            taken = await session.execute(_take_up(ids, now))
            rows = sorted(taken.scalars(), key=lambda row: row.id)
        return _parcel(rows) if rows else None

    async def _send(self, parcel: Parcel) -> bool:
        sender = self._senders.get(parcel.medium)
        if sender is None:
            await self._park(parcel, f"{parcel.medium.value} is not set up")
            return False
        try:
            address = await self._address(parcel)
            text = wording.body(parcel.items, self._origin, again=parcel.again)
            await sender.send(address, wording.subject(parcel.items), text)
        except Never as failure:
            await self._park(parcel, failure.reason)
        except NotNow as failure:
            await self._postpone(parcel, failure)
        except Unsure as failure:
            # Its rows stay taken until their time runs out, as if this node had died.
            logger.warning("notifications: %s", failure)
        else:
            await self._mark(parcel, delivery=Delivery.SENT, sent_at=self._clock(), reason="")
            return True
        return False

    async def _address(self, parcel: Parcel) -> str:
        """Return where to, as the account wishes it now. Raises Never."""
        async with self._sessions() as session:
            try:
                wish = await wish_of(session, self._vault, parcel.account)
            except CannotOpen as error:
                raise Never(str(error)) from error
        address = wish.address(parcel.medium)
        if not address:
            raise Never("the account wants nothing by this way any more")
        return address

    async def _park(self, parcel: Parcel, reason: str) -> None:
        logger.error("%d notifications parked: %s", len(parcel.ids), reason)
        await self._mark(parcel, delivery=Delivery.PARKED, reason=reason[:200])

    async def _postpone(self, parcel: Parcel, failure: NotNow) -> None:
        now = self._clock()
        if now - parcel.oldest > GIVEN_UP_AFTER:
            await self._park(parcel, f"given up: {failure.reason}")
            return
        await self._mark(
            parcel,
            delivery=Delivery.WAITING,
            attempts=parcel.attempts + 1,
            next_try_at=now + _pause(parcel.attempts, failure.retry_after),
            reason=failure.reason[:200],
        )

    async def _mark(self, parcel: Parcel, **values: object) -> None:
        async with self._sessions() as session, session.begin():
            ours = Notification.id.in_(parcel.ids), Notification.delivery == Delivery.SENDING
            await session.execute(update(Notification).where(*ours).values(**values))


def leave_trial(
    session: AsyncSession, account: str, media: Sequence[Medium], now: datetime
) -> None:
    """Leave something to send at once, with which somebody sees whether it arrives."""
    leave(session, account, media, Occasion.TRIAL, now, at=now)


def leave(
    session: AsyncSession,
    account: str,
    media: Sequence[Medium],
    occasion: Occasion,
    now: datetime,
    *,
    at: datetime,
    about: str = "",
) -> None:
    """Leave something to tell that is about no event of a case; it goes out at ``at``."""
    session.add_all(
        Notification(
            account=account,
            medium=medium,
            occasion=occasion,
            about=about,
            created_at=now,
            delivery=Delivery.WAITING,
            next_try_at=at,
            attempts=0,
            unsure=0,
            reason="",
        )
        for medium in media
    )


async def forget(connection: AsyncConnection, last_kept: datetime) -> None:
    """Delete what was sent or parked before an instant."""
    gone = Notification.delivery.in_([Delivery.SENT, Delivery.PARKED])
    await connection.execute(delete(Notification).where(gone, Notification.created_at < last_kept))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    under_way = Notification.delivery.in_([Delivery.WAITING, Delivery.SENDING])
    return under_way, Notification.next_try_at <= now


def _park_twice_unsure(now: datetime) -> Update:
    """Give up what a node took for a second time without saying how it went."""
    lost = Notification.delivery == Delivery.SENDING, Notification.unsure > 0
    parked = {"delivery": Delivery.PARKED, "reason": "nobody knows whether it went out, twice"}
    return update(Notification).where(*lost, *_due(now)).values(parked)


def _take_up(ids: Select[tuple[int]], now: datetime) -> ReturningUpdate[tuple[Notification]]:
    """Mark rows as being sent, unless another node was first."""
    unsure = Notification.unsure + case((Notification.delivery == Delivery.SENDING, 1), else_=0)
    return (
        update(Notification)
        .where(Notification.id.in_(ids), *_due(now))
        .values(delivery=Delivery.SENDING, next_try_at=now + LEASE, unsure=unsure)
        .returning(Notification)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def _parcel(rows: Sequence[Notification]) -> Parcel:
    first = rows[0]
    return Parcel(
        first.account,
        first.medium,
        tuple(row.id for row in rows),
        tuple(wording.Item(row.occasion, row.case_id, row.about, row.due_at) for row in rows),
        again=first.unsure > 0,
        attempts=max(row.attempts for row in rows),
        oldest=min(row.created_at for row in rows),
    )


def _pause(attempts: int, asked: float | None) -> timedelta:
    """Return how long to wait: what the other side asked, or twice as long each time, by lot."""
    if asked is not None:
        return timedelta(seconds=asked)
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    return whole / 2 + whole / 2 * random.random()  # noqa: S311 - not a secret
