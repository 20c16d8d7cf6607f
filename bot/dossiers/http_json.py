"""The source behind a province's system that answers in JSON over HTTP.

It asks politely and gives up soon: a time limit, few requests at once, retries with jitter for
what may pass, a short memory, and a breaker that leaves a failing system alone for a while. An
answer that is not understood counts as no answer: better silence than a wrong state.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import quote, urlsplit

import aiohttp
import jmespath
import msgspec
from cachetools import TTLCache
from circuitbreaker import CircuitBreaker, CircuitBreakerError
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from msgspec import Struct
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_attempt
from tenacity import wait_random_exponential as growing_pause

from bot.dossiers.codes import FoundCode
from bot.dossiers.errors import BadMapping, BadRow, SourceDown
from bot.dossiers.mapping import FIELDS, SourceMapping
from bot.dossiers.proof import fact
from bot.dossiers.sources import Found
from bot.storage.vault import Vault

CODE = "{code}"
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_THERE = frozenset({404, 410})


class HttpSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How one system is asked; times in seconds.

    ``url`` holds {code}. ``fields`` are JMESPath expressions on the answer; where ``exists`` is
    given, a false value of it says that there is no such dossier.
    """

    url: str
    fields: dict[str, str]
    exists: str = ""
    headers: dict[str, str] = {}
    timeout: float = 3
    tries: int = 3
    first_pause: float = 0.2
    at_once: int = 8
    remembered_for: float = 30
    failures_in_a_row: int = 5
    left_alone_for: float = 30
    largest_answer: int = 256 * 1024  # bytes


class _MayPass(Exception):
    """A failure that another try may mend."""


class HttpSource:
    """Dossiers of another system; implements sources.Source."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        settings: HttpSettings,
        mapping: SourceMapping,
        vault: Vault,
        today: Callable[[], date],
    ) -> None:
        """Raises BadMapping when the settings cannot be followed."""
        _check(settings)
        self.name = mapping.name
        self._http = http
        self._settings = settings
        self._mapping = mapping
        self._vault = vault
        self._today = today
        self._fields = {name: _compiled(path) for name, path in settings.fields.items()}
        self._exists = _compiled(settings.exists) if settings.exists else None
        self._seats = asyncio.Semaphore(settings.at_once)
        self._remembered: TTLCache[str, Found | None] = TTLCache(10_000, settings.remembered_for)
        breaker = CircuitBreaker(
            settings.failures_in_a_row, settings.left_alone_for, SourceDown, name=self.name
        )
        self._ask_unless_it_fails = breaker.decorate(self._ask)

    async def find(self, code: FoundCode) -> Found | None:
        """Ask the system for one dossier; raises SourceDown."""
        if code.key in self._remembered:
            return self._remembered[code.key]
        try:
            found: Found | None = await self._ask_unless_it_fails(code)
        except CircuitBreakerError:
            raise SourceDown(self.name, "it failed again and again and is left alone") from None
        self._remembered[code.key] = found
        return found

    async def of_phone(self, phone: str) -> Sequence[Found] | None:
        """These systems are asked by code only."""
        return None

    async def _ask(self, code: FoundCode) -> Found | None:
        tries = AsyncRetrying(
            stop=stop_after_attempt(self._settings.tries),
            wait=growing_pause(self._settings.first_pause, max=self._settings.timeout),
            retry=retry_if_exception_type(_MayPass),
        )
        try:
            answer: object | None = await tries(self._get, code)
        except RetryError as error:
            raise SourceDown(self.name, str(error.last_attempt.exception())) from None
        return None if answer is None else self._understood(code, answer)

    async def _get(self, code: FoundCode) -> object | None:
        """Return the decoded answer, None for "not there"; raises _MayPass, SourceDown."""
        url = self._settings.url.replace(CODE, quote(code.written, safe=""))
        limit = aiohttp.ClientTimeout(total=self._settings.timeout)
        try:
            async with (
                self._seats,
                self._http.get(
                    url, headers=self._settings.headers, timeout=limit, allow_redirects=False
                ) as response,
            ):
                if response.status in _NOT_THERE:
                    return None
                if response.status in _PASSING:
                    raise _MayPass(f"it answers {response.status}")
                if response.status != 200:
                    raise SourceDown(self.name, f"it answers {response.status}")
                return self._decoded(await self._body(response))
        except TimeoutError:
            raise _MayPass("it does not answer in time") from None
        except aiohttp.ClientError as error:
            raise _MayPass(f"the connection failed ({type(error).__name__})") from None

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > self._settings.largest_answer:
                raise SourceDown(self.name, "its answer is larger than any dossier")
        return bytes(body)

    def _decoded(self, body: bytes) -> object:
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise SourceDown(self.name, "its answer is not JSON") from None

    def _understood(self, code: FoundCode, answer: object) -> Found | None:
        """Read the answer. One about another dossier than was asked for is a lie, not an answer."""
        if self._exists is not None and not self._exists.search(answer):
            return None
        values = {name: path.search(answer) for name, path in self._fields.items()}
        if not values.get("code"):
            return None
        try:
            row = self._mapping.read(values)
        except BadRow as error:
            raise SourceDown(self.name, f"its answer is not understood ({error})") from None
        if row.key != code.key:
            raise SourceDown(self.name, "it answers about another dossier")
        facts = tuple(fact(self._vault, row.key, number) for number in (row.phone, row.identity))
        return Found(row.key, msgspec.structs.replace(row.dossier, as_of=self._today()), facts)


def _check(settings: HttpSettings) -> None:
    if urlsplit(settings.url).scheme not in ("http", "https") or CODE not in settings.url:
        raise BadMapping(f"url: an http or https address that holds {CODE}")
    missing = {"code", "status"} - settings.fields.keys()
    if missing:
        raise BadMapping(f"fields: {', '.join(sorted(missing))} must be named")
    unknown = settings.fields.keys() - FIELDS
    if unknown:
        raise BadMapping(f"fields: there is no {', '.join(sorted(unknown))}")


def _compiled(path: str) -> ParsedResult:
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        raise BadMapping(f"{path!r} is no JMESPath: {type(error).__name__}") from None
