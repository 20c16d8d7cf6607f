"""A case goes only where it may, by whom it may, and nothing of its past is lost on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.feedback.errors import Forbidden, IllegalMove
from bot.feedback.states import (
    FINISHED,
    OPEN,
    RULES,
    Move,
    Need,
    Rejection,
    Role,
    State,
    Status,
    apply,
    check_needs,
    check_role,
    moves_from,
    replay,
)

STRAIGHT = [Move.TRIAGE, Move.ASSIGN, Move.START, Move.ANSWER, Move.CLOSE]


def walk(*moves: Move) -> State:
    return replay(moves).state


def test_the_straight_road_leads_from_new_to_closed():
    seen = [replay(STRAIGHT[:steps]).state.value for steps in range(6)]
    assert seen == ["new", "triaged", "assigned", "in_progress", "answered", "closed"]


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_whoever_waited_for_the_reporter_goes_on_where_it_stopped(steps):
    before = STRAIGHT[:steps]
    for on in (Move.REPLY, Move.RESUME):
        assert walk(*before, Move.ASK, on) is walk(*before)


def test_a_reporter_who_is_not_satisfied_reopens_once_and_only_once():
    again = [Move.REOPEN, Move.ASSIGN, Move.START, Move.ANSWER]
    assert walk(*STRAIGHT, *again) is State.ANSWERED
    with pytest.raises(IllegalMove, match="reopened before") as refused:
        walk(*STRAIGHT, *again, Move.REOPEN)
    assert refused.value.why is Forbidden.ONCE
    assert Move.REOPEN not in moves_from(replay([*STRAIGHT, *again]), Role.REPORTER)


def test_what_was_sent_elsewhere_merged_or_rejected_can_be_taken_back():
    for away in (Move.TRANSFER, Move.MERGE, Move.REJECT):
        assert walk(Move.TRIAGE, away, Move.TAKE_BACK) is State.TRIAGED


def test_the_answer_of_another_body_is_passed_on():
    assert walk(Move.TRIAGE, Move.TRANSFER, Move.ANSWER) is State.ANSWERED


def test_not_ours_is_never_a_reason_to_close():
    """Closed comes only after an answer, or by the reporter; elsewhere means a body with a name."""
    closing = {move for move, rule in RULES.items() if rule.target is State.CLOSED}
    assert closing == {Move.CLOSE, Move.WITHDRAW}
    assert RULES[Move.CLOSE].sources == {State.ANSWERED}
    assert RULES[Move.WITHDRAW].roles == {Role.REPORTER}
    assert {Need.BODY, Need.NOTE} <= RULES[Move.TRANSFER].needs
    with pytest.raises(IllegalMove):
        walk(Move.TRIAGE, Move.TRANSFER, Move.CLOSE)


def test_nor_can_it_be_rejected_for_that():
    assert {reason.value for reason in Rejection} == {"empty", "junk", "unintelligible"}
    assert {Need.REASON, Need.NOTE} <= RULES[Move.REJECT].needs


def test_every_ending_that_a_supervisor_chooses_is_told_with_words():
    for move in (Move.ANSWER, Move.TRANSFER, Move.REJECT, Move.ASK, Move.TAKE_BACK):
        assert Need.NOTE in RULES[move].needs


def test_a_refusal_says_what_is_wrong_in_a_sentence():
    with pytest.raises(IllegalMove) as refused:
        apply(Status(), Move.ANSWER)
    assert str(refused.value) == (
        "a case that is new cannot be moved by answer; that starts from in_progress, transferred"
    )
    with pytest.raises(IllegalMove, match="triage is not for the reporter, only for lead, super"):
        check_role(Move.TRIAGE, Role.REPORTER)
    with pytest.raises(IllegalMove, match="assign needs the person who takes the case"):
        check_needs(Move.ASSIGN, [])
    check_needs(Move.TRIAGE, [])


def test_the_reporter_moves_only_by_replying_withdrawing_closing_and_reopening():
    theirs = {move for move, rule in RULES.items() if Role.REPORTER in rule.roles}
    assert theirs == {Move.REPLY, Move.WITHDRAW, Move.CLOSE, Move.REOPEN}


def test_the_program_itself_only_closes_what_is_answered_and_ends_a_wait():
    its = {move for move, rule in RULES.items() if Role.CLOCK in rule.roles}
    assert its == {Move.CLOSE, Move.RESUME}


def test_every_state_can_be_reached_and_no_open_one_is_a_dead_end():
    reached, edge = {Status()}, [Status()]
    while edge:
        status = edge.pop()
        for role in Role:
            for move in moves_from(status, role):
                after = apply(status, move)
                if after not in reached:
                    reached.add(after)
                    edge.append(after)
    assert {status.state for status in reached} == set(State)
    for status in reached:
        if status.state in OPEN:
            assert any(moves_from(status, role) for role in (Role.SUPERVISOR, Role.LEAD))
    assert set(State) == OPEN | FINISHED


@settings(deadline=None)
@given(st.lists(st.sampled_from(Move), max_size=30))
def test_a_move_is_legal_exactly_when_it_is_offered_to_somebody(moves):
    status = Status()
    for move in moves:
        offered = any(move in moves_from(status, role) for role in Role)
        try:
            status = apply(status, move)
        except IllegalMove:
            assert not offered
        else:
            assert offered


class AnyMoves(RuleBasedStateMachine):
    """Moves in any order, legal or not, with the events that a case would keep."""

    def __init__(self):
        super().__init__()
        self.status = Status()
        self.events: list[tuple[Move, Status]] = []

    @rule(move=st.sampled_from(Move))
    def try_it(self, move):
        before = self.status
        try:
            self.status = apply(before, move)
        except IllegalMove:
            assert self.status is before
        else:
            self.events.append((move, self.status))

    @invariant()
    def the_events_tell_the_whole_way(self):
        assert replay(move for move, _ in self.events) == self.status

    @invariant()
    def it_waits_exactly_when_it_knows_where_to_go_on(self):
        waits = self.status.state is State.NEED_INFO
        assert waits == (self.status.resume_to is not None)
        assert self.status.resume_to in OPEN - {State.NEED_INFO} | {None}

    @invariant()
    def it_was_reopened_at_most_once(self):
        times = sum(move is Move.REOPEN for move, _ in self.events)
        assert times == self.status.reopened

    @invariant()
    def it_is_closed_only_when_answered_or_withdrawn(self):
        if self.status.state is State.CLOSED:
            last = self.events[-1][0]
            before = self.events[-2][1].state if len(self.events) > 1 else State.NEW
            assert last is Move.WITHDRAW or before is State.ANSWERED


AnyMoves.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyMoves = AnyMoves.TestCase
