"""Talking to the assistant for a measurement: as a citizen would, and leaving nothing behind."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import Incoming, Reply
from bot.conversation.turn import Assistant
from bot.storage.unit_of_work import current_session, unit_of_work

CHANNEL = "evaluation"

State = TypeVar("State")
Parse = dict[str, Any]


class Understander(Protocol):
    """Whoever understands a text, in the shape of Rasa's ``/model/parse``."""

    async def parse(self, text: str, today: date | None = None) -> Parse:
        """Understand a text as a turn would; ``today``: the day on which it was written."""


class Talk(Generic[State]):
    """One conversation, from its first message on."""

    def __init__(self, assistant: Assistant[State], name: str) -> None:
        self._assistant = assistant
        self._name = name
        self._state = assistant.begin(name)

    async def say(self, text: str) -> list[Reply]:
        """Take one turn; what it does can be seen by the next one."""
        incoming = Incoming(CHANNEL, update_id=self._name, sender=self._name, text=text)
        replies, self._state = await self._assistant.respond(self._state, incoming)
        await current_session().flush()
        return replies


OpenTalk = Callable[[str], AbstractAsyncContextManager[Talk[Any]]]
"""Opens a fresh conversation under a name."""


def talks(assistant: Assistant[Any], engine: AsyncEngine) -> OpenTalk:
    """Return what opens fresh conversations; each is one transaction that is rolled back."""

    @asynccontextmanager
    async def open_talk(name: str) -> AsyncIterator[Talk[Any]]:
        async with unit_of_work(engine):  # left without a commit
            yield Talk(assistant, name)

    return open_talk
