"""Taking updates in: what is said is handed on, the rest is noted or passed over."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec.structs import replace
from telegram.error import TelegramError

from bot.channels.absences import Absences
from bot.channels.base import Button, Incoming, PassingFailure
from bot.channels.counts import Counts
from bot.channels.telegram.client import Client
from bot.channels.telegram.judging import judge
from bot.channels.telegram.updates import (
    NAME,
    Heard,
    Me,
    Passed,
    Standing,
    Unreadable,
    is_for_a_group,
    read,
)
from bot.conversation.choices import TAPPED

logger = logging.getLogger(__name__)

Tapped = Callable[[str, str, str], Awaitable[Button | None]]


def chat_of(address: str) -> str:
    """Return the chat of an address; a topic is where its group is."""
    return address.partition(":")[0]


class Intake:
    """Takes updates, those that are delivered and those that are fetched."""

    def __init__(self, client: Client, tapped: Tapped, absences: Absences, counts: Counts) -> None:
        """``tapped``: finds the button of a token; see conversation.choices."""
        self._client = client
        self._counts = counts
        self._tapped = tapped
        self._absences = absences
        self._me = Me(client.id)
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, update: Mapping[str, Any]) -> Incoming | None:
        """Take an update; return what was said to us, for the inbox, or None.

        Raises StorageDown, PassingFailure: then it must be handed over once more.
        """
        me = await self.who_we_are() if is_for_a_group(update) else self._me
        try:
            result = read(update, me)
        except Unreadable as error:
            logger.warning("an update that is not as Telegram describes them: %s", error.kind)
            self._counts.unread(NAME, error.kind)
            return None
        if isinstance(result, Heard | Passed) and result.query:
            self._answer_soon(result.query)
        if isinstance(result, Standing):
            await self._note(result)
        if not isinstance(result, Heard):
            return None
        # First, so that no answer to this meets the absence from which they came back.
        await self._absences.came_back(chat_of(result.incoming.sender))
        return await self._with_payload(result.incoming)

    async def _note(self, standing: Standing) -> None:
        chat = chat_of(standing.address)
        await (self._absences.left(chat) if standing.gone else self._absences.came_back(chat))

    async def who_we_are(self) -> Me:
        """Return our account with its name, asked of Telegram once. Raises PassingFailure."""
        if not self._me.username:
            try:
                account = await self._client.bot.get_me()
            except TelegramError as error:
                raise PassingFailure(judge(error).reason) from None
            self._me = Me(account.id, account.username or "")
        return self._me

    async def close(self) -> None:
        """Let go of answers to taps that are still on their way."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _with_payload(self, incoming: Incoming) -> Incoming:
        """Put what a tapped button stands for into the place of its token."""
        if TAPPED not in incoming.metadata:
            return incoming
        metadata = dict(incoming.metadata)
        button = await self._tapped(incoming.channel, incoming.sender, metadata.pop(TAPPED))
        if button is None:
            return replace(incoming, metadata=metadata | {"kind": "stale"})
        return replace(incoming, text=button.payload, metadata=metadata | {"title": button.title})

    def _answer_soon(self, query: str) -> None:
        """Tell the telephone that its tap was heard, so that it stops waiting."""
        task = asyncio.create_task(self._answer(query))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, query: str) -> None:
        try:
            await self._client.bot.answer_callback_query(query)
        except TelegramError as error:  # a tap heard before, or long ago: nobody waits any more
            logger.debug("a tap was not answered: %s", judge(error).reason)
