"""A case's past decides when it is due: waiting and lying elsewhere do not count."""

from datetime import datetime, timedelta

from bot.feedback.category import Category
from bot.feedback.deadlines import Clock, load_deadlines
from bot.feedback.reckoning import RUNS_IN, Entered, reckon, started
from bot.feedback.states import OPEN, State
from bot.working_time.zone import VIETNAM

ARRIVAL = datetime(2026, 11, 9, 9, tzinfo=VIETNAM)  # a Monday
DEADLINES = load_deadlines()


def past(*states: tuple[State, int]) -> list[Entered]:
    """Build a past from states and the day, counted from the arrival, on which each began."""
    return [Entered(state, ARRIVAL + timedelta(days=day)) for state, day in states]


def due(clock: Clock, *states: tuple[State, int]) -> str | None:
    end = reckon(
        clock,
        past(*states),
        lambda began: DEADLINES.rule(clock, Category.OTHER, None, began),
    )
    return end.strftime("%d/%m %H:%M") if end else None


def test_a_case_that_was_never_held_up_is_due_as_the_rule_says():
    way = [(State.NEW, 0), (State.TRIAGED, 1), (State.ASSIGNED, 2), (State.IN_PROGRESS, 3)]
    for steps in range(1, 5):
        assert due(Clock.ANSWER, *way[:steps]) == "23/11 17:00"


def test_time_with_the_reporter_or_with_another_body_does_not_count():
    for aside in (State.NEED_INFO, State.TRANSFERRED, State.DUPLICATE, State.REJECTED):
        away = [(State.NEW, 0), (State.TRIAGED, 1), (aside, 2)]
        assert due(Clock.ANSWER, *away) is None
        assert due(Clock.ANSWER, *away, (State.TRIAGED, 4)) == "26/11 17:00"
        assert due(Clock.FORWARD, *away, (State.TRIAGED, 4)) == "18/11 17:00"


def test_a_reopened_case_has_the_whole_time_again_and_its_old_pauses_are_forgotten():
    way = [(State.NEW, 0), (State.NEED_INFO, 1), (State.NEW, 3), (State.ANSWERED, 7)]
    again = past(*way, (State.REOPENED, 14))
    assert started(Clock.ANSWER, again) == ARRIVAL + timedelta(days=14)
    assert started(Clock.TRIAGE, again) == ARRIVAL
    assert due(Clock.ANSWER, *way, (State.REOPENED, 14)) == "08/12 17:00"


def test_in_every_open_state_but_waiting_somebody_owes_an_answer():
    assert RUNS_IN[Clock.ANSWER] == OPEN - {State.NEED_INFO}
    assert RUNS_IN[Clock.TRIAGE] < RUNS_IN[Clock.FORWARD] < RUNS_IN[Clock.ANSWER]
