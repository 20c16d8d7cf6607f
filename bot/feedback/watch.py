"""What the program does with a case by itself, and when: pure functions of where the case stands.

- Before a deadline the case is marked as soon due, after it as late, and some time later the
  leads of the area are called. The first answer that is late is owned up to the reporter, with a
  new date.
- A reporter who was asked something is reminded once; then the work goes on with what is known.
- An answer that nobody disputes ends the case.

How long each takes stands in ``data/deadlines.yml``. What is done is marked in the case, so that
it is not done again: one mark for each clock, which starts anew only with a deadline to come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from bot.feedback.clocks import Rule, due, warn_at
from bot.feedback.deadlines import Clock, Wait
from bot.feedback.reckoning import RUNS_IN
from bot.feedback.states import State


class Stage(Enum):
    """What was last done about a deadline."""

    WARNED = "warned"  # sắp đến hạn
    OVERDUE = "overdue"  # quá hạn
    ESCALATED = "escalated"  # đã báo cấp phụ trách


_LATE = (Stage.OVERDUE, Stage.ESCALATED)


class Deed(Enum):
    """What the program does by itself."""

    WARN = "warn"
    MARK_LATE = "mark_late"
    ESCALATE = "escalate"
    REMIND = "remind"
    RESUME = "resume"
    CLOSE = "close"


_OVERTAKEN_BY = {Deed.WARN: Deed.MARK_LATE, Deed.REMIND: Deed.RESUME}


@dataclass(frozen=True)
class Task:
    """Something to be done once that instant has passed."""

    after: datetime
    deed: Deed
    clock: Clock | None = None  # of a deed about a deadline


@dataclass(frozen=True)
class Standing:
    """What decides on what is still to be done with a case."""

    state: State
    since: datetime  # when it came into this state
    due_at: Mapping[Clock, datetime | None]
    stages: Mapping[Clock, Stage | None]
    reminded: bool = False  # since it came into this state


class Rules(Protocol):
    """The figures that a case follows."""

    def deadline(self, clock: Clock) -> Rule:
        """Return the rule by which the clock's deadline was set."""

    def wait(self, wait: Wait) -> Rule:
        """Return how long to wait."""


def agenda(standing: Standing, rules: Rules) -> list[Task]:
    """Return everything that is still to be done if nobody does anything, in its order."""
    tasks = [*_about_deadlines(standing, rules), *_about_waiting(standing, rules)]
    return sorted(tasks, key=lambda task: task.after)


def due_tasks(standing: Standing, rules: Rules, now: datetime) -> list[Task]:
    """Return what is to be done now, in its order.

    What came too late to be of use is left out: a warning after its deadline, a reminder after
    the wait has ended.
    """
    past = [task for task in agenda(standing, rules) if task.after < now]
    there = {(task.deed, task.clock) for task in past}
    return [task for task in past if (_OVERTAKEN_BY.get(task.deed), task.clock) not in there]


def next_look(standing: Standing, rules: Rules) -> datetime | None:
    """Return after which instant there is something to do; None: never, as it stands."""
    return min((task.after for task in agenda(standing, rules)), default=None)


def starts_anew(was: datetime | None, due_at: datetime | None, now: datetime) -> bool:
    """Tell whether a deadline that was just set has nothing to do with what was marked before.

    One that lies in the past is the same lateness as before, for which nobody is told twice.
    """
    return due_at != was and (due_at is None or due_at > now)


def _about_deadlines(standing: Standing, rules: Rules) -> Iterator[Task]:
    for clock, due_at in standing.due_at.items():
        if due_at is None or standing.state not in RUNS_IN[clock]:
            continue
        stage = standing.stages[clock]
        if stage is None:
            yield Task(warn_at(due_at, rules.deadline(clock)), Deed.WARN, clock)
        if stage not in _LATE:
            yield Task(due_at, Deed.MARK_LATE, clock)
        if stage is not Stage.ESCALATED:
            yield Task(_end(due_at, rules.wait(Wait.ESCALATE)), Deed.ESCALATE, clock)


def _about_waiting(standing: Standing, rules: Rules) -> Iterator[Task]:
    if standing.state is State.NEED_INFO:
        if not standing.reminded:
            yield Task(_end(standing.since, rules.wait(Wait.REMIND)), Deed.REMIND)
        yield Task(_end(standing.since, rules.wait(Wait.RESUME)), Deed.RESUME)
    if standing.state is State.ANSWERED:
        yield Task(_end(standing.since, rules.wait(Wait.CLOSE)), Deed.CLOSE)


def _end(began: datetime, rule: Rule) -> datetime:
    """Return when a wait ends; none of them stands still."""
    end = due(began, rule)
    if end is None:
        raise ValueError("a wait without a pause has an end")
    return end
