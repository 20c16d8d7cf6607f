"""A webhook: who calls, what is kept, and what is answered.

413 for a body that is too large, 401 for a call that is not genuine, 400 for one that is not what
the platform sends, 503 when the storage is down; of all these nothing is kept. 200 means on disk.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from aiohttp import web
from msgspec import Struct

from bot.channels.base import Inbox, Incoming, StorageDown
from bot.channels.counts import Counts
from bot.conversation.failures import places
from bot.doors.http import Refused, answer_in_json, read_body

logger = logging.getLogger(__name__)

LARGEST_BODY = 512 << 10  # bytes; platforms send addresses of files, not files
SLOWEST_BODY = 10.0  # seconds

T = TypeVar("T")

Verified = Callable[[Mapping[str, str], bytes], T | None]
"""Returns what was called when, by the headers and the raw body, the platform did; else None.

What it had to decode for that it hands on. It compares in constant time: see `same`.
"""

MayKnock = Callable[[Mapping[str, str]], bool]
"""Tells by the headers alone, in constant time, where the secret stands in one of them."""

Read = Callable[[T], Awaitable[Sequence[Incoming]]]
"""Reads a genuine call. Raises Refused (400) for what the platform would not send, StorageDown."""


def same(shown: str, expected: str) -> bool:
    """Compare in constant time; as bytes, since what is shown may be anything."""
    return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), expected.encode())


def shows(header: str, secret: str) -> MayKnock:
    """Let those knock who show the secret in a header; nobody where there is none."""
    return lambda headers: bool(secret) and same(headers.get(header, ""), secret)


def as_it_came(headers: Mapping[str, str], body: bytes) -> bytes:
    """Hand the body on, where whoever knocked is known already."""
    return body


class Webhook(Struct, Generic[T], frozen=True):
    """One channel's door."""

    channel: str
    verified: Verified[T]
    read: Read[T]
    inbox: Inbox
    counts: Counts
    may_knock: MayKnock = lambda headers: True

    def add_to(self, app: web.Application, path: str) -> None:
        """Put the door up at a path."""
        answer_in_json(app)
        app.router.add_post(path, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Keep what a call brings, and acknowledge it."""
        arrivals = await self._read(await self._genuine(request))
        # All at once, so that they share a commit; in their order.
        await asyncio.gather(*map(self.inbox.put, arrivals))
        return web.Response()

    async def _genuine(self, request: web.Request) -> T:
        stranger = Refused(401, "not_genuine", "the signature is missing or wrong")
        if not self.may_knock(request.headers):
            raise stranger
        try:
            async with asyncio.timeout(SLOWEST_BODY):
                body = await read_body(request, LARGEST_BODY)
        except TimeoutError:
            raise Refused(408, "too_slow", "the body took too long to arrive") from None
        call = self.verified(request.headers, body)
        if call is None:
            raise stranger
        return call

    async def _read(self, call: T) -> Sequence[Incoming]:
        """Read a genuine call. One that our reading fails on is acknowledged all the same.

        Sent again it would fail again, and hold up what the platform has for that person.
        """
        try:
            return await self.read(call)
        except (Refused, StorageDown):
            raise
        except Exception as error:
            kind = type(error).__name__
            logger.error(
                "%s: a genuine call cannot be read: %s\n%s", self.channel, kind, places(error)
            )
            self.counts.unread(self.channel, kind)
            return ()
