"""Each state has its lane, and what is due next decides the place in it."""

from datetime import datetime, timedelta

import pytest

from bot.feedback.category import Category
from bot.feedback.clocks import warn_at
from bot.feedback.deadlines import Clock, load_deadlines
from bot.feedback.ranking import Lane, Rank, lane_of, rank
from bot.feedback.reckoning import RUNS_IN
from bot.feedback.states import FINISHED, State
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
RULES = load_deadlines()
ANSWER = RULES.rule(Clock.ANSWER, Category.DELAY, None, NOW)
TRIAGE = RULES.rule(Clock.TRIAGE, Category.DELAY, None, NOW)


@pytest.mark.parametrize("state", State)
def test_a_case_runs_while_one_of_its_clocks_does(state):
    runs = any(state in states for states in RUNS_IN.values())
    assert (lane_of(state) is Lane.RUNNING) == runs
    assert (lane_of(state) is Lane.DONE) == (state in FINISHED)


def test_the_clock_that_is_due_next_gives_place_and_warning():
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=9)
    assert rank(State.NEW, NOW, [(late, ANSWER), (soon, TRIAGE)]) == Rank(
        Lane.RUNNING, soon, warn_at(soon, TRIAGE)
    )


@pytest.mark.parametrize("state", [State.NEED_INFO, State.CLOSED])
def test_a_case_whose_clocks_stand_still_goes_by_its_last_change(state):
    assert rank(state, NOW, []) == Rank(lane_of(state), NOW)
