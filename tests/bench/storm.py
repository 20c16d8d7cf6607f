"""``python -m tests.bench.storm``: every update delivered one to five times, at 500 calls a second.

Calls come over HTTP to the webhook of Messenger, signed, in an order by lot over the conversations;
repeats come at any time after their first has set out. A program of its own plays Facebook and
writes down what it takes. Told are the books (every message answered exactly once and in order) and
how long the acknowledgements took.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from bot.storage.upgrade import upgrade
from tests.fakes.postgres import AS_INSTALLED, KINDS, postgres_server
from tests.fakes.posting import (
    Books,
    Deliveries,
    Post,
    Talks,
    all_answered,
    people,
    percentile,
)

MOST_TIMES = 5


@dataclass(frozen=True)
class Storm:
    """How it went."""

    books: Books
    calls: int
    seconds: float
    waits: list[float]
    drained: float  # seconds from the last call to the last answer

    def __str__(self) -> str:
        p50, p99 = (percentile(self.waits, share) * 1000 for share in (0.5, 0.99))
        return (
            f"{self.calls} calls in {self.seconds:.0f} s ({self.calls / self.seconds:.0f}/s): "
            f"{self.books}; acknowledged p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
            f"longest {max(self.waits) * 1000:.0f} ms; all answered {self.drained:.1f} s later"
        )


async def storm(post: Post, rate: float, seconds: float, crowd: int) -> Storm:
    """Let it rain."""
    talks, again = Talks(), list[bytes]()
    who = people(crowd)

    def comes_again(body: bytes) -> None:
        again.extend([body] * random.randrange(MOST_TIMES))

    async with Deliveries(post, talks) as deliveries:
        began = time.perf_counter()
        repeats: set[asyncio.Task[bool]] = set()
        for number in range(int(rate * seconds)):
            due = began + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            if again and random.random() < 1 - 2 / (1 + MOST_TIMES):
                task = asyncio.create_task(deliveries.call(again.pop(random.randrange(len(again)))))
                repeats.add(task)
                task.add_done_callback(repeats.discard)
            else:
                deliveries.says(next(who), comes_again)
        took = time.perf_counter() - began
        await deliveries.until_acknowledged()
        await asyncio.gather(*repeats)
        drained = time.perf_counter()
        books = await all_answered(post, talks, seconds=120)
        drained = time.perf_counter() - drained
    return Storm(books, talks.calls, took, talks.waits, drained)


@contextmanager
def database_of(kind: str) -> Iterator[str]:
    """Give the URL of an empty database; "" means SQLite in the folder of the run."""
    with postgres_server(settings=AS_INSTALLED) if kind == "postgresql" else nullcontext("") as url:
        yield url


@asynccontextmanager
async def a_post(folder: Path, database_url: str = "", brains: int = 2):
    """Open a gateway and a Facebook on a fresh database."""
    url = database_url or f"sqlite:///{folder / 'danhoi.db'}"
    await asyncio.to_thread(upgrade, url)
    post = Post(folder, url, brains)
    try:
        await post.start()
        yield post
    finally:
        await post.stop()


async def _rain(rate: float, seconds: float, crowd: int, kind: str) -> Storm:
    with tempfile.TemporaryDirectory() as folder, database_of(kind) as database_url:
        async with a_post(Path(folder), database_url) as post:
            await storm(post, rate / 5, 3, crowd)  # warm
            return await storm(post, rate, seconds, crowd)


@click.command()
@click.option("--rate", default=500.0, show_default=True, help="Calls a second.")
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--people", "crowd", default=300, show_default=True)
@click.option("--on", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True)
def main(rate: float, seconds: float, crowd: int, kind: str) -> None:
    """Measure, and print the books."""
    result = asyncio.run(_rain(rate, seconds, crowd, kind))
    click.echo(str(result))
    raise SystemExit(not result.books.balance)


if __name__ == "__main__":
    main()
