"""What one measurement brought: figures, the rows that went wrong, and the line for machines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from bot.evaluation.figures import Figure
from bot.evaluation.tables import Table


@dataclass(frozen=True)
class Result:
    """The figures of one labelled file; ``counts`` holds what is no share."""

    n: int
    figures: Mapping[str, Figure]
    wrong: Table
    counts: Mapping[str, float] = field(default_factory=dict)

    def summary(self) -> dict[str, object]:
        """Return the contract's keys: n, every figure by its name, and their intervals."""
        measured = {name: figure for name, figure in self.figures.items() if figure.of}
        return {
            "n": self.n,
            **{name: _rounded(figure.value) for name, figure in self.figures.items()},
            **self.counts,
            "intervals": {
                name: [_rounded(figure.low), _rounded(figure.high)]
                for name, figure in measured.items()
            },
        }


def as_json(summary: Mapping[str, object]) -> str:
    """Write a summary on one line."""
    return msgspec.json.encode(summary).decode()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
