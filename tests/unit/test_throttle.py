"""Guessing costs more and more time, and a few slips cost none."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.throttle import Throttle

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def missed(*minutes: float) -> list[datetime]:
    return [NOW + timedelta(minutes=each) for each in minutes]


def test_a_few_misses_cost_nothing():
    assert Throttle().waiting(missed(-4, -3, -2, -1), NOW) == timedelta()
    assert Throttle().waiting([], NOW) == timedelta()


def test_the_fifth_miss_in_a_quarter_of_an_hour_costs_a_quarter_of_an_hour():
    assert Throttle().waiting(missed(-4, -3, -2, -1, 0), NOW) == timedelta(minutes=15)
    assert Throttle().waiting(missed(-14, -13, -12, -11, -10), NOW) == timedelta(minutes=5)
    assert Throttle().waiting(missed(-80, -60, -40, -20, 0), NOW) == timedelta()


def test_going_on_costs_twice_as_much_each_time_but_never_more_than_a_day():
    waits = [
        Throttle().waiting([NOW - timedelta(seconds=back) for back in range(5 * rounds)], NOW)
        for rounds in range(1, 10)
    ]
    quarters = [wait / timedelta(minutes=15) for wait in waits]
    assert quarters == [1, 2, 4, 8, 16, 32, 64, 96, 96]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10_000), max_size=60), st.integers(0, 10_000))
def test_one_more_miss_never_shortens_the_wait(minutes, one_more):
    before = Throttle().waiting(missed(*(-each for each in minutes)), NOW)
    assert timedelta() <= before <= Throttle().longest
    assert Throttle().waiting(missed(*(-each for each in minutes), 0), NOW) >= before


def test_a_flood_of_misses_does_not_overflow():
    flood = [NOW - timedelta(milliseconds=each) for each in range(5000)]
    assert Throttle().waiting(flood, NOW) == timedelta(days=1)
