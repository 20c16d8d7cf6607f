"""Whether confidence means what it says: of what is held for 90 % sure, nine in ten are right."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.evaluation.figures import Figure, share
from bot.evaluation.intents import Heard
from bot.evaluation.tables import Table, percent

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


class Band(Struct, frozen=True):
    """The messages whose confidence lies between two bounds."""

    low: float
    high: float
    promised: float  # mean confidence
    true: Figure  # how many were right


Sure = tuple[float, bool]
"""A confidence, and whether what was held so likely was right."""


def sureness(heard: Iterable[Heard]) -> list[Sure]:
    """Take the likeliest intent of every message, also where the fallback overruled it."""
    return [(got.confidence, got.likeliest == row.intent) for row, got in heard]


def bands(sure: Sequence[Sure], edges: Sequence[float] = EDGES) -> list[Band]:
    """Sort confidences into bands; those without a message are left out."""
    sorted_in: list[list[Sure]] = [[] for _ in range(len(edges) + 1)]
    for one in sure:
        sorted_in[bisect_right(edges, one[0])].append(one)
    bounds = [0.0, *edges, 1.0]
    return [
        Band(
            low,
            high,
            sum(confidence for confidence, _ in band) / len(band),
            share(right for _, right in band),
        )
        for low, high, band in zip(bounds, bounds[1:], sorted_in, strict=False)
        if band
    ]


def calibration_error(found: Sequence[Band]) -> float:
    """Return the expected calibration error: the mean gap between promised and true."""
    total = sum(band.true.of for band in found)
    gaps = (band.true.of * abs(band.promised - (band.true.value or 0.0)) for band in found)
    return sum(gaps) / total if total else 0.0


def reliability_table(found: Sequence[Band]) -> Table:
    """Lay the bands out."""
    return Table(
        ("confidence", "messages", "promised", "right", "95 % interval"),
        [
            (
                f"{band.low:.2f} – {band.high:.2f}",
                str(band.true.of),
                percent(band.promised),
                percent(band.true.value),
                f"{percent(band.true.low)} – {percent(band.true.high)}",
            )
            for band in found
        ],
    )
