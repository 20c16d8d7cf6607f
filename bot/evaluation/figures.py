"""Figures of a measurement, each with its 95 % confidence interval."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from msgspec import Struct

from bot.procedures.evaluation import wilson
from bot.vietnamese import clean, fold

RESAMPLES = 1000

T = TypeVar("T")
Pair = tuple[str, str]
"""What was meant, and what was understood."""


class Figure(Struct, frozen=True):
    """A figure from 0 to 1, over ``of`` rows; None when there was nothing to measure."""

    value: float | None
    low: float
    high: float
    of: int

    @property
    def noise(self) -> float:
        """Half the width of the interval: differences below it say nothing."""
        return (self.high - self.low) / 2


def share(rights: Iterable[bool]) -> Figure:
    """State how many are right, with the interval of Wilson."""
    counted = list(rights)
    right, of = sum(counted), len(counted)
    return Figure(right / of if of else None, *wilson(right, of), of)


def f1_over(rows: Sequence[T], f1: Callable[[Sequence[T]], float]) -> Figure:
    """State an F1 over rows; its interval comes from drawing the rows again (bootstrap)."""
    if not rows:
        return Figure(None, 0.0, 1.0, 0)
    draws = np.random.default_rng(1).integers(len(rows), size=(RESAMPLES, len(rows)))
    drawn = [f1([rows[at] for at in draw]) for draw in draws.tolist()]
    low, high = np.quantile(drawn, (0.025, 0.975)).tolist()
    return Figure(f1(rows), low, high, len(rows))


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean F1 of the labels that are meant somewhere in the pairs.

    A label that is only ever understood (``nlu_fallback``) is no class of its own: it already
    counts as a miss of what was meant.
    """
    counts = Counter(pairs)
    meant, understood = Counter[str](), Counter[str]()
    for (label, guess), n in counts.items():
        meant[label] += n
        understood[guess] += n
    scores = [2 * counts[label, label] / (n + understood[label]) for label, n in meant.items()]
    return sum(scores) / len(scores) if scores else 0.0


def micro_f1(rows: Sequence[tuple[Collection[Hashable], Collection[Hashable]]]) -> float:
    """Return the F1 over all labels of all rows (meant, understood) together."""
    both = sum(len(set(meant) & set(understood)) for meant, understood in rows)
    either = sum(len(set(meant)) + len(set(understood)) for meant, understood in rows)
    return 2 * both / either if either else 1.0


def with_diacritics(text: str) -> bool:
    """Tell whether a text shows any Vietnamese letter that an ASCII keyboard lacks."""
    seen = clean(text).lower()
    return fold(seen) != seen
