"""The webhook: Telegram calls, and shows the secret that it was given."""

import json
from collections.abc import Sequence
from typing import Any

from bot.channels.base import Inbox, Incoming, PassingFailure
from bot.channels.counts import Counts
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import NAME
from bot.channels.webhook import Webhook, as_it_came, shows
from bot.doors.http import Refused

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


def webhook(intake: Intake, inbox: Inbox, counts: Counts, secret: str) -> Webhook[bytes]:
    """Return the door, which opens to whoever shows the secret, before it reads anything."""

    async def read(body: bytes) -> Sequence[Incoming]:
        try:
            incoming = await intake.take(decoded(body))
        except PassingFailure:
            raise Refused(503, "not_now", "not taken; send it again", retry_after=2) from None
        return () if incoming is None else (incoming,)

    return Webhook(NAME, as_it_came, read, inbox, counts, shows(SECRET_HEADER, secret))


def decoded(body: bytes) -> dict[str, Any]:
    """Decode an update. Raises Refused (400).

    Half of an emoji in it, which msgspec refuses, must not cost the message.
    """
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not_json", "the body is not valid JSON in UTF-8") from None
    if not isinstance(update, dict):
        raise Refused(400, "wrong_shape", "the body is no update")
    return update
