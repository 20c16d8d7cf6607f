"""Fetching updates, for a machine without a public address.

Telegram keeps an update until it is asked for later ones. So an update is asked past only when it
is on disk: killed in between, it is fetched again and meets its unique key.
"""

import asyncio
import logging
from typing import Any

from telegram.error import Conflict, TelegramError

from bot.channels.base import Inbox, PassingFailure, StorageDown
from bot.channels.telegram.client import TIMEOUT, Client
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.judging import judge
from bot.channels.telegram.shapes import KINDS
from bot.channels.troubles import Troubles

logger = logging.getLogger(__name__)

WAIT = 50  # seconds that Telegram holds a request open while there is nothing
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds
PAUSE_AT_CONFLICT = 30.0
PAUSE_FOR_STORAGE = 1.0

TROUBLE = "polling"
CONFLICT = (
    "updates cannot be fetched: another program fetches this bot's updates, or its webhook is set. "
    "Stop the other program, or run `channels set-webhook`, which removes the webhook in this mode"
)


class Polling:
    """Fetches updates in order, for as long as it runs."""

    def __init__(
        self,
        client: Client,
        intake: Intake,
        inbox: Inbox,
        troubles: Troubles,
        *,
        haste: float = 1.0,
    ) -> None:
        """``haste`` divides the pauses; tests are in a hurry."""
        self._client = client
        self._intake = intake
        self._inbox = inbox
        self._troubles = troubles
        self._haste = haste

    async def run(self) -> None:
        """Fetch and take until cancelled."""
        offset = 0
        pause = FIRST_PAUSE
        while True:
            try:
                updates = await self._fetch(offset)
            except Conflict:
                self._troubles.begin(TROUBLE, CONFLICT)
                await self._rest(PAUSE_AT_CONFLICT)
                continue
            except TelegramError as error:
                judgement = judge(error)
                if judgement.ours:
                    sentence = f"updates cannot be fetched: {judgement.reason}"
                    self._troubles.begin(TROUBLE, sentence)
                logger.warning("Telegram: updates cannot be fetched: %s", judgement.reason)
                await self._rest(judgement.retry_after or pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            self._troubles.end(TROUBLE)
            offset = await self._take(updates, offset)

    async def _fetch(self, offset: int) -> list[dict[str, Any]]:
        """Fetch updates as they are: the library's own method reads them, and one that it cannot
        would hold up all others. Telegram does not mind how a method is spelt; the library does.
        """
        asked = {"offset": offset, "timeout": WAIT, "allowed_updates": list(KINDS)}
        updates: list[dict[str, Any]] = await self._client.bot.do_api_request(
            "getupdates", asked, read_timeout=WAIT + TIMEOUT
        )
        return updates

    async def _take(self, updates: list[dict[str, Any]], offset: int) -> int:
        """Take updates one after the other; return from where to ask on: past those on disk."""
        for update in updates:
            try:
                incoming = await self._intake.take(update)
                if incoming is not None:
                    await self._inbox.put(incoming)
            except (StorageDown, PassingFailure) as error:
                logger.warning("Telegram: an update waits: %s", type(error).__name__)
                await self._rest(PAUSE_FOR_STORAGE)
                break
            offset = update["update_id"] + 1
        return offset

    async def _rest(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._haste)
