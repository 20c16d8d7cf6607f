"""The figures of a report, counted over the stints of a place and a period. Pure.

A stint (lượt xử lý) is one time that a case was in hand: from its arrival, or from when it was
reopened or taken back, until it was finished. Counting stints and not cases makes the figures of a
period add up: carried over + received + come back = settled + remaining, always.

- **Carried over** (tồn kỳ trước): begun before the period and not ended before it.
- **Settled** (đã giải quyết): ended within the period: answered, sent on, merged, rejected or
  withdrawn. Late when it ended after the deadline of its answer.
- **Remaining** (còn tồn): not ended when the period was, or now. Overdue when the deadline of its
  answer, as it stands last, lies before; a case that waits for its reporter has none.
- **First action** (việc đầu tiên): somebody of the staff moves a new case; from the arrival to it.
- **To the answer**: from the beginning of a stint to the answer that ended it, in working days,
  without the time in which its clock stood still. Reading a case is no action, nor is a note.
- **Satisfied**: of the answers rated in the period, the reporter's last rating of each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import numpy as np

from bot.feedback.category import Category
from bot.feedback.reports.columns import BEGINNINGS, CATEGORIES, NEVER, STATES, Array, Columns, Held
from bot.feedback.reports.models import Beginning
from bot.feedback.reports.periods import Period
from bot.feedback.states import State

SATISFIED = 4  # of 5, and more


class Ending(Enum):
    """How a stint ended."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_ENDED_IN = {
    Ending.ANSWERED: State.ANSWERED,
    Ending.TRANSFERRED: State.TRANSFERRED,
    Ending.DUPLICATE: State.DUPLICATE,
    Ending.REJECTED: State.REJECTED,
    Ending.WITHDRAWN: State.CLOSED,
}


