"""``python -m tests.bench.console``: how long pages of the console take over very many cases.

The application is put together as the gateway does, on a database that ``tests.bench.cases`` made
and that is kept for the next time. Its pages are loaded over HTTP on 127.0.0.1; measured is the
whole answer, and beside it the processor time and the number of statements, which other work on
the machine changes less. At last: how long after a receipt a page that is open tells of its case.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
import uvloop
from aiohttp.test_utils import TestClient

from bot.app.desks import build_desk
from bot.app.doors import build_web
from bot.app.gateway import build_road
from bot.app.store import Store
from bot.feedback.services import Desk, open_case
from bot.settings import Settings
from bot.staff import sessions as staff_sessions
from bot.staff.models import Account
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault
from tests.bench import cases
from tests.bench.__main__ import FOLDER, end_on_signals
from tests.bench.console_pages import (
    LEAD,
    QUEUE,
    TOLD,
    Asked,
    There,
    follow,
    named_pages,
    other_pages,
    prepare,
)
from tests.bench.tables import percentile
from tests.fakes.console import Staff, a_client
from tests.fakes.postgres import AS_INSTALLED, KINDS, postgres_server
from tests.fakes.statements import statements

PAGE_GOAL = 150.0  # milliseconds at p95
ARRIVAL_GOAL = 1000.0
WARM_UP = 3  # loads of a page before it is measured
ARRIVALS = 20
DEEP = 99  # pages down
_PAGES = ("text/html", "application/atom+xml", "application/json", "image/jpeg")


class Bench:
    """The application over one database, and everybody who loads its pages."""

    def __init__(self, store: Store, desk: Desk, client: TestClient, there: There) -> None:
        self.store = store
        self.desk = desk
        self.client = client
        self.there = there
        self.chance = random.Random()
        self._staff: dict[str, Staff] = {"": Staff(client)}

    async def staff(self, name: str) -> Staff:
        """Return somebody signed in."""
        if name not in self._staff:
            async with self.store.sessions() as session, session.begin():
                account = await session.get_one(Account, name)
                token = await staff_sessions.begin(session, account, datetime.now(UTC))
            self._staff[name] = Staff(self.client, cookie=token)
        return self._staff[name]

    async def pages(self) -> list[Asked]:
        """Return every page there is, each with its address."""
        deep = Asked(f"queue, page {DEEP + 1}", await self._deep("scope=done"))
        named = [*named_pages(self.there), deep]
        addresses = {each.at for each in named}
        found = []
        for each in other_pages(self.client.app, addresses):
            staff = await self.staff(each.who)
            answer = await staff.opens(each.at)
            if answer.status == 200 and answer.content_type in _PAGES:
                found.append(each)
        return [*named, *found]

    async def _deep(self, query: str) -> str:
        """Walk down a list; return the address of the last page reached."""
        staff, at = await self.staff(LEAD), f"{QUEUE}?{query}"
        for _ in range(DEEP):
            page = await staff.reads(at)
            at = page.partition('rel="next" href="')[2].partition('"')[0] or at
        return at

    async def loaded(self, asked: Asked) -> float:
        """Load a page; return how many milliseconds it took."""
        staff, at = await self.staff(asked.who), self.there.address(asked.at, self.chance)
        began = time.perf_counter()
        answer = await staff.opens(at)
        await answer.read()
        took = (time.perf_counter() - began) * 1000
        assert answer.status == 200, (answer.status, asked.name)
        return took

    async def arrival(self) -> tuple[float, float]:
        """Open a case; return after how long an open page tells of it, and shows it when loaded."""
        staff = await self.staff(LEAD)
        at = (await staff.reads(QUEUE)).partition('data-live="')[2].partition('"')[0]
        async with self._told(staff, at) as told:
            async with self.store.sessions() as session, session.begin():
                case, _ = await open_case(session, self.desk, TOLD, datetime.now(UTC))
            receipt = time.perf_counter()
            await asyncio.wait_for(told, 10)
            heard = (time.perf_counter() - receipt) * 1000
            assert f"/cases/{case.id}" in await staff.reads(f"{QUEUE}?state=new&q={case.id}")
            return heard, (time.perf_counter() - receipt) * 1000

    @asynccontextmanager
    async def _told(self, staff: Staff, at: str) -> AsyncIterator[asyncio.Task[None]]:
        """Listen as an open page does; the task ends when it is told of a new case."""
        stream = await staff.opens(at)

        async def listen() -> None:
            async for line in stream.content:
                if line.startswith(b"event: arrived"):
                    return

        task = asyncio.create_task(listen())
        try:
            yield task
        finally:
            task.cancel()
            stream.close()


@asynccontextmanager
async def bench_of(database: str) -> AsyncIterator[Bench]:
    """Put the application on a database with cases."""
    settings = Settings(secret_key=cases.KEY.hex(), database_url=database)
    engine = open_engine(database)
    store = Store(engine, open_sessions(engine), Vault(cases.KEY))
    road = build_road(settings, store, Path())  # nobody drives on it: pages are loaded, no more
    desk = build_desk(settings, store, road.ring)
    async with store.sessions() as session, session.begin():
        there = await prepare(session, desk)
    await follow(store.sessions, desk)
    client = await a_client(build_web(settings, store, road))
    try:
        yield Bench(store, desk, client, there)
    finally:
        await client.close()
        await engine.dispose()


async def measure(database: str, rounds: int, only: str) -> bool:
    """Print the tables; tell whether everything keeps its goal."""
    async with bench_of(database) as bench:
        print(f"{'page':<34}{'p50':>8}{'p95':>8}{'p99':>8}{'CPU':>8}  ms{'SQL':>6}")
        pages = [each for each in await bench.pages() if only in each.name]
        within = [await _measured(bench, each, rounds) for each in pages]
        if not only:
            within.append(await _arrivals(bench))
        return all(within)


async def _measured(bench: Bench, asked: Asked, rounds: int) -> bool:
    for _ in range(WARM_UP):
        await bench.loaded(asked)
    with statements(bench.store.engine) as said:
        busy = time.process_time()
        times = [await bench.loaded(asked) for _ in range(rounds)]
        cpu = (time.process_time() - busy) * 1000 / rounds
    late = percentile(times, 95)
    figures = "".join(f"{each:>8.1f}" for each in _cuts(times)) + f"{cpu:>8.1f}"
    too_slow = "  TOO SLOW" if late > PAGE_GOAL else ""
    print(f"{asked.name:<34}{figures}{len(said) / rounds:>10.1f}{too_slow}", flush=True)
    return not too_slow


async def _arrivals(bench: Bench) -> bool:
    waits = [await bench.arrival() for _ in range(ARRIVALS)]
    told, shown = ([wait[each] for wait in waits] for each in (0, 1))
    for name, times in (("told on an open page", told), ("shown in its list", shown)):
        print(f"receipt to {name:<23}" + "".join(f"{each:>8.1f}" for each in _cuts(times)))
    return max(shown) <= ARRIVAL_GOAL


def _cuts(times: Sequence[float]) -> list[float]:
    return [percentile(times, each) for each in (50, 95, 99)]


@contextmanager
def filled(kind: str, count: int, folder: Path) -> Iterator[str]:
    """Give the URL of a database with so many cases; it is made the first time, and kept."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield _filled(f"sqlite:///{folder / f'cases-{count}.db'}", count)
        return
    with postgres_server(folder / "postgresql", AS_INSTALLED) as server:
        name = f"cases_{count}"
        with psycopg.connect(server, autocommit=True) as connection:
            there = "SELECT FROM pg_database WHERE datname = %s"
            if connection.execute(there, [name]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {name}")
        yield _filled(f"{server.rpartition('/')[0]}/{name}", count)


def _filled(url: str, count: int) -> str:
    engine = cases.open_to_fill(url)
    if not cases.is_filled(engine):
        cases.fill(engine, count, seed=4, now=datetime.now(UTC))
    engine.dispose()
    return url


@click.command()
@click.option("--on", "kind", type=click.Choice(KINDS), multiple=True, default=KINDS,
              show_default=True, help="On which databases.")  # fmt: skip
@click.option("--cases", "count", type=click.IntRange(1000), default=200_000, show_default=True)
@click.option("--rounds", type=click.IntRange(20), default=60, show_default=True,
              help="How often each page is loaded.")  # fmt: skip
@click.option("--only", default="", help="Only pages with this in their name.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False),
              default=FOLDER / "console", show_default="var/bench/console",
              help="Where the databases are kept.")  # fmt: skip
def main(kind: tuple[str, ...], count: int, rounds: int, only: str, folder: Path) -> None:
    """Measure every page of the console; fail when one is slower than the goal."""
    end_on_signals()
    within = []
    for each in kind:
        with filled(each, count, folder.resolve()) as url:
            print(f"\n{each}, {count:,} cases, {rounds} loads of each page", flush=True)
            within.append(uvloop.run(measure(url, rounds, only)))
    if not all(within):
        goals = f"{PAGE_GOAL:.0f} ms at p95, or a case came after {ARRIVAL_GOAL:.0f} ms"
        raise click.ClickException(f"a page takes more than {goals}")


if __name__ == "__main__":
    main(prog_name="python -m tests.bench.console")
