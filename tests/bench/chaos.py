"""``python -m tests.bench.chaos``: what can go wrong, at random, while people write; then books.

Killed with -9: the gateway with its brains, single brains, and Facebook. The database is locked for
seconds, the disk is full for seconds (nothing that the programs write may grow), the clock jumps.
Everything that was acknowledged must be answered, in order; what may have come before says so.
"""

import asyncio
import random
import resource
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import click
import psutil
from sqlalchemy import make_url

from tests.bench.storm import a_post, database_of
from tests.fakes.postgres import KINDS
from tests.fakes.posting import Books, Deliveries, Post, Talks, all_answered, people, percentile

Trouble = Callable[[Post], Awaitable[None]]


async def kill_the_gateway(post: Post) -> None:
    """kill -9 of the gateway and its brains, as when the machine loses power."""
    await post.gateway.kill()
    await asyncio.sleep(random.uniform(0, 0.5))
    await post.start_gateway()
    await post.ready()


async def kill_a_brain(post: Post) -> None:
    """kill -9 of one brain; the gateway starts another."""
    assert post.gateway.process is not None
    with suppress(psutil.NoSuchProcess):
        brains = psutil.Process(post.gateway.process.pid).children()
        if brains:
            random.choice(brains).kill()


async def kill_facebook(post: Post) -> None:
    """kill -9 of the platform, which is away for a moment."""
    await post.facebook.kill()
    await asyncio.sleep(random.uniform(0, 0.5))
    await post.facebook.start()


async def lock_the_database(post: Post) -> None:
    """Somebody else writes for seconds."""
    await asyncio.to_thread(_hold_the_lock, post.database, random.uniform(0.5, 3))


def _hold_the_lock(url: str, seconds: float) -> None:
    with sqlite3.connect(str(make_url(url).database), timeout=30, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


async def fill_the_disk(post: Post) -> None:
    """Nothing that is written may grow, for a moment: every write past its end fails."""
    assert post.gateway.process is not None
    with suppress(psutil.NoSuchProcess, ProcessLookupError):
        gateway = psutil.Process(post.gateway.process.pid)
        everybody = [gateway.pid, *(brain.pid for brain in gateway.children())]
        _limit(everybody, 4096)
        await asyncio.sleep(random.uniform(0.5, 2))
        _limit(everybody, resource.RLIM_INFINITY)


def _limit(pids: list[int], size: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def set_the_clock(post: Post) -> None:
    """The clock jumps by up to two hours, in either direction."""
    post.clock.write_text(str(random.randint(-7200, 7200)))


KILLS = (kill_the_gateway, kill_a_brain, kill_facebook)
ON_SQLITE = (lock_the_database, fill_the_disk)


async def chaos(post: Post, troubles: int, crowd: int, pause: float) -> tuple[str, Books]:
    """Let people write while troubles come; returns the report and the books."""
    talks, happened, over = Talks(), Counter[str](), asyncio.Event()
    kinds = [*KILLS, set_the_clock, *(ON_SQLITE if post.database.startswith("sqlite") else ())]
    plan = [kinds[number % len(kinds)] for number in range(troubles)]
    random.shuffle(plan)
    began = time.monotonic()
    async with Deliveries(post, talks) as deliveries:
        writing = asyncio.create_task(_write(deliveries, crowd, over))
        for trouble in plan:
            await asyncio.sleep(random.uniform(0, pause))
            await trouble(post)
            happened[trouble.__name__.replace("_", " ")] += 1
        over.set()
        await writing
        async with asyncio.timeout(120):
            await deliveries.until_acknowledged()
        books = await all_answered(post, talks, seconds=180)
    what = ", ".join(f"{count} x {name}" for name, count in sorted(happened.items()))
    report = (
        f"{time.monotonic() - began:.0f} s of {what}: {books}; {talks.refused} of {talks.calls} "
        f"calls refused or cut off and made again; "
        f"acknowledged p99 {percentile(talks.waits, 0.99) * 1000:.0f} ms"
    )
    return report, books


async def _write(deliveries: Deliveries, crowd: int, over: asyncio.Event) -> None:
    for person in people(crowd):
        if over.is_set():
            return
        body, task = deliveries.says(person)
        if random.random() < 0.3:
            done, _ = await asyncio.wait({task}, timeout=0.2)
            if done:
                await deliveries.call(body)  # once more than needed
        await asyncio.sleep(random.uniform(0, 0.05))


async def _run(troubles: int, crowd: int, pause: float, kind: str) -> tuple[str, Books]:
    with tempfile.TemporaryDirectory() as folder, database_of(kind) as database:
        async with a_post(Path(folder), database) as post:
            return await chaos(post, troubles, crowd, pause)


@click.command()
@click.option("--troubles", default=60, show_default=True)
@click.option("--people", "crowd", default=40, show_default=True)
@click.option("--pause", default=4.0, show_default=True, help="Seconds between troubles, at most.")
@click.option("--on", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True)
@click.option("--seed", type=int, default=None, help="Of an earlier run, for the same plan.")
def main(troubles: int, crowd: int, pause: float, kind: str, seed: int | None) -> None:
    """Break things, and print the books."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    random.seed(seed)
    report, books = asyncio.run(_run(troubles, crowd, pause, kind))
    click.echo(f"{report} (seed {seed})")
    raise SystemExit(not books.balance)


if __name__ == "__main__":
    main()
