"""Whose arrivals a node takes: its own after a restart, and those of nodes that stopped beating."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversation.inbox import open_content
from bot.conversation.models import Arrival, Conversation, Delivery, Message, Node
from bot.conversation.wire import Work
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

HEARTBEAT = 5.0  # seconds
NODE_IS_DEAD_AFTER = timedelta(seconds=30)
AT_ONCE = 500
ARRIVALS_KEPT = timedelta(days=7)  # platforms repeat a delivery for hours, at most for a day
BEATS_BETWEEN_SWEEPS = 720  # hourly

Forget = Callable[[AsyncConnection, datetime], Awaitable[None]]
"""Deletes within the caller's transaction what is older than an instant."""
Forgetters = Iterable[tuple[timedelta, Forget]]
"""What the slices forget, and how long they keep it."""


class Takeover:
    """Keeps a node's heartbeat, and finds what dead nodes left open."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        submit: Callable[[Sequence[Work]], None],
        ring_outbox: Callable[[], None],
        history_kept: timedelta,
        forgetters: Forgetters = (),
    ) -> None:
        """``ring_outbox`` tells of replies that are ours now.

        ``forgetters`` run hourly, each in the sweep's one transaction.
        """
        self._engine = engine
        self._vault = vault
        self._node = node
        self._clock = clock
        self._submit = submit
        self._ring_outbox = ring_outbox
        self._history_kept = history_kept
        self._forgetters = tuple(forgetters)

    async def recover(self) -> None:
        """Hand out every arrival that this node left open when it last ended.

        On SQLite one gateway owns the file, so what another node's name left open is taken too.
        """
        await self._beat()
        alone = self._engine.dialect.name == "sqlite"
        while await self._claim(everybody=alone) == AT_ONCE:
            pass
        await self._claim_outbox(everybody=alone)
        last = 0
        while works := await self._own_after(last):
            self._submit(works)
            last = works[-1].inbox_id

    async def run(self) -> None:
        """Beat, take over and sweep until cancelled; a storage that is down is tried again."""
        beats = 0
        while True:
            try:
                await self._beat()
                await self._claim(everybody=False)
                await self._claim_outbox(everybody=False)
                if beats % BEATS_BETWEEN_SWEEPS == 0:
                    await self._sweep()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("heartbeat: %s", type(error).__name__)
            beats += 1
            await asyncio.sleep(HEARTBEAT)

    async def _beat(self) -> None:
        now = self._clock()
        async with self._engine.begin() as connection:
            beat = await connection.execute(
                update(Node).where(Node.name == self._node).values(beat_at=now)
            )
            if not beat.rowcount:
                await connection.execute(insert(Node).values(name=self._node, beat_at=now))

    async def _claim(self, *, everybody: bool) -> int:
        """Make open arrivals of dead nodes ours and hand them out; return how many."""
        async with self._engine.begin() as connection:
            ids = await self._abandoned(connection, everybody)
            if not ids:
                return 0
            claimed = await connection.execute(
                update(Arrival)
                .where(Arrival.id.in_(ids), Arrival.done_at.is_(None))
                .values(node=self._node)
                .returning(Arrival.id, Arrival.conversation_id, Arrival.content)
            )
            rows = claimed.tuples().all()
        logger.info("took over %d open arrivals", len(rows))
        self._submit(self._works(rows))
        return len(ids)

    async def _abandoned(self, connection: AsyncConnection, everybody: bool) -> Sequence[int]:
        query = select(Arrival.id).where(
            Arrival.done_at.is_(None), self._abandoned_by(Arrival.node, everybody)
        )
        found = await connection.execute(
            query.order_by(Arrival.id).limit(AT_ONCE).with_for_update(skip_locked=True)
        )
        return found.scalars().all()

    async def _claim_outbox(self, *, everybody: bool) -> None:
        """Make the waiting replies of dead nodes ours to deliver."""
        async with self._engine.begin() as connection:
            claimed = await connection.execute(
                update(Message)
                .where(
                    Message.delivery == Delivery.WAITING,
                    self._abandoned_by(Message.node, everybody),
                )
                .values(node=self._node)
            )
        if claimed.rowcount:
            self._ring_outbox()

    def _abandoned_by(
        self, node: InstrumentedAttribute[str], everybody: bool
    ) -> ColumnElement[bool]:
        if everybody:
            return node != self._node
        living = exists().where(
            Node.name == node, Node.beat_at > self._clock() - NODE_IS_DEAD_AFTER
        )
        return and_(node != self._node, ~living)

    async def _own_after(self, last: int) -> list[Work]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(Arrival.id, Arrival.conversation_id, Arrival.content)
                .where(Arrival.node == self._node, Arrival.done_at.is_(None), Arrival.id > last)
                .order_by(Arrival.id)
                .limit(AT_ONCE)
            )
            return self._works(rows.tuples())

    def _works(self, rows: Iterable[tuple[int, str, bytes | None]]) -> list[Work]:
        return [
            Work(id, conversation, open_content(self._vault, content))
            for id, conversation, content in sorted(rows)
            if content is not None
        ]

    async def _sweep(self) -> None:
        """Forget what has served its time: arrivals, words, and who has long been silent."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await connection.execute(delete(Arrival).where(Arrival.done_at < now - ARRIVALS_KEPT))
            last_kept = now - self._history_kept
            await connection.execute(delete(Message).where(Message.said_at < last_kept))
            said = exists().where(Message.conversation_id == Conversation.id)
            await connection.execute(
                delete(Conversation).where(Conversation.last_turn_at < last_kept, ~said)
            )
            for kept, forget in self._forgetters:
                await forget(connection, now - kept)
