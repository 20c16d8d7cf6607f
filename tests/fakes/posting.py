"""People who write over Messenger, as many and as impatient as wanted, and the books on them.

The gateway (tests/fakes/echo.py) and Facebook (tests/fakes/messenger_api.py) are programs of their
own, so each can be killed. Facebook delivers as the real one does: what is not acknowledged comes
again, what was acknowledged may come again too, and one person's messages come in their order.
"""

import asyncio
import itertools
import json
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.channels.messenger import PATH
from bot.channels.plain import AGAIN
from tests.fakes.echo import CLOCK
from tests.fakes.messenger_api import delivery, signed
from tests.fakes.program import free_port

HOST = "127.0.0.1"
_crowds = itertools.count(1)


class Killable:
    """One program in a group of its own."""

    def __init__(self, *command: str, log: Path) -> None:
        self._command = command
        self._log = log
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, **environment: str) -> None:
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-W", "ignore", "-m", *self._command),
                env=os.environ | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()


class Post:
    """A gateway and a Facebook on free ports, with one database and one log of what was taken."""

    def __init__(self, folder: Path, database_url: str, brains: int = 2) -> None:
        self.database = database_url
        self.port, facebook = free_port(), free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.taken_log = folder / "taken.jsonl"
        self.clock = folder / "clock"
        self.gateway = Killable(
            *("tests.fakes.echo", "--port", str(self.port), "--database", database_url),
            *("--facebook", f"http://{HOST}:{facebook}", "--brains", str(brains)),
            log=folder / "gateway.log",
        )
        self.facebook = Killable(
            *("tests.fakes.messenger_api", "--port", str(facebook), "--log", str(self.taken_log)),
            log=folder / "facebook.log",
        )

    async def start(self) -> None:
        await self.facebook.start()
        await self.start_gateway()
        await self.ready()

    async def start_gateway(self) -> None:
        await self.gateway.start(**{CLOCK: str(self.clock)})

    async def ready(self, seconds: float = 120) -> None:
        """Return when the gateway has brains."""
        async with asyncio.timeout(seconds), aiohttp.ClientSession() as http:
            while True:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        await self.gateway.kill()
        await self.facebook.kill()

    def taken(self) -> dict[str, list[str]]:
        """What Facebook took, by person and in its order."""
        said: defaultdict[str, list[str]] = defaultdict(list)
        if self.taken_log.exists():
            for line in self.taken_log.read_text().splitlines():
                with suppress(json.JSONDecodeError):  # the last line of one that was killed
                    whom, text = json.loads(line)
                    said[whom].append(text)
        return said


@dataclass
class Talks:
    """What everybody has said, and how long the acknowledgements took."""

    said: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: int = 0
    refused: int = 0  # and sent again
    waits: list[float] = field(default_factory=list)  # seconds, of acknowledged calls

    @property
    def messages(self) -> int:
        return sum(map(len, self.said.values()))

    def expected(self, person: str) -> list[str]:
        return [f"{number}: {text}" for number, text in enumerate(self.said[person], 1)]


@dataclass(frozen=True)
class Books:
    """What came out, held against what went in."""

    messages: int
    answered: int
    lost: int
    doubled: int  # and said so
    doubled_unmarked: int
    out_of_order: int
    marked_in_vain: int  # said that it may have come before, and had not

    @property
    def balance(self) -> bool:
        return self.lost == self.doubled_unmarked == self.out_of_order == 0

    def __str__(self) -> str:
        return (
            f"{self.messages} messages in = {self.answered} answered out; {self.lost} lost, "
            f"{self.doubled_unmarked} doubled unmarked, {self.out_of_order} out of order; "
            f"{self.doubled} doubled and marked, {self.marked_in_vain} marked in vain"
        )


def hold_books(talks: Talks, taken: dict[str, list[str]]) -> Books:
    """Compare what everybody said with what everybody got."""
    totals: defaultdict[str, int] = defaultdict(int)
    for person in talks.said:
        expected = talks.expected(person)
        got = [text.removeprefix(f"{AGAIN}\n") for text in taken.get(person, [])]
        marked = [text.startswith(AGAIN) for text in taken.get(person, [])]
        first: list[str] = []
        for text, mark in zip(got, marked, strict=True):
            if text not in first:
                first.append(text)
                totals["marked_in_vain"] += mark
            else:
                totals["doubled" if mark else "doubled_unmarked"] += 1
        totals["answered"] += len(set(first) & set(expected))
        totals["lost"] += len(set(expected) - set(first))
        totals["out_of_order"] += [text for text in expected if text in first] != first
    names = ("answered", "lost", "doubled", "doubled_unmarked", "out_of_order", "marked_in_vain")
    return Books(talks.messages, *(totals[name] for name in names))


class Deliveries:
    """Facebook's side of the webhook."""

    def __init__(self, post: Post, talks: Talks) -> None:
        self._post = post
        self._talks = talks
        self._behind: dict[str, asyncio.Task[None]] = {}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Deliveries":
        connections = aiohttp.TCPConnector(limit=0)
        self._http = aiohttp.ClientSession(
            connector=connections, timeout=aiohttp.ClientTimeout(total=20)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    def says(
        self, person: str, on_its_way: Callable[[bytes], None] = lambda _: None
    ) -> tuple[bytes, asyncio.Task[None]]:
        """Deliver the next message of a person, when the one before is acknowledged.

        ``on_its_way`` is told the call when it is first made: from then on it may come again.
        """
        said = len(self._talks.said[person])
        # One in five could be the number of a button, which is looked for before it is kept.
        text = f"câu {said}" if random.random() < 0.2 else f"hỏi lần {said}"
        self._talks.said[person].append(text)
        mid = f"{person}/{len(self._talks.said[person])}"
        message = {"mid": mid, "text": text}
        event = {"sender": {"id": person}, "timestamp": 1, "message": message}
        body = delivery(event)
        task = asyncio.create_task(self._in_order(body, self._behind.get(person), on_its_way))
        self._behind[person] = task
        return body, task

    async def _in_order(
        self,
        body: bytes,
        before: asyncio.Task[None] | None,
        on_its_way: Callable[[bytes], None],
    ) -> None:
        if before is not None:
            await before
        on_its_way(body)
        while not await self.call(body):
            self._talks.refused += 1
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def call(self, body: bytes) -> bool:
        """Call the webhook once; tells whether it was acknowledged."""
        assert self._http is not None
        self._talks.calls += 1
        began = time.perf_counter()
        try:
            url = f"{self._post.url}{PATH}"
            async with self._http.post(url, data=body, headers=signed(body)) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return False
        if answer.status == 200:
            self._talks.waits.append(time.perf_counter() - began)
        return answer.status == 200

    async def until_acknowledged(self) -> None:
        await asyncio.gather(*self._behind.values())


async def all_answered(post: Post, talks: Talks, seconds: float) -> Books:
    """Wait until everything is answered, at most so long; returns the books either way."""
    deadline = time.monotonic() + seconds
    while True:
        books = hold_books(talks, post.taken())
        if books.lost == 0 or time.monotonic() > deadline:
            await asyncio.sleep(0.5)  # a doubled one may still be on its way
            return hold_books(talks, post.taken())
        await asyncio.sleep(0.5)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of them lies; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def people(count: int) -> Iterator[str]:
    """Name people who never wrote before, each as often as the others, in an order by lot."""
    crowd = next(_crowds)
    names = [f"người-{crowd}-{number}" for number in range(count)]
    while True:
        random.shuffle(names)
        yield from names
