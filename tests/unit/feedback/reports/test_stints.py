"""The stints of a case: counted by hand on Vietnam's calendar."""

import itertools
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.category import Category
from bot.feedback.deadlines import Clock, load_deadlines
from bot.feedback.reports.models import Beginning
from bot.feedback.reports.stints import Step, spells
from bot.feedback.states import OPEN, RULES, Move, Role, State, Status, apply, moves_from
from bot.working_time.zone import VIETNAM

RULE = partial(load_deadlines().rule, Clock.ANSWER, Category.DELAY, None)
MONDAY = datetime(2026, 11, 16, 7, 30, tzinfo=VIETNAM)  # the office opens; a day has 7.5 hours
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TO_AN_ANSWER = (
    (HOUR, Move.TRIAGE),
    (HOUR, Move.ASSIGN),
    (HOUR, Move.START),
    (DAY, Move.ANSWER),
)


def steps(*moves: tuple[timedelta, Move, Role], arrived: datetime = MONDAY) -> list[Step]:
    """A case that arrived, and was then moved after so long."""
    status = Status()
    made = [Step(arrived, status.state, None, Role.REPORTER)]
    for after, move, role in moves:
        status = apply(status, move)
        made.append(Step(arrived + after, status.state, move, role))
    return made


def by_staff(*moves: tuple[timedelta, Move]) -> list[Step]:
    return steps(*((after, move, Role.SUPERVISOR) for after, move in moves))


def test_a_new_case_is_in_hand_until_its_deadline():
    (spell,) = spells(steps(), RULE)
    assert (spell.begun_by, spell.begun_at) == (Beginning.RECEIVED, MONDAY)
    assert (spell.acted_at, spell.ended_at) == (None, None)
    # Ten working days; Tuesday the 24th is a holiday.
    assert spell.due_at == datetime(2026, 12, 1, 17, tzinfo=VIETNAM)


def test_the_way_to_an_answer_is_counted_in_working_days():
    (spell,) = spells(
        by_staff(
            (2 * HOUR, Move.TRIAGE),
            (3 * HOUR, Move.ASSIGN),
            (DAY, Move.START),
            (5 * DAY, Move.ANSWER),
        ),
        RULE,
    )
    assert spell.acted_at == MONDAY + 2 * HOUR
    assert spell.acted_in == pytest.approx(2 / 7.5)
    assert (spell.ended_in, spell.ended_at) == (State.ANSWERED, MONDAY + 5 * DAY)
    assert spell.took == pytest.approx(5)  # to Saturday: Monday to Friday


def test_waiting_for_the_reporter_is_not_counted():
    (spell,) = spells(
        steps(
            (HOUR, Move.ASK, Role.SUPERVISOR),
            (2 * DAY, Move.REPLY, Role.REPORTER),
            (2 * DAY + HOUR, Move.TRIAGE, Role.SUPERVISOR),
            (2 * DAY + 2 * HOUR, Move.ASSIGN, Role.SUPERVISOR),
            (2 * DAY + 2 * HOUR, Move.START, Role.SUPERVISOR),
            (2 * DAY + 3 * HOUR, Move.ANSWER, Role.SUPERVISOR),
        ),
        RULE,
    )
    assert spell.acted_in == pytest.approx(1 / 7.5)
    assert spell.took == pytest.approx(4 / 7.5)


def test_what_its_reporter_withdraws_was_acted_on_by_nobody():
    (spell,) = spells(steps((HOUR, Move.WITHDRAW, Role.REPORTER)), RULE)
    assert (spell.acted_at, spell.ended_in) == (None, State.CLOSED)


def test_closing_an_answered_case_changes_nothing():
    answered = by_staff(
        (HOUR, Move.TRIAGE), (HOUR, Move.ASSIGN), (HOUR, Move.START), (DAY, Move.ANSWER)
    )
    closed = [*answered, Step(MONDAY + 9 * DAY, State.CLOSED, Move.CLOSE, Role.CLOCK)]
    assert spells(closed, RULE) == spells(answered, RULE)


def test_a_reopened_case_is_a_second_stint_with_a_deadline_of_its_own():
    answered = by_staff(
        (HOUR, Move.TRIAGE), (HOUR, Move.ASSIGN), (HOUR, Move.START), (DAY, Move.ANSWER)
    )
    reopened = MONDAY + 21 * DAY
    first, second = spells(
        [*answered, Step(reopened, State.REOPENED, Move.REOPEN, Role.REPORTER)], RULE
    )
    assert first.ended_in is State.ANSWERED
    assert first.due_at == datetime(2026, 12, 1, 17, tzinfo=VIETNAM)
    assert (second.begun_by, second.begun_at) == (Beginning.REOPENED, reopened)
    assert second.due_at == datetime(2026, 12, 21, 17, tzinfo=VIETNAM)


def test_what_is_taken_back_is_in_hand_again_and_its_time_elsewhere_does_not_count():
    first, second = spells(
        by_staff(
            (HOUR, Move.TRIAGE),
            (DAY, Move.TRANSFER),
            (3 * DAY, Move.TAKE_BACK),
        ),
        RULE,
    )
    assert first.ended_in is State.TRANSFERRED
    assert second.begun_by is Beginning.TAKEN_BACK
    assert second.due_at == datetime(2026, 12, 3, 17, tzinfo=VIETNAM)


def test_a_case_that_waits_has_no_deadline():
    (spell,) = spells(by_staff((HOUR, Move.ASK)), RULE)
    assert spell.due_at is None


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.integers(0, 3000)), max_size=25))
def test_whatever_happens_a_case_is_in_hand_exactly_while_its_state_is_open(wishes):
    status, at = Status(), MONDAY
    made = [Step(at, status.state, None, Role.REPORTER)]
    for move, minutes in wishes:
        role = sorted(RULES[move].roles, key=lambda role: role.value)[0]
        if move not in moves_from(status, role):
            continue
        at += timedelta(minutes=minutes)
        status = apply(status, move)
        made.append(Step(at, status.state, move, role))
    found = spells(made, RULE)
    assert (found[-1].ended_at is None) == (made[-1].state in OPEN)
    assert all(spell.ended_at is not None for spell in found[:-1])
    instants = [at for spell in found for at in (spell.begun_at, spell.ended_at) if at]
    assert instants == sorted(instants)
    changes = sum((a.state in OPEN) != (b.state in OPEN) for a, b in itertools.pairwise(made))
    assert changes == len(instants) - 1
    for spell in found:
        if spell.took is not None:
            assert 0 <= spell.took * 7.5 <= (spell.ended_at - spell.begun_at) / HOUR + 1e-9
        assert spell.acted_in is None or spell.begun_by is Beginning.RECEIVED
