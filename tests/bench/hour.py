"""``python -m tests.bench.hour``: mixed traffic for as long as wanted, watching that nothing grows.

The true program with the trained assistant; people talk on Telegram, Zalo OA, the Zalo bot and
Messenger and over REST (tests/bench/town.py). Some deliveries come again, some calls are forged,
broken or too large, and the platforms are away for a moment now and then. Every few seconds the
gateway and its brains are asked for their memory and open files; the chart (SVG) shows both beside
the times to the first answer. Memory is called flat when its second half grows by less than the
margin.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tests.bench.storm import database_of
from tests.bench.town import Books, Town, a_town
from tests.fakes.postgres import KINDS
from tests.fakes.posting import percentile

MARGIN = 0.05  # of the memory of the first half that the second may have more
MEGABYTE = 1 << 20
CROWD = {"telegram": 60, "zalo-oa": 60, "messenger": 60, "zalo-bot": 15, "rest": 20}


@dataclass(frozen=True)
class Sample:
    """How the program stood at one moment."""

    at: float  # seconds since the beginning
    memory: float  # megabytes of gateway and brains, resident
    files: int  # open descriptors of both
    p99: float  # milliseconds to the first answer since the sample before


async def watch(town: Town, every: float, samples: list[Sample]) -> None:
    """Take samples until cancelled."""
    began, seen = time.monotonic(), 0
    while True:
        await asyncio.sleep(every)
        programs = town.program.processes()
        memory = sum(program.memory_info().rss for program in programs) / MEGABYTE
        files = sum(program.num_fds() for program in programs)
        p99 = percentile(town.books.waits[seen:], 0.99) * 1000
        seen = len(town.books.waits)
        samples.append(Sample(time.monotonic() - began, memory, files, p99))


async def hour(town: Town, seconds: float, pause: float, every: float) -> list[Sample]:
    """Let people talk for so long; returns what was seen."""
    samples: list[Sample] = []
    over = asyncio.Event()
    people = [
        asyncio.create_task(town.lives(channel, number, pause, over))
        for channel, count in CROWD.items()
        for number in range(count)
    ]
    beside = [
        asyncio.create_task(job)
        for job in (
            watch(town, every, samples),
            town.nuisance(2.0),
            town.bad_moods(max(60.0, seconds / 60)),
        )
    ]
    done, _ = await asyncio.wait(
        [*people, *beside], timeout=seconds, return_when=asyncio.FIRST_EXCEPTION
    )
    for job in beside:
        job.cancel()
    for job in done:
        job.result()
    over.set()
    await asyncio.gather(*people)  # everybody still reads their last answer
    await asyncio.gather(*beside, return_exceptions=True)
    return samples


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
        ("first answer p99, ms", [sample.p99 for sample in samples]),
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


async def _run(seconds: float, pause: float, kind: str, svg: Path) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as folder, database_of(kind) as database:
        async with a_town(Path(folder), database) as town:
            samples = await hour(town, seconds, pause, max(1.0, seconds / 240))
    svg.parent.mkdir(parents=True, exist_ok=True)
    svg.write_text(chart(samples))
    return _report(seconds, samples, town.books)


def _report(seconds: float, samples: Sequence[Sample], books: Books) -> tuple[str, bool]:
    memory = growth([sample.memory for sample in samples])
    files = growth([float(sample.files) for sample in samples])
    p50, p99 = (percentile(books.waits, share) * 1000 for share in (0.5, 0.99))
    report = (
        f"{seconds / 60:.0f} minutes: {books}; {books.refused} calls of strangers refused; memory "
        f"{samples[-1].memory:.0f} MB ({memory:+.1%} in the second half), open files "
        f"{samples[-1].files} ({files:+.1%}); first answer p50 {p50:.0f} ms, p99 {p99:.0f} ms"
    )
    return report, books.balance and memory < MARGIN and files < MARGIN


@click.command()
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--pause", default=15.0, show_default=True, help="Seconds that a person thinks.")
@click.option("--on", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True)
@click.option("--chart", "svg", type=click.Path(path_type=Path), default=Path("var/hour.svg"))
def main(minutes: float, pause: float, kind: str, svg: Path) -> None:
    """Run, print the report, draw the chart."""
    report, flat = asyncio.run(_run(minutes * 60, pause, kind, svg))
    click.echo(report)
    raise SystemExit(not flat)


if __name__ == "__main__":
    main()
