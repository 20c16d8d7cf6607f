"""The stints of a case, from what happened to it. Pure."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.feedback.clocks import Rule
from bot.feedback.deadlines import Clock
from bot.feedback.reckoning import RUNS_IN, Entered, reckon
from bot.feedback.reports.models import Beginning
from bot.feedback.states import OPEN, Move, Role, State

_STAFF = frozenset({Role.SUPERVISOR, Role.LEAD})


@dataclass(frozen=True)
class Step:
    """That a case came into a state: when it arrived, without a move, or by a move."""

    at: datetime
    state: State
    move: Move | None
    role: Role


@dataclass(frozen=True)
class Spell:
    """A stint as it follows from the steps; lengths in working days."""

    begun_by: Beginning
    begun_at: datetime
    acted_at: datetime | None = None
    acted_in: float | None = None
    ended_at: datetime | None = None
    ended_in: State | None = None
    took: float | None = None
    due_at: datetime | None = None


def spells(steps: Sequence[Step], rule: Callable[[datetime], Rule]) -> list[Spell]:
    """Return the stints of a case in their order.

    ``steps``: every one from the arrival on. ``rule``: gives the deadline of an answer whose clock
    was started at an instant.
    """
    found: list[Spell] = []
    past: list[Entered] = []
    for before, step in itertools.pairwise([None, *steps]):
        if step is None:
            continue
        if before is None or (before.state not in OPEN and step.state in OPEN):
            found.append(Spell(_beginning(step), step.at))
        elif before.state in OPEN:
            found[-1] = _went_on(found[-1], before, step, past, rule)
        past.append(Entered(step.state, step.at))
    if found and found[-1].ended_at is None:
        found[-1] = replace(found[-1], due_at=reckon(Clock.ANSWER, past, rule))
    return found


def _beginning(step: Step) -> Beginning:
    if step.move is None:
        return Beginning.RECEIVED
    return Beginning.REOPENED if step.move is Move.REOPEN else Beginning.TAKEN_BACK


def _went_on(
    spell: Spell,
    before: Step,
    step: Step,
    past: Sequence[Entered],
    rule: Callable[[datetime], Rule],
) -> Spell:
    if spell.acted_at is None and before.state is State.NEW and step.role in _STAFF:
        waited = _working_days([Entered(State.NEW, spell.begun_at)], step.at, rule)
        spell = replace(spell, acted_at=step.at, acted_in=waited)
    if step.state in OPEN:
        return spell
    since = [each for each in past if each.at >= spell.begun_at]
    return replace(
        spell,
        ended_at=step.at,
        ended_in=step.state,
        took=_working_days(since, step.at, rule),
        due_at=reckon(Clock.ANSWER, past, rule),
    )


def _working_days(
    entered: Iterable[Entered], until: datetime, rule: Callable[[datetime], Rule]
) -> float:
    """Return the working days in which the clock of the answer ran."""
    some = list(entered)
    calendar = rule(some[0].at).calendar
    ends = [*(each.at for each in some[1:]), until]
    worked = (
        calendar.worked(each.at, end)
        for each, end in zip(some, ends, strict=True)
        if each.state in RUNS_IN[Clock.ANSWER]
    )
    return sum(worked, timedelta()) / calendar.length_of_day
