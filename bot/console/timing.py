"""The clocks of a case, as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.console import texts
from bot.feedback.clocks import Basis, Rule, Urgency, is_provisional, urgency
from bot.feedback.deadlines import Clock, Deadlines
from bot.feedback.models import Case, Kind
from bot.feedback.reckoning import RUNS_IN, Entered, started
from bot.feedback.timeline import Entry
from bot.working_time.calendar import Calendar


@dataclass(frozen=True)
class Bar:
    """A clock that runs, as a bar."""

    clock: Clock
    due_at: datetime
    urgency: Urgency
    left: str  # "còn 2 ngày làm việc"
    percent: int  # of the working time that has passed
    basis: Basis
    provisional: bool


def bars(case: Case, entries: Sequence[Entry], deadlines: Deadlines, now: datetime) -> list[Bar]:
    """Return the clocks of a case that run, the first to end on top."""
    past = [Entered(each.state, each.at) for each in entries if each.kind in _ENTERING]
    due = {
        Clock.TRIAGE: case.triage_due_at,
        Clock.FORWARD: case.forward_due_at,
        Clock.ANSWER: case.answer_due_at,
    }
    running = []
    for clock, due_at in due.items():
        if due_at is not None and case.state in RUNS_IN[clock]:
            begin = started(clock, past)
            rule = deadlines.rule(clock, case.category, case.province_code, begin)
            running.append(_bar(clock, begin, due_at, rule, now))
    return sorted(running, key=lambda bar: bar.due_at)


_ENTERING = (Kind.OPENED, Kind.MOVED)


def _bar(clock: Clock, begin: datetime, due_at: datetime, rule: Rule, now: datetime) -> Bar:
    whole = rule.calendar.worked(begin, due_at) or timedelta(minutes=1)
    passed = min(1.0, rule.calendar.worked(begin, now) / whole)
    return Bar(
        clock=clock,
        due_at=due_at,
        urgency=urgency(now, due_at, rule),
        left=left(now, due_at, rule.calendar),
        percent=round(100 * passed),
        basis=rule.basis,
        provisional=is_provisional(due_at, rule),
    )


def left(now: datetime, due_at: datetime, calendar: Calendar) -> str:
    """Say how long is left, or by how much a deadline was missed, in working days."""
    today, last = calendar.day_of(now), calendar.day_of(due_at)
    if now > due_at:
        days = calendar.holidays.working_days(last, today)
        return texts.LATE_BY.format(days=days) if days else texts.LATE_TODAY
    days = calendar.holidays.working_days(today, last)
    return texts.LEFT.format(days=days) if days else texts.LEFT_TODAY
