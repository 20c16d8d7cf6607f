"""Calling the OpenAPI: failures come as HTTP 200 with an error in the body, sometimes as 401."""

from typing import Any, TypeVar

import aiohttp
from msgspec import Struct, field

from bot.channels.base import PassingFailure
from bot.channels.calling import Answer, call, post_json

MESSAGE = "/v3.0/oa/message/cs"
# The API before it is closed but for people without an account, who have no other.
MESSAGE_TO_ANONYMOUS = "/v2.0/oa/message"
TOKEN_REFUSED = -216


class Quota(Struct, frozen=True):
    """How many messages are left, of which kind; the number comes as a string."""

    quota_type: str = ""
    remain: str | int = ""


class _Data(Struct):
    message_id: str = ""
    quota: Quota | None = None


class Sent(Struct):
    """Zalo's answer to a message; ``error`` 0: it was taken."""

    error: int = 0
    data: _Data = field(default_factory=_Data)


class _Failed(Struct):
    error: int = 0


class _About(Struct):
    name: str = ""
    is_verified: bool = False


class Account(Struct):
    """Zalo's answer to who we are."""

    error: int = 0
    data: _About = field(default_factory=_About)


T = TypeVar("T", Sent, Account)


class ZaloApi:
    """The OpenAPI of one OA."""

    def __init__(self, http: aiohttp.ClientSession, origin: str) -> None:
        """``origin``: Zalo's https://openapi.zalo.me."""
        self._http = http
        self._origin = origin

    async def send(self, token: str, address: str, message: dict[str, Any]) -> Sent:
        """Send a message; returns what Zalo says to it. Raises PassingFailure."""
        somebody, _, talk = address.partition("/")
        path = MESSAGE_TO_ANONYMOUS if talk else MESSAGE
        recipient = (
            {"anonymous_id": somebody, "conversation_id": talk} if talk else {"user_id": somebody}
        )
        answer = await post_json(
            self._http,
            self._origin + path,
            {"recipient": recipient, "message": message},
            headers={"access_token": token},
        )
        if answer.status == 401:
            return Sent(TOKEN_REFUSED)
        if answer.status == 429:
            raise PassingFailure("Zalo answers 429", retry_after=answer.retry_after, everybody=True)
        if answer.status != 200:
            raise PassingFailure(
                f"Zalo answers {answer.status}", may_have_arrived=answer.status != 503
            )
        return _read(answer, Sent)

    async def account(self, token: str) -> Account:
        """Ask who we are. Raises PassingFailure."""
        url = f"{self._origin}/v2.0/oa/getoa"
        answer = await call(self._http, "GET", url, headers={"access_token": token})
        return _read(answer, Account)


def _read(answer: Answer, shape: type[T]) -> T:
    """Read an answer; of a failure nothing but its code is looked at."""
    code = answer.read(_Failed).error
    return shape(code) if code else answer.read(shape)
