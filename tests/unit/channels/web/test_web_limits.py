"""How much one conversation may send."""

import pytest

from bot.channels.web.limits import RateLimit


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_after_the_burst_one_waits_for_the_next(clock):
    limit = RateLimit(burst=3, per_minute=30, clock=clock)
    assert [limit.spend("an") for _ in range(4)] == [0, 0, 0, pytest.approx(2)]


def test_time_gives_back_at_the_steady_rate_up_to_the_burst(clock):
    limit = RateLimit(burst=3, per_minute=30, clock=clock)
    for _ in range(3):
        limit.spend("an")
    clock.now += 2
    assert limit.spend("an") == 0
    assert limit.spend("an") > 0
    clock.now += 3600
    assert [limit.spend("an") > 0 for _ in range(4)] == [False, False, False, True]


def test_one_conversation_does_not_spend_for_another(clock):
    limit = RateLimit(burst=1, per_minute=30, clock=clock)
    assert limit.spend("an") == 0
    assert limit.spend("binh") == 0


def test_the_rested_are_forgotten_and_the_tired_are_not(clock):
    limit = RateLimit(burst=1, per_minute=1, clock=clock, keys=10)
    for n in range(10):
        limit.spend(f"old {n}")
    clock.now += 60
    limit.spend("new")
    assert limit.spend("new") > 0
    assert len(limit._buckets) == 1
