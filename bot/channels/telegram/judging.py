"""What Telegram's errors mean for trying again: judged once, for replies and notifications."""

from datetime import timedelta

import httpx
from msgspec import Struct
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)


class Judgement(Struct, frozen=True):
    """How a call ended that did not succeed; the reason holds no personal data and no token."""

    reason: str
    lasting: bool = False  # it will never be taken
    left: bool = False  # … because the person blocked the bot, or it was thrown out of the group
    retry_after: float | None = None  # seconds that Telegram asks to wait
    may_have_arrived: bool = False


# What Telegram says to a request that it will never take, in words of ours: its own description
# may quote what was sent.
_REFUSALS = {
    "chat not found": "Telegram knows no such chat",
    "message thread not found": "the topic of the group is gone",
    "too long": "Telegram takes no text that long",
    "wrong file": "Telegram does not have the file any more",
    "file is too big": "the file is larger than Telegram hands out",
    "button_data_invalid": "Telegram refused a button",
    "not enough rights": "the bot may not write in this group",
}


def judge(error: TelegramError) -> Judgement:
    """Tell what an error means."""
    match error:
        case RetryAfter(retry_after=timedelta() as pause):
            return Judgement("Telegram asks to wait", retry_after=pause.total_seconds())
        case Forbidden():
            return Judgement("the person blocked the bot, or the group removed it", True, left=True)
        case ChatMigrated():
            return Judgement("the group has become another one", lasting=True)
        case BadRequest(message=said):
            return Judgement(_refusal(said), lasting=True)
        case NetworkError() if _may_have_arrived(error):
            return Judgement("Telegram did not answer", may_have_arrived=True)
        case _:
            return Judgement(f"Telegram: {type(error).__name__}")


def _refusal(said: str) -> str:
    known = (ours for theirs, ours in _REFUSALS.items() if theirs in said.lower())
    return next(known, "Telegram refused it as malformed")


def _may_have_arrived(error: NetworkError) -> bool:
    cause = error.__cause__
    never_sent = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, never_sent)
