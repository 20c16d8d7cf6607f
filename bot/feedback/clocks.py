"""When a case is due: pure functions of when it arrived, a rule, and when its clock stood still.

- ``working_days``: the day of arrival does not count; due when the office closes on the last one.
- ``days``: calendar days, counted alike; a last day on which the office is closed moves on.
- ``working_hours``: from the arrival on.

A pause shifts the end by the working time that it took (of calendar days: by its whole length),
and only by what lies between the start of the count and the end that it shifts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.working_time.calendar import Calendar


class Unit(Enum):
    """In what a length is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WORKING_HOURS = "working_hours"


@dataclass(frozen=True)
class Basis:
    """On what a figure rests: a legal text, or a goal that the service sets itself."""

    text: str  # for operators
    law: bool
    words: str = ""  # the same in Vietnamese, for staff


@dataclass(frozen=True)
class Rule:
    """One deadline of a case."""

    amount: int
    unit: Unit
    warn_before: timedelta  # working time
    basis: Basis
    calendar: Calendar


@dataclass(frozen=True)
class Pause:
    """A time in which nobody of ours could do anything; ``end`` None: it goes on."""

    begin: datetime
    end: datetime | None = None


class Urgency(Enum):
    """How a case stands against one clock."""

    CALM = "calm"
    SOON = "soon"  # sắp đến hạn
    OVERDUE = "overdue"  # quá hạn


def due(started: datetime, rule: Rule, pauses: Iterable[Pause] = ()) -> datetime | None:
    """Return the instant after which the case is late; None while its clock stands still.

    Pauses may come in any order and overlap. One that began after the end changes nothing.
    """
    counted_from, end = _unpaused(started, rule)
    reached = counted_from  # pauses before this instant are accounted for
    for pause in sorted(pauses, key=lambda each: each.begin):
        if pause.begin > end:
            break
        if pause.end is None:
            return None
        begin = max(pause.begin, reached)
        if pause.end > begin:
            end = _shifted(end, begin, pause.end, rule)
            reached = pause.end
    return end if rule.unit is not Unit.DAYS else _closing(end, rule.calendar)


def warn_at(due_at: datetime, rule: Rule) -> datetime:
    """Return from when on the case is to be marked as soon due."""
    return rule.calendar.earlier(due_at, rule.warn_before)


def urgency(now: datetime, due_at: datetime | None, rule: Rule) -> Urgency:
    """Tell how a clock stands; a clock that stands still is calm."""
    if due_at is None:
        return Urgency.CALM
    if now > due_at:
        return Urgency.OVERDUE
    return Urgency.SOON if now >= warn_at(due_at, rule) else Urgency.CALM


def is_provisional(due_at: datetime, rule: Rule) -> bool:
    """Tell whether holidays that nobody announced yet may still move this end (dự kiến)."""
    calendar = rule.calendar
    return calendar.day_of(due_at) > calendar.holidays.announced_until


def _unpaused(started: datetime, rule: Rule) -> tuple[datetime, datetime]:
    """Return from when the time is counted, and when it ends without a pause."""
    calendar, arrived = rule.calendar, rule.calendar.day_of(started)
    if rule.unit is Unit.WORKING_HOURS:
        return started, calendar.later(started, timedelta(hours=rule.amount))
    counted_from = calendar.begins(arrived + timedelta(days=1))
    if rule.unit is Unit.WORKING_DAYS:
        return counted_from, calendar.closes(calendar.nth_working_day_after(arrived, rule.amount))
    return counted_from, calendar.closes(arrived + timedelta(days=rule.amount))


def _shifted(end: datetime, begin: datetime, until: datetime, rule: Rule) -> datetime:
    if rule.unit is Unit.DAYS:
        return end + (until - begin)
    return rule.calendar.later(end, rule.calendar.worked(begin, until))


def _closing(end: datetime, calendar: Calendar) -> datetime:
    """Return when the office closes on the day of this end, or on the next working day."""
    return calendar.closes(calendar.working_day_from(calendar.day_of(end)))
