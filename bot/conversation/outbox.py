"""The outbox: replies on their way to messengers, in order, until delivered or given up."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
from sqlalchemy import Row, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import PassingFailure, PermanentFailure, Reply
from bot.conversation.models import Conversation, Delivery, Message
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(hours=24)
LOOK_AGAIN = 2.0  # seconds, for what became due meanwhile
CONVERSATIONS_AT_ONCE = 64


class Messenger(Protocol):
    """The part of a channel that the outbox needs; see bot.channels.base.Channel."""

    async def deliver(self, address: str, reply: Reply) -> str:
        """Hand one reply over; returns the platform's id of it."""


class Outbox:
    """Delivers this node's waiting replies, one at a time in each conversation."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        messengers: Mapping[str, Messenger],
    ) -> None:
        """``messengers``: by the name of their channel."""
        self._engine = engine
        self._vault = vault
        self._node = node
        self._clock = clock
        self._messengers = messengers
        self._something_new = asyncio.Event()

    def ring(self) -> None:
        """Tell that a turn has left something to deliver."""
        self._something_new.set()

    async def run(self) -> None:
        """Deliver until cancelled; a storage that is down is tried again."""
        if not self._messengers:
            return
        while True:
            self._something_new.clear()
            try:
                while due := await self._due():
                    await asyncio.gather(*map(self._deliver, due))
            except (SQLAlchemyError, OSError) as error:
                logger.warning("outbox: storage: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something_new.wait(), LOOK_AGAIN)

    async def _due(self) -> Sequence[Row[Any]]:
        """The first waiting reply of each conversation, where it is ours and due."""
        first = (
            select(func.min(Message.id))
            .where(Message.delivery == Delivery.WAITING)
            .group_by(Message.conversation_id)
        )
        query = (
            select(
                Message.id,
                Message.content,
                Message.attempts,
                Message.said_at,
                Conversation.channel,
                Conversation.address,
            )
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Message.id.in_(first),
                Message.node == self._node,
                Message.next_try_at <= self._clock(),
            )
            .order_by(Message.id)
            .limit(CONVERSATIONS_AT_ONCE)
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).all()

    async def _deliver(self, due: Row[Any]) -> None:
        messenger = self._messengers.get(due.channel)
        if messenger is None:
            await self._park(due.id, f"the channel {due.channel} is not set up")
            return
        reply = msgspec.msgpack.decode(self._vault.open(due.content), type=Reply)
        try:
            platform_id = await messenger.deliver(self._vault.open(due.address).decode(), reply)
        except PermanentFailure as failure:
            await self._park(due.id, failure.reason)
        except PassingFailure as failure:
            await self._postpone(due, failure)
        else:
            await self._mark(
                due.id, delivery=Delivery.SENT, sent_at=self._clock(), platform_id=platform_id
            )

    async def _park(self, message_id: int, reason: str) -> None:
        logger.error("message %d parked: %s", message_id, reason)
        await self._mark(message_id, delivery=Delivery.PARKED, reason=reason[:200])

    async def _postpone(self, due: Row[Any], failure: PassingFailure) -> None:
        now = self._clock()
        if now - due.said_at > GIVEN_UP_AFTER:
            await self._park(due.id, f"given up after a day: {failure.reason}")
            return
        pause = pause_after(due.attempts, failure.retry_after)
        await self._mark(
            due.id,
            attempts=due.attempts + 1,
            next_try_at=now + pause,
            reason=failure.reason[:200],
        )

    async def _mark(self, message_id: int, **values: object) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(
                update(Message).where(Message.id == message_id).values(**values)
            )


def pause_after(attempts: int, asked: float | None) -> timedelta:
    """Return how long to wait after a failure: what the platform asked, or twice as long each time.

    Between half and the whole of that pause is drawn by lot, so that a platform that comes back is
    not met by everything at once; ``asked`` (seconds) is never cut short.
    """
    if asked is not None:
        return timedelta(seconds=asked)
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    return whole / 2 + whole / 2 * random.random()  # noqa: S311 - not a secret
