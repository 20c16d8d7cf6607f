"""What is to be done with a case by itself: in time, once, and over Tết, weekends and swaps."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.category import Category
from bot.feedback.clocks import due
from bot.feedback.deadlines import DEADLINES, Clock, Wait, load_deadlines
from bot.feedback.reckoning import RUNS_IN
from bot.feedback.states import State
from bot.feedback.watch import (
    Deed,
    Stage,
    Standing,
    Task,
    agenda,
    due_tasks,
    next_look,
    starts_anew,
)
from bot.working_time.zone import VIETNAM

BUILT_IN = load_deadlines()
MONDAY = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
NOTHING_DONE = dict.fromkeys(Clock)


class Figures:
    """The figures for a kind of case that arrived at an instant."""

    def __init__(self, began=MONDAY, category=Category.OTHER, province=None, deadlines=BUILT_IN):
        self.began, self.category = began, category
        self.province, self.deadlines = province, deadlines

    def deadline(self, clock: Clock):
        return self.deadlines.rule(clock, self.category, self.province, self.began)

    def wait(self, wait: Wait):
        return self.deadlines.wait(wait, self.province, self.began)


def standing(state=State.NEW, since=MONDAY, figures=None, **changes) -> Standing:
    figures = figures or Figures(since)
    due_at = {clock: due(since, figures.deadline(clock)) for clock in Clock}
    return replace(Standing(state, since, due_at, NOTHING_DONE), **changes)


def told(tasks: list[Task]) -> list[tuple]:
    """What is done and when, in words of Vietnam."""
    return [
        (f"{task.after.astimezone(VIETNAM):%d/%m %H:%M}", task.deed, task.clock) for task in tasks
    ]


def of(clock: Clock, tasks: list[Task]) -> list[tuple]:
    return [(at, deed) for at, deed, about in told(tasks) if about is clock]


def test_a_new_case_is_warned_of_marked_late_and_taken_to_the_leads():
    tasks = agenda(standing(), Figures())
    assert of(Clock.TRIAGE, tasks) == [
        ("18/11 11:00", Deed.WARN),  # half an hour of the morning, 3.5 of the afternoon
        ("18/11 17:00", Deed.MARK_LATE),
        ("20/11 08:00", Deed.ESCALATE),  # 7.5 working hours of Thursday, half an hour of Friday
    ]
    assert of(Clock.ANSWER, tasks)[1] == ("01/12 17:00", Deed.MARK_LATE)  # 24/11 is a holiday


@pytest.mark.parametrize(
    ("arrived", "answer_by"),
    [
        # Tết 2026: 16-20/2 off, with the weekends from 14/2 to 22/2.
        (datetime(2026, 2, 10, 10, tzinfo=VIETNAM), "03/03 17:00"),
        # Saturday 22/8/2026 is worked for Monday 31/8; 1-2/9 is National Day.
        (datetime(2026, 8, 21, 10, tzinfo=VIETNAM), "08/09 17:00"),
        # A Friday evening: the weekend counts nothing.
        (datetime(2026, 11, 6, 20, tzinfo=VIETNAM), "20/11 17:00"),
    ],
)
def test_lateness_begins_after_holidays_weekends_and_swapped_days(arrived, answer_by):
    tasks = agenda(standing(since=arrived), Figures(arrived))
    assert of(Clock.ANSWER, tasks)[1] == (answer_by, Deed.MARK_LATE)


def test_a_province_is_called_in_sooner(tmp_path):
    file = tmp_path / "deadlines.yml"
    words = DEADLINES.read_text(encoding="utf-8")
    local = '{"79": {waits: {escalate: {working_hours: 1, basis: service}}}}'
    file.write_text(words.replace("provinces: {}", f"provinces: {local}"), encoding="utf-8")
    figures = Figures(province="79", deadlines=load_deadlines(file))
    escalated = [task for task in agenda(standing(), figures) if task.deed is Deed.ESCALATE]
    assert told(escalated)[0] == ("19/11 08:30", Deed.ESCALATE, Clock.TRIAGE)


def test_what_is_marked_is_not_done_again():
    late = standing(stages=dict.fromkeys(Clock, Stage.OVERDUE))
    assert {task.deed for task in agenda(late, Figures())} == {Deed.ESCALATE}
    assert agenda(standing(stages=dict.fromkeys(Clock, Stage.ESCALATED)), Figures()) == []


def test_a_warning_that_comes_after_the_deadline_is_left_out():
    tasks = due_tasks(standing(), Figures(), MONDAY + timedelta(days=60))
    assert Deed.WARN not in {task.deed for task in tasks}
    assert of(Clock.ANSWER, tasks) == of(Clock.ANSWER, agenda(standing(), Figures()))[1:]


def test_a_clock_that_stands_still_asks_for_nothing():
    waiting = standing(State.TRANSFERRED)
    assert next_look(waiting, Figures()) is None
    triaged = agenda(standing(State.TRIAGED), Figures())
    assert {task.clock for task in triaged} == {Clock.FORWARD, Clock.ANSWER}


def test_who_was_asked_is_reminded_once_and_then_the_work_goes_on():
    asked = standing(State.NEED_INFO)
    assert told(agenda(asked, Figures())) == [
        ("19/11 17:00", Deed.REMIND, None),
        ("26/11 17:00", Deed.RESUME, None),
    ]
    assert told(agenda(replace(asked, reminded=True), Figures())) == [
        ("26/11 17:00", Deed.RESUME, None)
    ]
    long_after = MONDAY + timedelta(days=90)
    assert [task.deed for task in due_tasks(asked, Figures(), long_after)] == [Deed.RESUME]


def test_an_answer_that_nobody_disputes_ends_the_case():
    assert told(agenda(standing(State.ANSWERED), Figures())) == [("08/12 17:00", Deed.CLOSE, None)]


def test_a_missed_deadline_that_is_set_to_another_past_day_is_the_same_lateness():
    was, other = MONDAY, MONDAY + timedelta(days=1)
    assert not starts_anew(was, other, now=MONDAY + timedelta(days=3))
    assert starts_anew(was, other, now=MONDAY)
    assert starts_anew(was, None, now=MONDAY)
    assert not starts_anew(other, other, now=MONDAY)


instants = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 7, 1, tzinfo=VIETNAM) + timedelta(minutes=minutes)
)


@given(instants, st.sampled_from(Category), st.sampled_from(State))
def test_the_next_look_is_exactly_when_something_becomes_due(began, category, state):
    figures = Figures(began, category)
    case = standing(state, began, figures)
    look = next_look(case, figures)
    if look is None:
        assert not agenda(case, figures)
        return
    assert due_tasks(case, figures, look) == []
    assert due_tasks(case, figures, look + timedelta(microseconds=1)) != []


@given(instants, st.sampled_from(Category), st.sampled_from(sorted(RUNS_IN[Clock.ANSWER], key=str)))
def test_a_warning_comes_before_lateness_and_that_before_the_leads(began, category, state):
    figures = Figures(began, category)
    for clock in Clock:
        deeds = [deed for _, deed in of(clock, agenda(standing(state, began, figures), figures))]
        assert deeds in ([], [Deed.WARN, Deed.MARK_LATE, Deed.ESCALATE])
