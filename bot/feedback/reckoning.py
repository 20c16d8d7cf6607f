"""Which clocks run in which state, and what a case's past makes of its deadlines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.feedback.clocks import Pause, Rule, due
from bot.feedback.deadlines import Clock
from bot.feedback.states import State

# A clock stands still in every other state: the case waits for its reporter or lies elsewhere.
RUNS_IN: dict[Clock, frozenset[State]] = {
    Clock.TRIAGE: frozenset({State.NEW}),
    Clock.FORWARD: frozenset({State.NEW, State.TRIAGED}),
    Clock.ANSWER: frozenset(
        {State.NEW, State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED}
    ),
}


@dataclass(frozen=True)
class Entered:
    """That a case came into a state, and when."""

    state: State
    at: datetime


def started(clock: Clock, past: Sequence[Entered]) -> datetime:
    """Return when the clock was started: at the arrival; for an answer anew when reopened."""
    reopened = [each.at for each in past if each.state is State.REOPENED]
    return reopened[-1] if reopened and clock is Clock.ANSWER else past[0].at


def reckon(
    clock: Clock, past: Sequence[Entered], rule: Callable[[datetime], Rule]
) -> datetime | None:
    """Return when the case is due; None while the clock stands still.

    ``past``: every state from the arrival on, the present one last. ``rule`` gives the rule of a
    clock that was started at an instant.
    """
    begin = started(clock, past)
    since = [each for each in past if each.at >= begin]
    return due(begin, rule(begin), _pauses(clock, since))


def _pauses(clock: Clock, past: Sequence[Entered]) -> Iterator[Pause]:
    ends = [each.at for each in past[1:]]
    for each, end in zip(past, [*ends, None], strict=True):
        if each.state not in RUNS_IN[clock]:
            yield Pause(each.at, end)
