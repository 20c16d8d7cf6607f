"""Calling the Zalo Bot Platform; the token is part of the address, so no error may quote one."""

from typing import Any

import aiohttp
from msgspec import Struct

from bot.channels.base import PassingFailure, PermanentFailure
from bot.channels.calling import TIMEOUT, post_json

TOKEN_PAUSE = 900.0  # seconds after which a token that is not valid is tried again
QUOTA_PAUSE = 600.0


class BotFailure(Exception):
    """The platform says no, with one of its numbers."""

    def __init__(self, code: int, retry_after: float | None = None) -> None:
        super().__init__(f"the platform answers {code}")
        self.code = code
        self.retry_after = retry_after


class _Envelope(Struct):
    ok: bool = True
    result: Any = None
    error_code: int = 0


class BotApi:
    """The platform, as one bot sees it."""

    def __init__(self, http: aiohttp.ClientSession, origin: str, token: str) -> None:
        """``origin``: the platform's https://bot-api.zaloplatforms.com."""
        self._http = http
        self._base = f"{origin}/bot{token}"

    async def call(self, method: str, fields: object = None, *, longer: float = 0.0) -> Any:
        """Call a method; returns its result. Raises BotFailure or PassingFailure.

        ``longer``: seconds that the platform may hold the call open.
        """
        url = f"{self._base}/{method}"
        answer = await post_json(self._http, url, fields or {}, patience=TIMEOUT + longer)
        if answer.status >= 500:
            raise PassingFailure(f"the platform answers {answer.status}", may_have_arrived=True)
        envelope = answer.read(_Envelope)
        if envelope.ok and not envelope.error_code and answer.status == 200:
            return envelope.result
        raise BotFailure(envelope.error_code or answer.status, answer.retry_after)


def judged(failure: BotFailure) -> PassingFailure | PermanentFailure:
    """Turn a refusal into what becomes of a message."""
    match failure.code:
        case 400:
            return PermanentFailure("400: the platform refuses the message or the chat")
        case 401 | 404:
            reason = f"{failure.code}: the token is not valid"
            return PassingFailure(reason, retry_after=TOKEN_PAUSE, everybody=True)
        case 429:
            pause = failure.retry_after or QUOTA_PAUSE
            reason = "429: the quota is used up"
            return PassingFailure(reason, retry_after=pause, everybody=True)
    # 403 among them: it is documented as an error of the platform's own.
    return PassingFailure(str(failure), may_have_arrived=failure.code >= 500)
