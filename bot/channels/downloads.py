"""Fetching what a person sent, from where a platform keeps it, and from nowhere else.

The address of a file comes with an event, so it is a stranger's word even where the event is
signed: only hosts of a list are asked, only at public addresses, redirects are held to the same
list, and nothing larger than we take is read. Plain http is allowed, as some platforms use it.
"""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.channels.base import PassingFailure, PermanentFailure
from bot.feedback.errors import BadFile, Unfit
from bot.feedback.pictures import MOST_BYTES

TIMEOUT = aiohttp.ClientTimeout(total=45.0, connect=10.0)  # seconds
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})


class Downloads:
    """Fetches from the hosts of one platform."""

    def __init__(self, hosts: Sequence[str], at_most: int = MOST_BYTES) -> None:
        """``hosts``: names that stand for themselves and what is under them, on the usual ports.

        One with a port (``127.0.0.1:8080``) stands for exactly that, wherever it is: an operator
        has written it down.
        """
        self._names = tuple(host.lower() for host in hosts if ":" not in host)
        self._places = frozenset(host.lower() for host in hosts if ":" in host)
        self._at_most = at_most
        self._http: aiohttp.ClientSession | None = None

    async def get(self, address: str) -> bytes:
        """Fetch one file.

        Raises PermanentFailure when it cannot be had, PassingFailure when it may be had later,
        BadFile when it is larger than we take.
        """
        url = _parsed(address)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                self._check(url)
                async with self._session().get(url, allow_redirects=False) as response:
                    if response.status not in _REDIRECTS:
                        return await self._body(response)
                    url = url.join(_parsed(response.headers.get("Location", "")))
        except NotPublic:
            raise PermanentFailure("the file's host is not a public one") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PassingFailure(f"the file did not come: {type(error).__name__}") from None
        raise PermanentFailure("the file is redirected again and again")

    async def close(self) -> None:
        """Close the connections that are kept open."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=PublicResolver(), limit=16),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
                timeout=TIMEOUT,
            )
        return self._http

    def _check(self, url: URL) -> None:
        host = (url.host or "").lower().rstrip(".")
        if url.scheme not in ("http", "https") or not host or url.user or url.password:
            raise PermanentFailure("the file's address is none that is fetched")
        if f"{host}:{url.port}" in self._places:
            return
        named = any(host == name or host.endswith(f".{name}") for name in self._names)
        if not named or not url.is_default_port():
            raise PermanentFailure("the file's host is not on the list")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status in _PASSING or response.status >= 500:
            raise PassingFailure(f"the file's host answers {response.status}")
        if response.status != 200:
            raise PermanentFailure(f"the file's host answers {response.status}")
        body = bytearray()
        if (response.content_length or 0) <= self._at_most:
            async for piece in response.content.iter_any():
                body += piece
                if len(body) > self._at_most:
                    break
            else:
                return bytes(body)
        raise BadFile(Unfit.TOO_LARGE)


class NotPublic(Exception):
    """A name that leads into a private network."""


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only; what is connected to is what was looked at."""

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a host. Raises OSError, NotPublic."""
        found = await self._resolver.resolve(host, port, family)
        public = [each for each in found if ip_address(each["host"]).is_global]
        if found and not public:
            raise NotPublic
        return public

    async def close(self) -> None:
        """Let the resolver go."""
        await self._resolver.close()


def _parsed(address: str) -> URL:
    try:
        return URL(address)
    except ValueError:
        raise PermanentFailure("the file's address is none") from None
