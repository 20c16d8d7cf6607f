"""A case's deadlines and marks, between its columns and the pure functions that reckon them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.feedback.clocks import Rule
from bot.feedback.deadlines import Clock, Deadlines, Wait
from bot.feedback.models import Case
from bot.feedback.ranking import rank
from bot.feedback.reckoning import RUNS_IN, Entered, reckon, started
from bot.feedback.watch import Stage, Standing, next_look, starts_anew

_DUE_COLUMNS = {
    Clock.TRIAGE: "triage_due_at",
    Clock.FORWARD: "forward_due_at",
    Clock.ANSWER: "answer_due_at",
}
_STAGE_COLUMNS = {
    Clock.TRIAGE: "triage_stage",
    Clock.FORWARD: "forward_stage",
    Clock.ANSWER: "answer_stage",
}


class CaseRules:
    """The figures that one case follows, by what it is about, where, and when it came."""

    def __init__(self, deadlines: Deadlines, case: Case, past: Sequence[Entered]) -> None:
        """``past``: every state from the arrival on, the present one last."""
        self._deadlines = deadlines
        self._case = case
        self._past = past

    def since(self, clock: Clock, began: datetime) -> Rule:
        """Return the rule of a clock that was started at that instant."""
        case = self._case
        return self._deadlines.rule(clock, case.category, case.province_code, began)

    def deadline(self, clock: Clock) -> Rule:
        """Return the rule by which the clock's deadline was set."""
        return self.since(clock, started(clock, self._past))

    def wait(self, wait: Wait) -> Rule:
        """Return how long to wait."""
        return self._deadlines.wait(wait, self._case.province_code, self._past[-1].at)


def standing_of(case: Case, past: Sequence[Entered]) -> Standing:
    """Return where a case stands; ``past`` ends with its present state."""
    since = past[-1].at
    return Standing(
        case.state,
        since,
        {clock: getattr(case, column) for clock, column in _DUE_COLUMNS.items()},
        {clock: getattr(case, column) for clock, column in _STAGE_COLUMNS.items()},
        reminded=case.reminded_at is not None and case.reminded_at >= since,
    )


def set_deadlines(case: Case, past: Sequence[Entered], rules: CaseRules) -> None:
    """Set when the case is due by every clock that runs, and no time for one that waits.

    A clock that has done its work keeps what it was last set to, for the reports.
    """
    for clock in Clock:
        if case.state in RUNS_IN[clock] or case.resume_to in RUNS_IN[clock]:
            at = reckon(clock, past, partial(rules.since, clock))
            _set_deadline(case, clock, at, now=past[-1].at)
    _set_rank(case, rules)
    plan(case, past, rules)


def plan(case: Case, past: Sequence[Entered], rules: CaseRules) -> None:
    """Note when the program has next something to do with the case."""
    case.look_at = next_look(standing_of(case, past), rules)


def mark(case: Case, clock: Clock, stage: Stage | None) -> None:
    """Note what was done about a deadline."""
    setattr(case, _STAGE_COLUMNS[clock], stage)


def due_at(case: Case, clock: Clock) -> datetime | None:
    """Return when the case is due by a clock, as it is kept."""
    at: datetime | None = getattr(case, _DUE_COLUMNS[clock])
    return at


def _set_rank(case: Case, rules: CaseRules) -> None:
    """Put the case in its place in the queue."""
    running = [clock for clock in Clock if case.state in RUNS_IN[clock]]
    ends = [(at, rules.deadline(clock)) for clock in running if (at := due_at(case, clock))]
    place = rank(case.state, case.changed_at, ends)
    case.lane, case.rank_at, case.warn_at = place.lane, place.rank_at, place.warn_at


def _set_deadline(case: Case, clock: Clock, at: datetime | None, now: datetime) -> None:
    if starts_anew(due_at(case, clock), at, now):
        mark(case, clock, None)
        if clock is Clock.ANSWER:
            case.promised_at = None
    setattr(case, _DUE_COLUMNS[clock], at)
