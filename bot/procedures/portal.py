"""A polite client of the national portal's public interface (Cổng Dịch vụ công quốc gia).

Few requests at once with a pause between them, a User-Agent that says whom to call, growing pauses
after 429, 5xx and silence, and after three failures in a row it leaves the portal alone: its
firewall has locked out eager clients for a while.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import aiohttp
import msgspec

from bot.procedures.errors import PortalRefused, PortalStopped, PortalTimeout

PORTAL = "https://dichvucong.gov.vn/api/v1"
_LIST = "/submitting/formality/list-all-public-formality-by-citizen"
_DETAIL = "/configuring/formality/get-formality-by-citizen"
_FORM = "/submitting/preview-attachment"
_PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Manners:
    """How to behave; times in seconds."""

    at_once: int = 2
    pause: float = 0.5  # between the starts of two requests
    timeout: float = 60
    tries: int = 4
    first_wait: float = 5
    longest_wait: float = 300
    failures_in_a_row: int = 3
    largest_answer: int = 32 * 2**20


class Page(NamedTuple):
    """One page of the list; an empty cursor says that it was the last."""

    rows: list[dict[str, object]]
    cursor: str


class Portal:
    """The portal's three calls that sync needs; raises PortalError's kinds and nothing else."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        contact: str,
        *,
        base: str = PORTAL,
        manners: Manners = Manners(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Talk through ``http``, naming ``contact`` as the one to call when we disturb."""
        self._http = http
        self._base = base.rstrip("/")
        self._headers = {
            "User-Agent": f"DanHoi/1.0 (procedure catalogue of a public help bot; {contact})",
            "Accept": "application/json, application/octet-stream",
        }
        self._manners = manners
        self._sleep = sleep
        self._seats = asyncio.Semaphore(manners.at_once)
        self._turnstile = asyncio.Lock()
        self._failures = 0
        self._last_failure = ""

    async def list_page(self, cursor: str, limit: int, *, patient: bool = True) -> Page:
        """Return one page of at most ``limit`` rows behind ``cursor`` ("" for the first).

        Unless ``patient``, silence is raised as PortalTimeout at once: the caller may ask for less.
        """
        body = {"limit": limit, "lastId": cursor, "q": "", "categoryId": "", "departmentCode": ""}
        data = await self._post_json(_LIST, body, patient=patient)
        rows, following = data.get("items"), data.get("lastId")
        if not isinstance(rows, list) or not isinstance(following, str | int | None):
            raise PortalRefused("the portal's list has another shape than known")
        return Page([row for row in rows if isinstance(row, dict)], str(following or ""))

    async def detail(self, portal_id: str) -> dict[str, object]:
        """Return the record of one procedure."""
        return await self._post_json(_DETAIL, {"id": portal_id})

    async def form(self, form_id: str) -> bytes:
        """Return a blank form (mẫu đơn, tờ khai) as the portal keeps it."""
        answer = await self._post(_FORM, {"fileId": form_id})
        if answer.lstrip()[:1] in (b"<", b"{", b""):  # a page of the firewall, or an error
            await self._count_failure("it answers with something that is no document")
            raise PortalRefused("the answer is no document")
        self._failures = 0
        return answer

    async def _post_json(
        self, path: str, body: Mapping[str, object], *, patient: bool = True
    ) -> dict[str, object]:
        answer = await self._post(path, body, patient=patient)
        try:
            data = _unwrap(msgspec.json.decode(answer))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            await self._count_failure("it answers with something that is not JSON")
            raise PortalRefused("the answer is not JSON") from None
        self._failures = 0
        return data

    async def _post(self, path: str, body: Mapping[str, object], *, patient: bool = True) -> bytes:
        """Post until there is an answer; PortalTimeout or PortalRefused when there is none."""
        for attempt in range(1, self._manners.tries):
            try:
                return await self._post_once(path, body)
            except _TryAgain as problem:
                if problem.silence and not patient:
                    raise PortalTimeout(str(problem)) from None
                await self._sleep(self._wait(attempt, problem.wait))
        return await self._post_last_time(path, body)

    async def _post_last_time(self, path: str, body: Mapping[str, object]) -> bytes:
        try:
            return await self._post_once(path, body)
        except _TryAgain as problem:
            await self._count_failure(str(problem))
            kind = PortalTimeout if problem.silence else PortalRefused
            raise kind(f"the portal fails again and again: {problem}") from None

    async def _post_once(self, path: str, body: Mapping[str, object]) -> bytes:
        async with self._seats:
            await self._pause()
            self._stop_if_unwanted()
            try:
                async with self._http.post(
                    self._base + path,
                    json=body,
                    headers=self._headers,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=self._manners.timeout),
                ) as response:
                    return await self._read(response)
            except TimeoutError:
                raise _TryAgain("it does not answer in time", silence=True) from None
            except aiohttp.ClientError as error:
                raise _TryAgain(f"the connection broke off ({type(error).__name__})") from None

    async def _pause(self) -> None:
        """Let requests start one after the other, with a pause between."""
        async with self._turnstile:
            await self._sleep(self._manners.pause * random.uniform(0.8, 1.2))  # noqa: S311

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status in _PASSING:
            raise _TryAgain(
                f"it answers {response.status}",
                wait=_retry_after(response.headers),
                silence=response.status in (408, 504),
            )
        if response.status == 404:
            self._failures = 0
            raise PortalRefused("the portal does not have it any more (404)")
        if response.status != 200:
            await self._count_failure(f"it answers {response.status}")
            raise PortalRefused(f"the portal refuses it ({response.status})")
        answer = bytearray()
        async for chunk in response.content.iter_chunked(2**16):
            answer += chunk
            if len(answer) > self._manners.largest_answer:
                raise PortalRefused("the answer is larger than any record or form")
        return bytes(answer)

    async def _count_failure(self, reason: str) -> None:
        """Count a failure and rest a while; raises PortalStopped when it is one too many."""
        self._failures += 1
        self._last_failure = reason
        self._stop_if_unwanted()
        await self._sleep(self._wait(self._failures, None))

    def _stop_if_unwanted(self) -> None:
        """Leave the portal alone for good after too many failures; also who only waited."""
        if self._failures >= self._manners.failures_in_a_row:
            raise PortalStopped(
                f"the portal failed {self._failures} requests in a row ({self._last_failure}); "
                "leave it alone for some hours and run sync again, it goes on where it stopped"
            )

    def _wait(self, attempt: int, asked: float | None) -> float:
        """Return how long to wait before the next try, in seconds, with jitter."""
        jitter = random.uniform(0.75, 1.25)  # noqa: S311
        grown = self._manners.first_wait * 2.0 ** (attempt - 1) * jitter
        return min(self._manners.longest_wait, max(grown, asked or 0))


class _TryAgain(Exception):
    """A failure that may pass; ``wait`` is how long the portal asked to wait, in seconds."""

    def __init__(self, reason: str, *, wait: float | None = None, silence: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.silence = silence


def _unwrap(answer: object) -> dict[str, object]:
    """Return the data in an answer's envelope; some answers nest ``data.data``."""
    if isinstance(answer, dict) and answer.get("data", answer) is None:
        raise PortalRefused(f"the portal says {str(answer.get('code'))[:40]!r} and gives no data")
    while isinstance(answer, dict) and isinstance(answer.get("data"), dict | list):
        if "items" in answer or "executionMethods" in answer:
            break
        answer = answer["data"]
    if not isinstance(answer, dict):
        raise PortalRefused("the answer holds no data")
    return answer


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when there is no sound one."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:6])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
