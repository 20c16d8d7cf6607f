"""What Telegram's errors mean for trying again: judged once, for replies and notifications."""

import os
from datetime import timedelta

import httpx
from msgspec import Struct
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

# The library warns at every pause that Telegram asks for, unless it may give it as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "1")

LEFT = "the person blocked the bot, or the group removed it"
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Judgement(Struct, frozen=True):
    """How a call ended that did not succeed; the reason holds no personal data and no token."""

    reason: str
    lasting: bool = False  # it will never be taken
    left: bool = False  # … because the person blocked the bot, or it was thrown out of the group
    about_chat: bool = False  # … and nothing else would be taken there either
    everybody: bool = False  # nothing is taken for anybody now
    ours: bool = False  # … until an operator has mended something
    retry_after: float | None = None  # seconds that Telegram asks to wait
    may_have_arrived: bool = False


# What Telegram says to a request that it will never take, in words of ours: its own description
# may quote what was sent.
_NOWHERE = {
    "chat not found": "Telegram knows no such chat",
    "message thread not found": "the topic of the group is gone",
    "peer_id_invalid": "Telegram knows no such chat",
    "topic_closed": "the topic of the group is closed",
    "not enough rights": "the bot may not write in this group",
    "no rights to send": "the bot may not write in this group",
}
_REFUSALS = {
    "too long": "Telegram takes no text that long",
    "wrong file": "Telegram does not have the file any more",
    "file is too big": "the file is larger than Telegram hands out",
    "button_data_invalid": "Telegram refused a button",
}


def judge(error: TelegramError) -> Judgement:
    """Tell what an error means."""
    match error:
        case RetryAfter(retry_after=timedelta() as pause):
            return Judgement("Telegram asks to wait", retry_after=pause.total_seconds())
        case Forbidden():
            return Judgement(LEFT, lasting=True, left=True)
        case ChatMigrated():
            return Judgement("the group has become another one", lasting=True)
        case BadRequest(message=said):
            return _refusal(said.lower())
        case InvalidToken():
            return Judgement("Telegram does not know the token", everybody=True, ours=True)
        case NetworkError(__cause__=cause) if isinstance(cause, _NEVER_SENT):
            return Judgement("Telegram is not reached", everybody=True)
        case NetworkError(__cause__=httpx.HTTPError()):
            return Judgement("Telegram did not answer", may_have_arrived=True)
        case _:
            return Judgement(f"Telegram: {type(error).__name__}")


def _refusal(said: str) -> Judgement:
    for theirs, ours in _NOWHERE.items():
        if theirs in said:
            return Judgement(ours, lasting=True, about_chat=True)
    reasons = (ours for theirs, ours in _REFUSALS.items() if theirs in said)
    return Judgement(next(reasons, "Telegram refused it as malformed"), lasting=True)
