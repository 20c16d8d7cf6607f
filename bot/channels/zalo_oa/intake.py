"""Verifying events and reading them: what is for the inbox, and what is only noted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from bot.channels.absences import Absences
from bot.channels.base import Incoming
from bot.channels.counts import Counts
from bot.channels.zalo_oa.events import (
    NAME,
    TAP,
    Aside,
    BadEvent,
    Left,
    Opened,
    Spoke,
    opened,
    understand,
)
from bot.channels.zalo_oa.signature import is_signed, is_stale
from bot.conversation.choices import TAPPED, Meant
from bot.doors.http import Refused

logger = logging.getLogger(__name__)

SIGNATURE = "X-ZEvent-Signature"
_SURPRISING = frozenset({"unreadable", "withdrawal"})


class Intake:
    """Reads what Zalo delivers for one app."""

    def __init__(
        self,
        app_id: str,
        oa_secret: str,
        absences: Absences,
        meant: Meant,
        counts: Counts,
        clock: Callable[[], datetime],
    ) -> None:
        self._app_id = app_id
        self._oa_secret = oa_secret
        self._absences = absences
        self._meant = meant
        self._counts = counts
        self._clock = clock

    def verified(self, headers: Mapping[str, str], body: bytes) -> Opened | None:
        """Open an event that Zalo has signed for our app; see webhook.Verified."""
        try:
            event = opened(body)
        except BadEvent:
            return None
        signature = headers.get(SIGNATURE, "")
        signed = is_signed(signature, self._app_id, body, event.timestamp, self._oa_secret)
        return event if signed and event.app_id == self._app_id else None

    async def read(self, event: Opened) -> Sequence[Incoming]:
        """Read a genuine event. Raises Refused for one of another day, StorageDown."""
        if is_stale(event.timestamp, self._clock()):
            raise Refused(401, "stale", "the event is older than a day")
        match understand(event):
            case Spoke(incoming):
                # First, so that no answer to this meets the absence from which they came back.
                await self._absences.came_back(incoming.sender)
                return [await self._meant(_with_token(incoming))]
            case Left(address):
                await self._absences.left(address)
                self._counts.unread(NAME, "unfollow")
            case Aside(kind):
                if kind in _SURPRISING:
                    logger.warning("zalo-oa: an event that is not answered: %s", kind)
                self._counts.unread(NAME, kind)
        return ()


def _with_token(incoming: Incoming) -> Incoming:
    """Take a tap for a tap: on Zalo it is a text that its sender does not see."""
    if not incoming.text.startswith(TAP):
        return incoming
    token = incoming.text.removeprefix(TAP)
    return replace(incoming, text="", metadata=incoming.metadata | {TAPPED: token})
