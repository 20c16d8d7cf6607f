"""Calling a platform that speaks JSON: one answer, or a failure that says if it may have heard."""

from collections.abc import Mapping
from typing import TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from bot.channels.base import PassingFailure

TIMEOUT = 20.0  # seconds for a whole call
LARGEST_ANSWER = 1 << 20  # bytes

T = TypeVar("T")


class Answer(Struct, frozen=True):
    """What a platform answered."""

    status: int
    body: bytes
    retry_after: float | None = None  # seconds, where its header asks for a pause

    def read(self, shape: type[T]) -> T:
        """Decode the body. Raises PassingFailure: what was asked may be done all the same."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise PassingFailure(
                f"an answer that cannot be read (HTTP {self.status})", may_have_arrived=True
            ) from None


async def post_json(
    http: aiohttp.ClientSession,
    url: str,
    value: object,
    *,
    headers: Mapping[str, str] | None = None,
    patience: float = TIMEOUT,
) -> Answer:
    """Post a value and return the answer, of any status. Raises PassingFailure."""
    typed = {"Content-Type": "application/json", **(headers or {})}
    body = msgspec.json.encode(value)
    return await call(http, "POST", url, body, headers=typed, patience=patience)


async def call(
    http: aiohttp.ClientSession,
    method: str,
    url: str,
    body: bytes | None = None,
    *,
    headers: Mapping[str, str],
    patience: float = TIMEOUT,
) -> Answer:
    """Call and return the answer, of any status. Raises PassingFailure.

    Redirects are not followed: a token must not travel to where its platform did not mean it to.
    """
    try:
        async with http.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=patience),
            allow_redirects=False,
        ) as response:
            pause = _seconds(response.headers.get("Retry-After", ""))
            return Answer(response.status, await _bounded(response), pause)
    except aiohttp.ClientConnectorError:
        raise PassingFailure("no connection") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        # Not its words: they may quote the address, and that may hold a token.
        raise PassingFailure(f"no answer: {type(error).__name__}", may_have_arrived=True) from None


def address_of(image: str, origin: str) -> str:
    """Return the address of a reply's picture; ``origin``: our public one, for one of our own."""
    return f"{origin}{image}" if image.startswith("/") else image


def fetchable(image: str, origin: str) -> str:
    """Return the address at which a platform can fetch a reply's picture, else nothing."""
    address = address_of(image, origin)
    return address if address.startswith("https://") else ""


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise PassingFailure("an answer without end", may_have_arrived=True)
    return bytes(body)


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() and len(header) < 7 else None
