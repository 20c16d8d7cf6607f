"""The deadlines of each kind of case, read from ``data/deadlines.yml``, which explains them."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path

import msgspec
from msgspec import Struct, field

from bot.feedback.category import Category
from bot.feedback.clocks import Basis, Rule, Unit
from bot.feedback.errors import BadDeadlines
from bot.working_time.calendar import Calendar, Holidays, Hours, vietnam

DEADLINES = Path(__file__).with_name("data") / "deadlines.yml"


class Clock(Enum):
    """What has to happen in time."""

    TRIAGE = "triage"  # somebody has read it and set its category
    FORWARD = "forward"  # what is not ours has gone to the body in charge
    ANSWER = "answer"  # the reporter has an answer


class Wait(Enum):
    """How long the program waits before it does something by itself."""

    ESCALATE = "escalate"  # after a deadline: the leads of the area are called
    EXPECT = "expect"  # after a missed answer: the new date that the reporter is told
    REMIND = "remind"  # since the reporter was asked: they are reminded, once
    RESUME = "resume"  # since the reporter was asked: the work goes on with what is known
    CLOSE = "close"  # since the answer: nobody said that it is not enough


class _Length(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    basis: str
    working_days: int | None = None
    days: int | None = None
    working_hours: int | None = None


class _Figure(_Length, frozen=True, forbid_unknown_fields=True, kw_only=True):
    warn: int  # working hours before the end


_Figures = dict[Clock, _Figure]
_Waits = dict[Wait, _Length]


class _Province(Struct, frozen=True, forbid_unknown_fields=True):
    hours: tuple[tuple[str, str], ...] | None = None
    default: _Figures = field(default_factory=dict)
    categories: dict[Category, _Figures] = field(default_factory=dict)
    waits: _Waits = field(default_factory=dict)


class _Version(Struct, frozen=True, forbid_unknown_fields=True):
    in_force_from: date
    checked_on: date
    hours: tuple[tuple[str, str], ...]
    default: _Figures
    waits: _Waits
    categories: dict[Category, _Figures] = field(default_factory=dict)
    provinces: dict[str, _Province] = field(default_factory=dict)


class _BasisText(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    words: str
    law: bool


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    bases: dict[str, _BasisText]
    versions: tuple[_Version, ...]


class InForce(Struct, frozen=True):
    """Since when figures are in force, when they were last held against the law, and exceptions."""

    since: date
    checked_on: date
    provinces: tuple[str, ...]


class Deadlines:
    """Every deadline that was ever in force."""

    def __init__(self, file: _File, holidays: Holidays) -> None:
        """Check the whole file; raises BadDeadlines."""
        self._bases = {
            name: Basis(each.text, each.law, each.words) for name, each in file.bases.items()
        }
        self._versions = sorted(file.versions, key=lambda each: each.in_force_from)
        self._holidays = holidays
        if not self._versions:
            raise BadDeadlines("the file of deadlines has no version")
        for version in self._versions:
            for province in (None, *version.provinces):
                self._check(version, province)

    def rule(
        self, clock: Clock, category: Category, province: str | None, started: datetime
    ) -> Rule:
        """Return the deadline of a case whose clock was started at that instant.

        What started before the first version follows the first.
        """
        return self._rule(self._version_of(started), province, category, clock)

    def wait(self, wait: Wait, province: str | None, began: datetime) -> Rule:
        """Return how long to wait for something since that instant."""
        return self._waited(self._version_of(began), province, wait)

    def in_force(self, at: datetime) -> InForce:
        """Return what whoever answers for the figures has to know of those of that instant."""
        version = self._version_of(at)
        return InForce(version.in_force_from, version.checked_on, tuple(version.provinces))

    def _version_of(self, started: datetime) -> _Version:
        found = self._versions[0]
        for version in self._versions:
            calendar = Calendar(_hours(version.hours), self._holidays)
            if version.in_force_from <= calendar.day_of(started):
                found = version
        return found

    def _rule(
        self, version: _Version, province: str | None, category: Category, clock: Clock
    ) -> Rule:
        local = version.provinces.get(province or "", _Province())
        figure = next(
            (
                figures[clock]
                for figures in _nearest_first(version, local, category)
                if clock in figures
            ),
            None,
        )
        if figure is None:
            raise BadDeadlines(f"no figure for {clock.value} in the version {_named(version)}")
        if figure.warn < 0:
            raise BadDeadlines("a warning comes before the end")
        return self._built(figure, timedelta(hours=figure.warn), version, local)

    def _waited(self, version: _Version, province: str | None, wait: Wait) -> Rule:
        local = version.provinces.get(province or "", _Province())
        length = local.waits.get(wait) or version.waits.get(wait)
        if length is None:
            raise BadDeadlines(f"no length of {wait.value} in the version {_named(version)}")
        return self._built(length, timedelta(), version, local)

    def _built(
        self, length: _Length, warn_before: timedelta, version: _Version, local: _Province
    ) -> Rule:
        lengths = [(unit, getattr(length, unit.value)) for unit in Unit]
        given = [(unit, amount) for unit, amount in lengths if amount is not None]
        if len(given) != 1 or given[0][1] < 1:
            raise BadDeadlines("a figure needs one length of at least one")
        if length.basis not in self._bases:
            raise BadDeadlines(f"the basis {length.basis!r} is not explained")
        calendar = Calendar(_hours(local.hours or version.hours), self._holidays)
        unit, amount = given[0]
        return Rule(amount, unit, warn_before, self._bases[length.basis], calendar)

    def _check(self, version: _Version, province: str | None) -> None:
        waits = {wait: self._waited(version, province, wait) for wait in Wait}
        if not _within(waits[Wait.REMIND], waits[Wait.RESUME]):
            raise BadDeadlines(
                f"the reminder comes after the end of the wait "
                f"({province or 'everywhere'}, version {_named(version)})"
            )
        for category in Category:
            rules = {clock: self._rule(version, province, category, clock) for clock in Clock}
            if not _within(rules[Clock.TRIAGE], rules[Clock.FORWARD]):
                raise BadDeadlines(
                    f"triage of {category.value} ends after the limit for sending on "
                    f"({province or 'everywhere'}, version {_named(version)})"
                )


def load_deadlines(file: Path = DEADLINES, holidays: Holidays | None = None) -> Deadlines:
    """Read and check the deadlines.

    Raises msgspec.ValidationError when the file has another shape, BadDeadlines when a figure
    cannot be followed.
    """
    return Deadlines(
        msgspec.yaml.decode(file.read_bytes(), type=_File, strict=False), holidays or vietnam()
    )


def _nearest_first(version: _Version, local: _Province, category: Category) -> Iterator[_Figures]:
    yield local.categories.get(category, {})
    yield local.default
    yield version.categories.get(category, {})
    yield version.default


def _hours(texts: tuple[tuple[str, str], ...]) -> Hours:
    try:
        hours = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in texts)
    except ValueError as error:
        raise BadDeadlines("office hours are written as 07:30") from error
    moments = [moment for shift in hours for moment in shift]
    if not moments or any(a >= b for a, b in itertools.pairwise(moments)):
        raise BadDeadlines("office hours must follow each other within one day")
    return hours


def _within(rule: Rule, limit: Rule) -> bool:
    """Tell whether a length surely ends with the limit or before, whenever both began."""
    if rule.unit is limit.unit:
        return rule.amount <= limit.amount
    if rule.unit is not Unit.WORKING_HOURS or limit.unit is not Unit.WORKING_DAYS:
        return False
    return timedelta(hours=rule.amount) <= limit.amount * rule.calendar.length_of_day


def _named(version: _Version) -> str:
    return f"of {version.in_force_from.isoformat()}"