@dataclass(frozen=True)
class Length:
    """How long something took, in working days: the median, and what nine of ten stay within."""

    count: int
    median: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Ratings:
    """How satisfied reporters are; ``given``: how often 1, 2, 3, 4 and 5 were given."""

    given: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many rated."""
        return sum(self.given)

    @property
    def mean(self) -> float | None:
        """The mean of the ratings."""
        total = sum(stars * number for stars, number in enumerate(self.given, start=1))
        return total / self.count if self.count else None

    @property
    def satisfied(self) -> int:
        """How many gave SATISFIED or more."""
        return sum(self.given[SATISFIED - 1 :])


@dataclass(frozen=True)
class Sums:
    """What became of the cases of a period."""

    carried: int
    received: int
    returned: int
    settled: Mapping[Ending, int]
    late: int  # of the settled
    remaining: int
    overdue: int  # of the remaining
    acted: Length
    answered: Length
    ratings: Ratings

    @property
    def total(self) -> int:
        """All that had to be handled."""
        return self.carried + self.received + self.returned

    @property
    def all_settled(self) -> int:
        """All that was settled, in whatever way."""
        return sum(self.settled.values())


@dataclass(frozen=True)
class Line:
    """A category, place or office with its figures; ``name`` is what the columns know it by."""

    name: Any
    received: int  # with what came back
    settled: int
    late: int
    remaining: int
    overdue: int
    median: float | None  # working days to the answer


class Lines:
    """Every line of one kind, the largest first. There may be thousands: each is made when read."""

    def __init__(self, names: Sequence[Any], counts: Array, medians: Array) -> None:
        """``counts``: a row for each name, its columns as the counts of a line."""
        received, settled, _, remaining, _ = counts.T
        there = np.flatnonzero(counts.any(axis=1))
        order = np.lexsort((-settled[there], -remaining[there], -received[there]))
        self._names, self._counts, self._medians = names, counts, medians
        self._order = there[order].tolist()

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Line]:
        return map(self._line, self._order)

    def first(self, count: int | None) -> Iterator[Line]:
        """Yield the largest; all of them for None."""
        return map(self._line, self._order[:count])

    def _line(self, number: int) -> Line:
        received, settled, late, remaining, overdue = self._counts[number].tolist()
        median = _or_none(self._medians[number])
        return Line(self._names[number], received, settled, late, remaining, overdue, median)


@dataclass(frozen=True)
class Part:
    """A day, week or month of the period."""

    period: Period
    received: int  # with what came back
    settled: int
    remaining: int  # at its end
    overdue: int  # at its end
    acted: float | None  # median, working days
    answered: float | None


@dataclass(frozen=True)
class Late:
    """A case that is overdue at the end of the period."""

    case_id: int
    category: Category
    due_at: int  # seconds


@dataclass(frozen=True)
class Figures:
    """A report; ``until``: the instant at which what remains was counted."""

    period: Period
    until: datetime
    sums: Sums
    before: Sums  # of the period before
    categories: Lines
    communes: Lines  # named by the codes of province and commune
    offices: Lines  # named as they were called; "" where nobody named one
    parts: Sequence[Part]
    late: Sequence[Late]


Within = Callable[[str | None, str | None], bool]


def figures(held: Held, period: Period, within: Within, now: datetime) -> Figures:
    """Count; ``within``: tells of a province's and a commune's code whether it is to be counted."""
    columns = held.columns
    allowed = np.array([within(*place) for place in held.names.places], dtype=bool)
    if not allowed.all():
        columns = columns.only(allowed[columns.place])
    window = _Window.of(period, now)
    before = period.before()
    since = int(before.begins_at.timestamp())
    rated = (columns.rated_at >= since) & (columns.rated_at != NEVER)
    columns = columns.only((columns.ended_at >= since) | rated)  # the rest is in no figure
    grouped = _Grouped(columns, window)
    return Figures(
        period=period,
        until=min(period.ends_at, now),
        sums=_sums(columns, window),
        before=_sums(columns, _Window.of(before, now)),
        categories=grouped.by(columns.category, CATEGORIES),
        communes=grouped.by(columns.place, held.names.places),
        offices=grouped.by(columns.office, held.names.offices),
        parts=_parts(columns, period, now),
        late=_late(columns, window),
    )


@dataclass(frozen=True)
class _Window:
    """From an instant to before another, in seconds."""

    begin: int
    end: int

    @classmethod
    def of(cls, period: Period, now: datetime) -> "_Window":
        begin, end = int(period.begins_at.timestamp()), int(period.ends_at.timestamp())
        # What happens in this very second has happened.
        end = min(end, int(now.timestamp()) + 1)
        return cls(min(begin, end), end)

    def holds(self, instants: Array) -> Array:
        """Mark the instants that lie in it."""
        held: Array = (instants >= self.begin) & (instants < self.end)
        return held


def _open_at(columns: Columns, instant: int) -> Array:
    mask: Array = (columns.begun_at < instant) & (columns.ended_at >= instant)
    return mask


def _is_late(columns: Columns) -> Array:
    """Mark what ended after its deadline; without one it was not late."""
    mask: Array = (columns.ended_at != NEVER) & (columns.ended_at > columns.due_at)
    return mask


def _sums(columns: Columns, window: _Window) -> Sums:
    begun, ended = window.holds(columns.begun_at), window.holds(columns.ended_at)
    received = begun & (columns.begun_by == BEGINNINGS.index(Beginning.RECEIVED))
    remaining = _open_at(columns, window.end)
    rated = window.holds(columns.rated_at)
    given = np.bincount(columns.rating[rated], minlength=6)[1:6]
    answered = columns.ended_in == STATES.index(State.ANSWERED)
    return Sums(
        carried=_number(_open_at(columns, window.begin)),
        received=_number(received),
        returned=_number(begun) - _number(received),
        settled={
            ending: _number(ended & (columns.ended_in == STATES.index(state)))
            for ending, state in _ENDED_IN.items()
        },
        late=_number(ended & _is_late(columns)),
        remaining=_number(remaining),
        overdue=_number(remaining & (columns.due_at < window.end)),
        acted=_length(columns.acted_in[window.holds(columns.acted_at)]),
        answered=_length(columns.took[ended & answered]),
        ratings=Ratings(tuple(given.tolist())),
    )


def _number(mask: Array) -> int:
    return int(np.count_nonzero(mask))


def _length(days: Array) -> Length:
    if not days.size:
        return Length(0)
    median, most = np.percentile(days, [50, 90])
    return Length(days.size, float(median), float(most))


class _Grouped:
    """Counts by whatever groups there are."""

    def __init__(self, columns: Columns, window: _Window) -> None:
        ended, remaining = window.holds(columns.ended_at), _open_at(columns, window.end)
        self._begun = window.holds(columns.begun_at)
        self._ended = ended
        self._late = ended & _is_late(columns)
        self._remaining = remaining
        self._overdue = remaining & (columns.due_at < window.end)
        self._answered = ended & (columns.ended_in == STATES.index(State.ANSWERED))
        self._took = columns.took

    def by(self, group: Array, names: Sequence[Any]) -> Lines:
        """Return a line for each group in which there is anything."""
        masks = (self._begun, self._ended, self._late, self._remaining, self._overdue)
        counts = [np.bincount(group[mask], minlength=len(names)) for mask in masks]
        medians = _medians(group[self._answered], self._took[self._answered], len(names))
        return Lines(names, np.column_stack(counts), medians)


def _medians(group: Array, values: Array, groups: int) -> Array:
    """Return the median of each group, NaN for one without a value."""
    by_value = np.argsort(values)
    # Numbers of 16 bits are put in order without comparing them, ten times as fast.
    group = group[by_value].astype(np.uint16 if groups < 1 << 16 else np.int64)
    sorted_values = values[by_value[np.argsort(group, kind="stable")]]
    counts = np.bincount(group, minlength=groups)
    there = np.flatnonzero(counts)
    first = (np.cumsum(counts) - counts)[there]
    low = sorted_values[first + (counts[there] - 1) // 2]
    high = sorted_values[first + counts[there] // 2]
    medians = np.full(groups, np.nan)
    medians[there] = (low + high) / 2
    return medians


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _parts(columns: Columns, period: Period, now: datetime) -> list[Part]:
    """Count by days, weeks or months, down to the one in which we are."""
    parts = [part for part in period.parts() if part.begins_at <= now]
    if not parts:
        return []
    windows = [_Window.of(part, now) for part in parts]
    edges = np.array([windows[0].begin, *(window.end for window in windows)])
    within = _counter(edges)
    late_from = np.maximum(columns.begun_at, columns.due_at)
    was_late = late_from < columns.ended_at
    late_from, late_until = late_from[was_late], columns.ended_at[was_late]
    begun, ended = within(columns.begun_at), within(columns.ended_at)
    remaining = _number(_open_at(columns, windows[0].begin)) + np.cumsum(begun - ended)
    overdue = [_number((late_from < window.end) & (late_until >= window.end)) for window in windows]
    answered = columns.ended_in == STATES.index(State.ANSWERED)
    acted = _medians_within(edges, columns.acted_at, columns.acted_in)
    took = _medians_within(edges, columns.ended_at[answered], columns.took[answered])
    return [
        Part(
            part,
            int(begun[number]),
            int(ended[number]),
            int(remaining[number]),
            overdue[number],
            _or_none(acted[number]),
            _or_none(took[number]),
        )
        for number, part in enumerate(parts)
    ]


def _counter(edges: Array) -> Callable[[Array], Array]:
    """Return what counts instants between one edge and the next."""

    def count(instants: Array) -> Array:
        place = np.searchsorted(edges, instants, side="right") - 1
        inside = (place >= 0) & (place < len(edges) - 1)
        counted: Array = np.bincount(place[inside], minlength=len(edges) - 1)
        return counted

    return count


def _medians_within(edges: Array, instants: Array, values: Array) -> Array:
    """Return the median between each edge and the next."""
    place = np.searchsorted(edges, instants, side="right") - 1
    inside = (place >= 0) & (place < len(edges) - 1)
    return _medians(place[inside], values[inside], len(edges) - 1)


def _late(columns: Columns, window: _Window) -> list[Late]:
    late = columns.only(_open_at(columns, window.end) & (columns.due_at < window.end))
    order = np.argsort(late.due_at, kind="stable")
    rows = zip(
        late.case_id[order].tolist(),
        late.category[order].tolist(),
        late.due_at[order].tolist(),
        strict=True,
    )
    return [Late(case_id, CATEGORIES[category], due_at) for case_id, category, due_at in rows]
