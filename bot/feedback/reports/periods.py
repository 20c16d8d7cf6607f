"""The periods that reports are of (kỳ báo cáo), in days of Vietnam. Pure.

Months, quarters, halves and years are those of the calendar, or those of administrative reports
(``by_the_14th``): from the 15th before to the 14th, so that the month of November runs from 15/10
to 14/11 and the year from 15/12 of the year before. The decision record on reports tells the
grounds, and how sure they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.working_time.zone import VIETNAM

LONGEST = 3660  # days
_DAY = timedelta(days=1)
_BY_DAY, _BY_WEEK = 14, 400  # days; longer periods are drawn by weeks, then by months


class Span(Enum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"  # 6 tháng
    YEAR = "year"
    RANGE = "range"  # from a day to a day


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6, Span.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    span: Span
    first: date
    last: date
    by_the_14th: bool = False

    @property
    def year(self) -> int:
        """The year that the period is named after; a week's is that of its Thursday."""
        if self.span is Span.WEEK:
            return self.first.isocalendar().year
        return self.last.year

    @property
    def number(self) -> int:
        """Which of the year's it is: week 48, month 11, quarter 4; 1 for a year or a range."""
        if self.span is Span.WEEK:
            return self.first.isocalendar().week
        return (self.last.month - 1) // _MONTHS[self.span] + 1 if self.span in _MONTHS else 1

    @property
    def begins_at(self) -> datetime:
        """The instant with which it begins."""
        return _midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The instant with which it is over, which is no part of it."""
        return _midnight(self.last + _DAY)

    def before(self) -> "Period":
        """Return the period before, of the same length."""
        if self.span is Span.RANGE:
            return Period(Span.RANGE, self.first - self._length, self.first - _DAY)
        return period_of(self.span, self.first - _DAY, by_the_14th=self.by_the_14th)

    def after(self) -> "Period":
        """Return the period after, of the same length."""
        if self.span is Span.RANGE:
            return Period(Span.RANGE, self.last + _DAY, self.last + self._length)
        return period_of(self.span, self.last + _DAY, by_the_14th=self.by_the_14th)

    def parts(self) -> list["Period"]:
        """Return what a chart over time is drawn by: its days, weeks or months, in order.

        The first and the last are cut off where the period begins and ends.
        """
        if self._length <= timedelta(days=_BY_DAY):
            return [Period(Span.RANGE, day, day) for day in self._days()]
        span = Span.WEEK if self._length <= timedelta(days=_BY_WEEK) else Span.MONTH
        found, day = list[Period](), self.first
        while day <= self.last:
            whole = period_of(span, day)
            found.append(Period(span, day, min(whole.last, self.last)))
            day = whole.last + _DAY
        return found

    @property
    def _length(self) -> timedelta:
        return self.last + _DAY - self.first

    def _days(self) -> Iterator[date]:
        for number in range(self._length.days):
            yield self.first + number * _DAY


def period_of(span: Span, on: date, *, by_the_14th: bool = False) -> Period:
    """Return the period in which a day lies.

    Raises ValueError for a range, and OverflowError at the ends of the calendar.
    """
    if span is Span.WEEK:
        monday = on - on.weekday() * _DAY
        return Period(span, monday, monday + 6 * _DAY)
    if span is Span.RANGE:
        raise ValueError("a range has a first and a last day")
    month = _month(on) + (by_the_14th and on.day >= 15)
    months = _MONTHS[span]
    begin = month - month % months
    first, last = _first_of(begin), _first_of(begin + months) - _DAY
    if by_the_14th:
        first, last = _first_of(begin - 1).replace(day=15), last.replace(day=14)
    return Period(span, first, last, by_the_14th)


def _month(on: date) -> int:
    """Number the months through the years."""
    return on.year * 12 + on.month - 1


def _first_of(month: int) -> date:
    year, month = divmod(month, 12)
    if not date.min.year < year < date.max.year:
        raise OverflowError("the calendar ends there")
    return date(year, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
