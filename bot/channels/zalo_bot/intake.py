"""Reading updates, those delivered and those fetched: what is for the inbox, and what is not."""

import logging
from collections.abc import Sequence

from bot.channels.base import Incoming
from bot.channels.counts import Counts
from bot.channels.zalo_bot.events import NAME, Aside, BadUpdate, read
from bot.conversation.choices import Meant
from bot.doors.http import Refused

logger = logging.getLogger(__name__)


class Intake:
    """Reads what the platform tells of one bot."""

    def __init__(self, meant: Meant, counts: Counts) -> None:
        self._meant = meant
        self._counts = counts

    async def read(self, body: bytes) -> Sequence[Incoming]:
        """Read an update. Raises Refused (400) for what is none, StorageDown."""
        try:
            update = read(body)
        except BadUpdate:
            raise Refused(400, "no_update", "the body is no update") from None
        if isinstance(update, Incoming):
            return [await self._meant(update)]
        self._note(update)
        return ()

    def _note(self, aside: Aside) -> None:
        if aside.kind == "unreadable":
            logger.warning("zalo-bot: an update that is not as the platform describes them")
        self._counts.unread(NAME, aside.kind)
