"""Tables as plain text."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.figures import Figure
from bot.vietnamese import clean

WIDEST = 72  # columns of a terminal that one cell may take


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def lines(self) -> list[str]:
        """Lay the table out; without rows, nothing."""
        if not self.rows:
            return []
        cells = [[_short(cell) for cell in row] for row in (self.header, *self.rows)]
        widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
        padded = [
            "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True))
            for row in cells
        ]
        return [line.rstrip() for line in padded]


def figure_table(figures: Mapping[str, Figure]) -> Table:
    """Lay out figures with their intervals, those that could be measured."""
    return Table(
        ("figure", "value", "95 % interval", "rows"),
        [
            (name, percent(figure.value), f"{percent(figure.low)} – {percent(figure.high)}",
             str(figure.of))
            for name, figure in figures.items()
            if figure.value is not None
        ],
    )  # fmt: skip


def percent(value: float | None) -> str:
    """Write a share the way people read it."""
    return "—" if value is None else f"{value:6.1%}"


def _short(cell: str) -> str:
    """Keep a cell on its line: no control characters, no more than its share of the terminal."""
    seen = cell if cell.strip() == "" else clean(cell) or ascii(cell)[1:-1]
    return seen if len(seen) <= WIDEST else seen[: WIDEST - 1] + "…"


def _columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
