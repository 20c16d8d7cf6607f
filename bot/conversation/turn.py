"""One turn = one transaction: the dialogue state, every effect, the replies and "done", together.

Killed before the commit, nothing happened and the message is taken again. After it, everything
happened, and whoever takes the message again finds it done.
"""

import logging
import traceback
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.conversation import dialogue
from bot.conversation.assistant import Assistant
from bot.conversation.contracts import Reply
from bot.conversation.ledger import AlreadyTaken, EarlierOpen, LostRace, TurnRecord, write_turn
from bot.conversation.models import Conversation
from bot.conversation.wire import Done, Failed, FromBrain, NotYet, Overtaken, Work
from bot.storage.unit_of_work import unit_of_work
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

MOST_RACES = 5
REMEMBERED_DIALOGUES = 1000


class Turns:
    """Takes turns. Remembers the dialogues it saw last, and notices when one moved on elsewhere."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        assistant: Assistant,
        node: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._assistant = assistant
        self._node = node
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[int, DialogueStateTracker]] = OrderedDict()

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
            logger.error("arrival %d: turn failed: %s\n%s", work.inbox_id, kind, _places(error))
            return Failed(work.inbox_id, kind, passing=False)

    async def _take_until_no_race(self, work: Work) -> Done:
        for _ in range(MOST_RACES):
            version, tracker = self._remembered.pop(work.conversation_id, None) or await self._read(
                work.conversation_id
            )
            try:
                return await self._take_once(work, version, tracker)
            except LostRace:
                continue
        raise LostRace

    async def _take_once(self, work: Work, version: int, tracker: DialogueStateTracker) -> Done:
        async with self._sessions() as session:
            with unit_of_work(session):
                replies, tracker = await self._assistant.respond(tracker, work.incoming)
            tracker = dialogue.bounded(tracker, self._assistant.domain)
            await self._commit(session, work, version, tracker, replies)
        self._remember(work.conversation_id, version + 1, tracker)
        return Done(work.inbox_id, tuple(replies))

    async def _commit(
        self,
        session: AsyncSession,
        work: Work,
        version: int,
        tracker: DialogueStateTracker,
        replies: list[Reply],
    ) -> None:
        record = TurnRecord(
            work, replies, dialogue.dump(tracker), version, self._node, self._clock()
        )
        await write_turn(await session.connection(), self._vault, record)
        await session.commit()

    async def _read(self, conversation_id: str) -> tuple[int, DialogueStateTracker]:
        domain = self._assistant.domain
        async with self._sessions() as session:
            row = (
                await session.execute(
                    select(Conversation.version, Conversation.dialogue).where(
                        Conversation.id == conversation_id
                    )
                )
            ).one_or_none()
        if row is None:
            return 0, dialogue.new_tracker(conversation_id, domain)
        dumped = self._vault.open(row.dialogue)
        return row.version, dialogue.load(conversation_id, dumped, domain)

    def _remember(self, conversation_id: str, version: int, tracker: DialogueStateTracker) -> None:
        self._remembered[conversation_id] = (version, tracker)
        if len(self._remembered) > REMEMBERED_DIALOGUES:
            self._remembered.popitem(last=False)


def _places(error: BaseException) -> str:
    """Tell where an error came from, without its message, which may quote a citizen."""
    return "".join(traceback.format_tb(error.__traceback__))
