"""Working days and hours (ngày làm việc, giờ làm việc) of Vietnam's public offices.

The holidays come from the package ``holidays`` and, where it knows too little, from
``holidays.yml``, which says how far they are announced.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import holidays
import msgspec
from msgspec import Struct

from bot.working_time.zone import VIETNAM

HOLIDAYS = Path(__file__).with_name("holidays.yml")

_DAY = timedelta(days=1)

Date = date  # the name, for a field that is called like it
Hours = tuple[tuple[time, time], ...]


class EveryYear(Struct, frozen=True, forbid_unknown_fields=True):
    """A holiday on the same day of each year, from a year on."""

    month: int
    day: int
    since: int
    source: str


class OneDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A single day that is off, or worked."""

    date: Date
    source: str


class Corrections(Struct, frozen=True, forbid_unknown_fields=True):
    """What the package does not know."""

    announced_until: date
    every_year: tuple[EveryYear, ...]
    closed: tuple[OneDay, ...]
    worked: tuple[OneDay, ...]


class Holidays:
    """Which days offices work; the same for the whole country."""

    def __init__(self, corrections: Corrections) -> None:
        self._known = holidays.country_holidays("VN")
        self._closed = {each.date for each in corrections.closed}
        self._worked = {each.date for each in corrections.worked}
        self._every_year = corrections.every_year
        self.announced_until = corrections.announced_until
        self._works: dict[date, bool] = {}

    def works(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        works = self._works.get(day)
        if works is None:  # asked for again and again: every clock and every page counts days
            works = self._works[day] = self._looked_up(day)
        return works

    def _looked_up(self, day: date) -> bool:
        if day in self._worked:
            return True
        if day in self._closed or self._returns(day):
            return False
        return self._known.is_working_day(day)

    def working_days(self, first: date, second: date) -> int:
        """Count the working days that follow the first day, the second included."""
        days = range(1, (second - first).days + 1)
        return sum(self.works(first + timedelta(number)) for number in days)

    def _returns(self, day: date) -> bool:
        return any(
            (day.month, day.day) == (each.month, each.day) and day.year >= each.since
            for each in self._every_year
        )


@lru_cache(maxsize=1)
def vietnam() -> Holidays:
    """Read the holidays once in a process."""
    return Holidays(msgspec.yaml.decode(HOLIDAYS.read_bytes(), type=Corrections))


@dataclass(frozen=True)
class Calendar:
    """The working time of an office: its hours on each working day, in order."""

    hours: Hours
    holidays: Holidays

    @property
    def length_of_day(self) -> timedelta:
        """The working time of one day."""
        shifts = (closes - opens for opens, closes in (_on(date.min, each) for each in self.hours))
        return sum(shifts, timedelta())

    def day_of(self, at: datetime) -> date:
        """Return the day in Vietnam on which an instant falls."""
        return at.astimezone(VIETNAM).date()

    def begins(self, day: date) -> datetime:
        """Return midnight, with which the day begins."""
        return datetime.combine(day, time(), VIETNAM)

    def closes(self, day: date) -> datetime:
        """Return when the office closes on that day, were it a working day."""
        return datetime.combine(day, self.hours[-1][1], VIETNAM)

    def working_day_from(self, day: date) -> date:
        """Return the day itself, or the next on which the office works."""
        return next(self._working_days(day))

    def nth_working_day_after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after that day, which does not count itself."""
        after = self._working_days(day + _DAY)
        for _ in range(count - 1):
            next(after)
        return next(after)

    def worked(self, begin: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants; zero when they are the wrong way round."""
        total = timedelta()
        for opens, closes in self._shifts(self.day_of(begin)):
            if opens >= end:
                return total
            total += max(min(closes, end) - max(opens, begin), timedelta())
        return total

    def later(self, at: datetime, by: timedelta) -> datetime:
        """Return when that much working time will have passed; ``at`` itself for none."""
        if not by:
            return at
        for opens, closes in self._shifts(self.day_of(at)):
            start = max(opens, at)
            if by <= closes - start:
                return start + by
            by -= max(closes - start, timedelta())
        return at

    def earlier(self, at: datetime, by: timedelta) -> datetime:
        """Return from when that much working time is left; ``at`` itself for none."""
        if not by:
            return at
        for opens, closes in self._shifts_back(self.day_of(at)):
            end = min(closes, at)
            if by <= end - opens:
                return end - by
            by -= max(end - opens, timedelta())
        return at

    def _working_days(self, day: date, step: timedelta = _DAY) -> Iterator[date]:
        while True:
            if self.holidays.works(day):
                yield day
            day += step

    def _shifts(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for each in self._working_days(day):
            for shift in self.hours:
                yield _on(each, shift)

    def _shifts_back(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for each in self._working_days(day, -_DAY):
            for shift in reversed(self.hours):
                yield _on(each, shift)


def _on(day: date, shift: tuple[time, time]) -> tuple[datetime, datetime]:
    opens, closes = shift
    return datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)
