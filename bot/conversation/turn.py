"""One turn = one transaction: the dialogue state, every effect, the replies and "done", together.

Killed before the commit, nothing happened and the message is taken again. After it, everything
happened, and whoever takes the message again finds it done.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import Incoming, Reply
from bot.conversation.failures import places
from bot.conversation.ledger import AlreadyTaken, EarlierOpen, LostRace, TurnRecord, write_turn
from bot.conversation.models import Conversation
from bot.conversation.wire import Done, Failed, FromBrain, NotYet, Overtaken, Work
from bot.storage.unit_of_work import unit_of_work
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

MOST_RACES = 5
REMEMBERED_DIALOGUES = 1000


State = TypeVar("State")


class Assistant(Protocol[State]):
    """Whoever answers: told the dialogue state, returns the replies and the state after them."""

    def begin(self, conversation_id: str) -> State:
        """Return the state of somebody who has not said anything yet."""

    def load(self, conversation_id: str, dumped: bytes) -> State:
        """Read a state that ``dump`` wrote."""

    def dump(self, state: State) -> bytes:
        """Write a state down."""

    async def respond(self, state: State, incoming: Incoming) -> tuple[list[Reply], State]:
        """Take one message. What it raises rolls the turn back."""


class Turns(Generic[State]):
    """Takes turns. Remembers the dialogues it saw last, and notices when one moved on elsewhere."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        assistant: Assistant[State],
        node: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._assistant = assistant
        self._node = node
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[int, State]] = OrderedDict()

    async def take(self, work: Work) -> FromBrain:
        """Take one turn and say how it ended; nothing that a turn raises gets past here."""
        try:
            return await self._take_until_no_race(work)
        except AlreadyTaken:
            return Overtaken(work.inbox_id)
        except EarlierOpen:
            return NotYet(work.inbox_id)
        except (OperationalError, InterfaceError, LostRace) as error:
            logger.warning("arrival %d: not written: %s", work.inbox_id, type(error).__name__)
            return Failed(work.inbox_id, type(error).__name__, passing=True)
        except Exception as error:
            kind = type(error).__name__
            logger.error("arrival %d: turn failed: %s\n%s", work.inbox_id, kind, places(error))
            return Failed(work.inbox_id, kind, passing=False)

    async def _take_until_no_race(self, work: Work) -> Done:
        for _ in range(MOST_RACES):
            if work.conversation_id in self._remembered:
                version, state = self._remembered.pop(work.conversation_id)
            else:
                version, state = await self._read(work.conversation_id)
            try:
                return await self._take_once(work, version, state)
            except LostRace:
                continue
        raise LostRace

    async def _take_once(self, work: Work, version: int, state: State) -> Done:
        async with unit_of_work(self._engine) as effects:
            replies, state = await self._assistant.respond(state, work.incoming)
            record = TurnRecord(
                work, replies, self._assistant.dump(state), version, self._node, self._clock()
            )
            await write_turn(effects.connection, self._vault, record)
            await effects.commit()
        self._remember(work.conversation_id, version + 1, state)
        return Done(work.inbox_id, tuple(replies), effects.told)

    async def _read(self, conversation_id: str) -> tuple[int, State]:
        query = select(Conversation.version, Conversation.dialogue).where(
            Conversation.id == conversation_id
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return 0, self._assistant.begin(conversation_id)
        dumped = self._vault.open(row.dialogue)
        return row.version, self._assistant.load(conversation_id, dumped)

    def _remember(self, conversation_id: str, version: int, state: State) -> None:
        self._remembered[conversation_id] = (version, state)
        if len(self._remembered) > REMEMBERED_DIALOGUES:
            self._remembered.popitem(last=False)
