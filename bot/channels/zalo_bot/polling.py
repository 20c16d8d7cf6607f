"""Fetching updates, for a machine without a public address.

The platform gives one update a call and forgets it with that: there is no offset to go back to. So
an update is on disk before the next is asked for, and a storage that is down is waited for. What a
crash or a broken connection can cost is the one update that was on its way.
"""

import asyncio
import logging

import msgspec

from bot.channels.base import Inbox, PassingFailure, StorageDown
from bot.channels.counts import Counts
from bot.channels.troubles import Troubles
from bot.channels.zalo_bot.api import BotApi, BotFailure
from bot.channels.zalo_bot.events import NAME
from bot.channels.zalo_bot.intake import Intake
from bot.doors.http import Refused

logger = logging.getLogger(__name__)

WAIT = 30  # seconds that the platform holds a call open while there is nothing
NOTHING_NEW = 408
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds
PAUSE_FOR_STORAGE = 1.0
TROUBLE = "polling"


class Polling:
    """Fetches updates one by one, for as long as it runs."""

    def __init__(
        self, api: BotApi, intake: Intake, inbox: Inbox, counts: Counts, troubles: Troubles
    ) -> None:
        self._api = api
        self._intake = intake
        self._inbox = inbox
        self._counts = counts
        self._troubles = troubles

    async def run(self) -> None:
        """Fetch and take until cancelled."""
        pause = FIRST_PAUSE
        ready = False
        while True:
            try:
                if not ready:
                    await self._api.call("deleteWebhook")  # while one is set nothing is given here
                    ready = True
                update = await self._api.call("getUpdates", {"timeout": WAIT}, longer=WAIT)
            except BotFailure as failure:
                if failure.code == NOTHING_NEW:
                    pause = FIRST_PAUSE
                    self._troubles.end(TROUBLE)
                    continue
                self._troubles.begin(TROUBLE, f"updates cannot be fetched: {failure}")
                ready = False
            except PassingFailure as failure:
                logger.warning("zalo-bot: updates cannot be fetched: %s", failure.reason)
            else:
                pause = FIRST_PAUSE
                self._troubles.end(TROUBLE)
                await self._take(update)
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _take(self, update: object) -> None:
        """Keep one update; it exists nowhere else, so a storage that is down is waited for."""
        body = msgspec.json.encode(update)
        while True:
            try:
                for incoming in await self._intake.read(body):
                    await self._inbox.put(incoming)
                return
            except Refused as refused:
                self._counts.rejected(NAME, refused.error)
                return
            except StorageDown:
                logger.warning("zalo-bot: an update waits for the storage")
                await asyncio.sleep(PAUSE_FOR_STORAGE)
