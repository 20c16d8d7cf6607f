"""Reading updates, those delivered and those fetched: what is for the inbox, and what is not."""

import hmac
import logging
from collections.abc import Mapping, Sequence

from bot.channels.base import Incoming
from bot.channels.counts import Counts
from bot.channels.zalo_bot.events import NAME, Aside, BadUpdate, read
from bot.conversation.choices import Meant
from bot.doors.http import Refused

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Intake:
    """Reads what the platform tells of one bot."""

    def __init__(self, secret: str, meant: Meant, counts: Counts) -> None:
        self._secret = secret.encode()
        self._meant = meant
        self._counts = counts

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether a caller shows the secret; see webhook.IsGenuine."""
        shown = headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        return bool(self._secret) and hmac.compare_digest(shown, self._secret)

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
