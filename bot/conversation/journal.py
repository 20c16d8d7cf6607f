"""What was said, for readers who come to fetch it, and the bells that wake them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import Entry, StorageDown
from bot.conversation.inbox import conversation_id
from bot.conversation.ledger import read_entry
from bot.conversation.models import Message
from bot.storage.vault import Vault


class ReaderBell:
    """Wakes one reader; implements contracts.Bell."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the reader, now or when it next waits."""
        self._event.set()

    async def rung(self) -> None:
        """Wait for a ring; clears it only on the way out, so a cancelled wait loses none."""
        await self._event.wait()
        self._event.clear()


class RoadJournal:
    """Reads the table of messages; implements contracts.Journal."""

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._bells: defaultdict[str, set[ReaderBell]] = defaultdict(set)

    async def history(
        self,
        channel: str,
        sender: str,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Entry]:
        """Return lines of a conversation, oldest first; see contracts.Journal."""
        lines = select(Message.id, Message.said_at, Message.author, Message.content).where(
            Message.conversation_id == conversation_id(self._vault, channel, sender)
        )
        if after is not None:
            lines = lines.where(Message.id > after).order_by(Message.id)
        else:
            lines = lines.order_by(Message.id.desc())
        if before is not None:
            lines = lines.where(Message.id < before)
        try:
            async with self._engine.connect() as connection:
                rows = (await connection.execute(lines.limit(limit))).all()
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error
        return [
            read_entry(self._vault, *row) for row in (rows if after is not None else rows[::-1])
        ]

    @asynccontextmanager
    async def subscribe(self, channel: str, sender: str) -> AsyncIterator[ReaderBell]:
        """Listen for new lines of one conversation."""
        conversation = conversation_id(self._vault, channel, sender)
        bell = ReaderBell()
        self._bells[conversation].add(bell)
        try:
            yield bell
        finally:
            self._bells[conversation].discard(bell)
            if not self._bells[conversation]:
                del self._bells[conversation]

    def ring(self, conversation: str) -> None:
        """Wake everybody who reads this conversation."""
        for bell in self._bells.get(conversation, ()):
            bell.ring()

    def ring_all(self) -> None:
        """Wake everybody: somebody may have missed a ring."""
        for conversation in self._bells:
            self.ring(conversation)
