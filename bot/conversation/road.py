"""The road of a message, seen from the gateway: inbox → brains → what was said."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation import wording
from bot.conversation.brains import Brains, StartBrain
from bot.conversation.contracts import Incoming, Messenger, Reply, StorageDown
from bot.conversation.fetching import Fetching
from bot.conversation.inbox import DurableInbox
from bot.conversation.journal import RoadJournal
from bot.conversation.ledger import AlreadyTaken, TurnRecord, replies_to, write_turn
from bot.conversation.models import Conversation
from bot.conversation.outbox import Outbox
from bot.conversation.takeover import Forgetters, Takeover
from bot.conversation.wire import Done, Overtaken, Work
from bot.storage.signals import Signals
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

EMPTY_DIALOGUE = b"\x90"  # an empty list of events
LOOK_AGAIN = 0.5  # seconds, at a turn that another node may be taking

Replies = Sequence[Reply]


class Road:
    """Everything between a channel and a brain, for one gateway process."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        brains: int,
        start_brain: StartBrain,
        messengers: Mapping[str, Messenger],
        history_kept: timedelta = timedelta(days=90),
        forgetters: Forgetters = (),
    ) -> None:
        """``messengers``: the push channels by name; the others' readers fetch what was said.

        ``forgetters``: what the slices forget, and how long they keep it.
        """
        self._engine = engine
        self._vault = vault
        self._node = node
        self._clock = clock
        self._messengers = dict(messengers)
        fetching = Fetching(engine, vault, self._messengers)
        self.brains = Brains(brains, start_brain, self._turn_done, self._give_up, fetching.prepare)
        self.inbox = DurableInbox(engine, vault, node, clock, self.brains.submit)
        self.journal = RoadJournal(engine, vault)
        self.outbox = Outbox(engine, vault, node, clock, messengers)
        self._takeover = Takeover(
            engine,
            vault,
            node,
            clock,
            self.brains.submit,
            self.outbox.ring,
            history_kept,
            forgetters,
        )
        self._signals = Signals(engine, self.journal.ring, self.journal.ring_all)
        self._waiters: defaultdict[int, set[asyncio.Future[Replies | None]]] = defaultdict(set)

    def connect(self, messengers: Mapping[str, Messenger]) -> None:
        """Add push channels, which themselves leave messages in our inbox; before it runs."""
        self._messengers.update(messengers)
        self.outbox.connect(messengers)

    async def run(self) -> None:
        """Keep the road open until cancelled; raises BrainsDown when no brain can be started."""
        await self._takeover.recover()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.inbox.run())
                group.create_task(self.brains.run())
                group.create_task(self.outbox.run())
                group.create_task(self._takeover.run())
                group.create_task(self._signals.run())
        except* Exception as errors:
            raise errors.exceptions[0] from None

    async def ask(self, incoming: Incoming) -> Replies:
        """Keep a message and return what is said to it.

        A repeated message gets the replies of its one turn. The caller sets the time limit; the
        turn goes on when the caller has left. Raises StorageDown when it could not be kept, or its
        replies cannot be read; sending it again is harmless where its update_id is the same.
        """
        kept = await self.inbox.put(incoming)
        if not kept.repeated:
            said = await self._hear(kept.inbox_id, seconds=None)
            if said is not None:
                return said
        # Repeated, or taken by another node: the words are, or soon will be, in the database.
        while (said := await self._read(kept.inbox_id)) is None:
            said = await self._hear(kept.inbox_id, seconds=LOOK_AGAIN)
            if said is not None:
                break
        return said

    async def _hear(self, inbox_id: int, seconds: float | None) -> Replies | None:
        """Wait for a turn to end here; None when it took too long or ended elsewhere."""
        waiter: asyncio.Future[Replies | None] = asyncio.get_running_loop().create_future()
        self._waiters[inbox_id].add(waiter)
        try:
            return await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return None
        finally:
            self._waiters[inbox_id].discard(waiter)
            if not self._waiters[inbox_id]:
                del self._waiters[inbox_id]

    async def _read(self, inbox_id: int) -> Replies | None:
        try:
            async with self._engine.connect() as connection:
                return await replies_to(connection, self._vault, inbox_id)
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    def _turn_done(self, work: Work, frame: Done | Overtaken) -> None:
        replies = frame.replies if isinstance(frame, Done) else None
        for waiter in self._waiters.get(work.inbox_id, ()):
            if not waiter.done():
                waiter.set_result(replies)
        self.journal.ring(work.conversation_id)
        if work.incoming.push:
            self.outbox.ring(work.incoming.channel)
        if isinstance(frame, Done):
            for conversation in frame.told:
                self.ring(conversation)

    def ring(self, conversation: str) -> None:
        """Wake who reads a conversation and who delivers; a notice was written into it."""
        self.journal.ring(conversation)
        self.outbox.ring()

    async def _give_up(self, work: Work) -> None:
        """Close a turn that no brain can take, with an apology instead of silence."""
        apology = (Reply(text=wording.TURN_GIVEN_UP, custom={"failed": True}),)
        try:
            await self._apologise(work, apology)
        except AlreadyTaken:
            self._turn_done(work, Overtaken(work.inbox_id))
        else:
            self._turn_done(work, Done(work.inbox_id, apology))

    async def _apologise(self, work: Work, apology: tuple[Reply, ...]) -> None:
        async with self._engine.begin() as connection:
            known = await connection.execute(
                select(Conversation.version, Conversation.dialogue).where(
                    Conversation.id == work.conversation_id
                )
            )
            row = known.one_or_none()
            version, dialogue = (
                (row.version, self._vault.open(row.dialogue)) if row else (0, EMPTY_DIALOGUE)
            )
            record = TurnRecord(work, apology, dialogue, version, self._node, self._clock())
            await write_turn(connection, self._vault, record)
