"""Windows that slide: never more than the platform takes, never later than they must."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.contracts import Limits, Pace
from bot.conversation.pacing import Paces, Window

waits = st.lists(st.floats(0, 5), max_size=60)


@settings(deadline=None)
@given(st.integers(1, 5), st.floats(0.1, 3), waits)
def test_no_window_ever_holds_more_than_its_count(count, seconds, gaps):
    window, now, given_out = Window(Pace(count, seconds)), 0.0, []
    for gap in gaps:
        now += gap
        given_out.append(window.next(now))
        assert given_out[-1] >= now
    assert given_out == sorted(given_out)
    for earlier, later in zip(given_out, given_out[count:], strict=False):
        assert later - earlier >= seconds * (1 - 1e-9)


@settings(deadline=None)
@given(st.integers(1, 5), st.floats(0.1, 3), waits)
def test_nobody_waits_while_the_window_has_room(count, seconds, gaps):
    window, now, given_out = Window(Pace(count, seconds)), 0.0, []
    for gap in gaps:
        now += gap
        at = window.next(now)
        behind = sum(earlier > now - seconds for earlier in given_out)
        if behind < count and not (given_out and given_out[-1] > now):
            assert at == now
        given_out.append(at)


def test_a_moment_that_was_used_late_counts_from_then():
    window = Window(Pace(1, 1.0))
    assert window.next(0.0) == 0.0
    window.late(0.4)
    assert window.next(0.5) == 1.4


def test_each_conversation_has_a_window_of_its_own():
    paces = Paces(Limits(Pace(100, 1.0), lambda who: Pace(1, 1.0)))
    assert [paces.in_conversation(who, 0.0) for who in ("an", "an", "bình")] == [0.0, 1.0, 0.0]
    assert paces.overall(0.0) == 0.0


def test_without_limits_nobody_waits():
    paces = Paces(Limits())
    assert {paces.in_conversation("an", 5.0) for _ in range(9)} == {5.0}
    assert {paces.overall(5.0) for _ in range(9)} == {5.0}
