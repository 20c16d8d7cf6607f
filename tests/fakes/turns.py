"""Turns whose replies a test chooses, on a real database."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from bot.conversation.contracts import Incoming, Reply
from bot.conversation.inbox import DurableInbox
from bot.conversation.models import Delivery, Message
from bot.conversation.turn import Turns
from bot.conversation.wire import Work


class Saying:
    """An assistant that says what it is told to."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    def begin(self, conversation_id: str) -> None:
        return None

    def load(self, conversation_id: str, dumped: bytes) -> None:
        return None

    def dump(self, state: None) -> bytes:
        return b"-"

    async def respond(self, state: None, incoming: Incoming) -> tuple[list[Reply], None]:
        return self.replies, None


class Said:
    """Writes turns into the tables, as the road does."""

    def __init__(self, engine, vault, channel: str = "fake") -> None:
        self._engine, self._vault, self._channel = engine, vault, channel
        self._assistant = Saying()
        self._count = 0

    async def answers(self, sender: str, *replies: Reply) -> int:
        """Somebody says something and hears these replies; returns the last one's number."""
        self._count += 1
        works: list[Work] = []
        inbox = DurableInbox(self._engine, self._vault, "here", now, works.extend)
        writer = asyncio.create_task(inbox.run())
        await inbox.put(Incoming(self._channel, str(self._count), sender, "ạ", push=True))
        writer.cancel()
        self._assistant.replies = list(replies)
        await Turns(self._engine, self._vault, self._assistant, "here", now).take(works[0])
        async with self._engine.begin() as connection:
            await connection.execute(
                update(Message)
                .where(Message.delivery == Delivery.WAITING)
                .values(delivery=Delivery.SENT, parts_sent=1, sent_at=now())
            )
            return await connection.scalar(select(func.max(Message.id)))


def now() -> datetime:
    return datetime.now(UTC)
