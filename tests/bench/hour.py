"""``python -m tests.bench.hour``: mixed traffic for as long as wanted, watching that nothing grows.

People write over Messenger and over REST; some deliveries come again, some calls are forged, broken
or too large, and Facebook is away for a moment now and then. Every few seconds the gateway and its
brains are asked for their memory and open files; the chart (SVG) shows both beside the times of
acknowledgement. Memory is called flat when its second half grows by less than the margin.
"""

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import click
import psutil

from bot.channels.messenger import PATH
from tests.bench.chaos import kill_facebook
from tests.bench.storm import KINDS, a_post, database_of
from tests.fakes.messenger_api import delivery, signed
from tests.fakes.posting import Books, Deliveries, Post, Talks, all_answered, people, percentile

MARGIN = 0.05  # of the memory of the first half that the second may have more
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Sample:
    """How the program stood at one moment."""

    at: float  # seconds since the beginning
    memory: float  # megabytes of gateway and brains, resident
    files: int  # open descriptors of both
    p99: float  # milliseconds of acknowledgement since the sample before


async def traffic(deliveries: Deliveries, post: Post, rate: float, crowd: int) -> None:
    """Write, and be a nuisance, until cancelled."""
    async with aiohttp.ClientSession() as http:
        for number, person in zip(itertools.count(), people(crowd), strict=False):
            body, first = deliveries.says(person)
            if number % 3 == 0:
                await first
                await deliveries.call(body)
            if number % 7 == 0:
                await _nuisance(http, post)
            if number % 5 == 0:
                asks = {"sender": person, "message": f"câu {number}"}
                async with http.post(f"{post.url}/webhooks/rest/webhook", json=asks) as answer:
                    await answer.read()
            await asyncio.sleep(random.expovariate(rate))


async def _nuisance(http: aiohttp.ClientSession, post: Post) -> None:
    """Call the webhook as strangers and broken networks do."""
    genuine = delivery({"sender": {"id": "x"}, "message": {"mid": "x", "text": "x"}})
    body, headers = random.choice(
        [
            (genuine, {}),
            (genuine, signed(genuine, "another secret")),
            (genuine[:20], signed(genuine[:20])),
            (b"x" * 600_000, signed(b"")),
        ]
    )
    async with http.post(f"{post.url}{PATH}", data=body, headers=headers) as answer:
        assert answer.status in (400, 401, 413), answer.status


async def watch(post: Post, talks: Talks, every: float, samples: list[Sample]) -> None:
    """Take samples until cancelled."""
    began, seen = time.monotonic(), 0
    assert post.gateway.process is not None
    gateway = psutil.Process(post.gateway.process.pid)
    while True:
        await asyncio.sleep(every)
        programs = [gateway, *gateway.children()]
        memory = sum(program.memory_info().rss for program in programs) / MEGABYTE
        files = sum(program.num_fds() for program in programs)
        p99 = percentile(talks.waits[seen:], 0.99) * 1000
        seen = len(talks.waits)
        samples.append(Sample(time.monotonic() - began, memory, files, p99))


async def away_at_times(post: Post, every: float) -> None:
    """Facebook goes away for a moment, again and again."""
    while True:
        await asyncio.sleep(every)
        await kill_facebook(post)


async def hour(
    post: Post, seconds: float, rate: float, crowd: int, every: float
) -> tuple[list[Sample], Books, Talks]:
    """Let people write for so long; returns what was seen."""
    talks, samples = Talks(), list[Sample]()
    async with Deliveries(post, talks) as deliveries:
        jobs = [
            asyncio.create_task(job)
            for job in (
                traffic(deliveries, post, rate, crowd),
                watch(post, talks, every, samples),
                away_at_times(post, seconds / 6),
            )
        ]
        done, _ = await asyncio.wait(jobs, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        for job in done:
            job.result()
        await post.facebook.kill()
        await post.facebook.start()
        await deliveries.until_acknowledged()
        books = await all_answered(post, talks, seconds=120)
    return samples, books, talks


def growth(values: Sequence[float]) -> float:
    """Return by which share the second half lies above the first, the warming-up left out."""
    settled = values[len(values) // 5 :]
    half = len(settled) // 2
    return statistics.median(settled[half:]) / statistics.median(settled[:half]) - 1


def chart(samples: Sequence[Sample]) -> str:
    """Draw memory, files and acknowledgements one under the other."""
    rows = (
        ("resident memory, MB", [sample.memory for sample in samples]),
        ("open files", [float(sample.files) for sample in samples]),
        ("acknowledgement p99, ms", [sample.p99 for sample in samples]),
    )
    minutes = samples[-1].at / 60
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {len(rows) * 150 + 20}" '
        'font-family="sans-serif" font-size="12">'
    ]
    for row, (title, values) in enumerate(rows):
        top, most = row * 150 + 30, max(*values, 1.0) * 1.1
        step = 640 / max(len(values) - 1, 1)
        points = " ".join(
            f"{60 + number * step:.1f},{top + 100 - value / most * 100:.1f}"
            for number, value in enumerate(values)
        )
        drawn.append(
            f'<text x="60" y="{top - 8}">{title}, over {minutes:.0f} minutes</text>'
            f'<path d="M60 {top}v100h640" fill="none" stroke="#999"/>'
            f'<text x="55" y="{top + 8}" text-anchor="end">{most:.0f}</text>'
            f'<text x="55" y="{top + 100}" text-anchor="end">0</text>'
            f'<polyline points="{points}" fill="none" stroke="#0b6b5d" stroke-width="1.5"/>'
        )
    return "\n".join([*drawn, "</svg>\n"])


async def _run(seconds: float, rate: float, crowd: int, kind: str, svg: Path) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as folder, database_of(kind) as database:
        async with a_post(Path(folder), database) as post:
            samples, books, talks = await hour(post, seconds, rate, crowd, max(1.0, seconds / 240))
    svg.write_text(chart(samples))
    memory = growth([sample.memory for sample in samples])
    files = growth([float(sample.files) for sample in samples])
    report = (
        f"{seconds / 60:.0f} minutes, {talks.calls} calls: {books}; memory "
        f"{samples[-1].memory:.0f} MB ({memory:+.1%} in the second half), open files "
        f"{samples[-1].files} ({files:+.1%}); acknowledged p99 "
        f"{percentile(talks.waits, 0.99) * 1000:.0f} ms"
    )
    return report, books.balance and memory < MARGIN and files < MARGIN


@click.command()
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--rate", default=20.0, show_default=True, help="Messages a second.")
@click.option("--people", "crowd", default=500, show_default=True)
@click.option("--on", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True)
@click.option("--chart", "svg", type=click.Path(path_type=Path), default=Path("var/hour.svg"))
def main(minutes: float, rate: float, crowd: int, kind: str, svg: Path) -> None:
    """Run, print the report, draw the chart."""
    report, flat = asyncio.run(_run(minutes * 60, rate, crowd, kind, svg))
    click.echo(report)
    raise SystemExit(not flat)


if __name__ == "__main__":
    main()
