"""Figures out of rounds: percentiles, medians, ratios, and the table that people read."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from tests.bench.client import Round

Figures = dict[str, Any]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed.

    NaN when there are none.
    """
    if not values:
        return math.nan
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def summary(rounds: Sequence[Round]) -> Figures:
    """One program at one level: the median of its rounds, and everything that failed."""
    failures = sum((one.failures for one in rounds), Counter[str]())
    return {
        "turns": sum(len(one.latencies) for one in rounds),
        "throughput": round(median(one.throughput for one in rounds), 1),
        "p50_ms": round(median(percentile(one.latencies, 50) for one in rounds), 2),
        "p99_ms": round(median(percentile(one.latencies, 99) for one in rounds), 2),
        "cpu_ms_per_turn": round(median(_cpu_per_turn(one) for one in rounds), 2),
        "throughput_of_rounds": [round(one.throughput, 1) for one in rounds],
        "failures": dict(failures),
    }


def ratio(ours: Figures, stock: Figures) -> Figures:
    """How many times better ours is: throughput, p50, p99, processor time; 0 where unknown."""
    return {
        "throughput": _times(ours["throughput"], stock["throughput"]),
        "p50": _times(stock["p50_ms"], ours["p50_ms"]),
        "p99": _times(stock["p99_ms"], ours["p99_ms"]),
        "cpu": _times(stock["cpu_ms_per_turn"], ours["cpu_ms_per_turn"]),
    }


def _cpu_per_turn(one: Round) -> float:
    return one.cpu_seconds * 1000 / len(one.latencies) if one.latencies else math.nan


def _times(more: float, less: float) -> float:
    known = less > 0 and math.isfinite(more) and math.isfinite(less)
    return round(more / less, 2) if known else 0.0


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns that stand under each other; the first to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    lines = [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def comparison_table(levels: Sequence[Figures]) -> str:
    """One line per level and program, with the ratio where both were measured.

    "CPU ms": processor time of all of the program's processes for one turn.
    """
    rows: list[list[object]] = []
    for level in levels:
        for name in ("ours", "stock"):
            if name in level:
                rows.append(_row(level["conversations"], name, level[name]))
        if "ratio" in level:
            times = level["ratio"]
            figures = [f"{times[key]} x" for key in ("throughput", "p50", "p99", "cpu")]
            rows.append([level["conversations"], "ratio", *figures, "", ""])
    heads = ("at once", "program", "turns/s", "p50 ms", "p99 ms", "CPU ms", "turns", "failed")
    return table(heads, rows)


def _row(conversations: int, name: str, figures: Figures) -> list[object]:
    return [
        conversations,
        name,
        figures["throughput"],
        figures["p50_ms"],
        figures["p99_ms"],
        figures["cpu_ms_per_turn"],
        figures["turns"],
        sum(figures["failures"].values()),
    ]


def memory_table(memory: Mapping[str, Mapping[str, float]]) -> str:
    """Resident memory of every process, in MB, as measured under load."""
    rows = [
        [program, role, f"{megabytes:.0f}"]
        for program, roles in memory.items()
        for role, megabytes in (*roles.items(), ("total", sum(roles.values())))
    ]
    return table(("program", "process", "MB"), rows)
