"""What somebody wants to hear, and when: digests and quiet hours, to the minute."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notifications.errors import BadWishes
from bot.notifications.models import Occasion
from bot.notifications.wishes import Choice, Wish, after_quiet, checked, send_at
from bot.working_time.zone import VIETNAM


def at(clock: str, day: int = 25) -> datetime:
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), VIETNAM)


NIGHTLY = Wish(quiet_from=time(21), quiet_until=time(7), digest_at=time(8))


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (at("20:59"), at("20:59")),
        (at("21:00"), at("07:00", 26)),
        (at("23:59"), at("07:00", 26)),
        (at("00:00"), at("07:00")),
        (at("06:59"), at("07:00")),
        (at("07:00"), at("07:00")),
    ],
)
def test_what_happens_in_quiet_hours_waits_for_their_end(happens, told):
    assert send_at(NIGHTLY, Occasion.OVERDUE, happens) == told


def test_a_rest_at_noon_ends_the_same_day():
    noon = Wish(quiet_from=time(11, 30), quiet_until=time(13, 30))
    assert send_at(noon, Occasion.OVERDUE, at("12:00")) == at("13:30")
    assert send_at(noon, Occasion.OVERDUE, at("03:00")) == at("03:00")


def test_two_equal_hours_mean_never_quiet():
    assert after_quiet(Wish(quiet_from=time(9), quiet_until=time(9)), at("09:00")) == at("09:00")


def test_the_digest_comes_once_a_day_at_its_hour():
    assert send_at(NIGHTLY, Occasion.NEW, at("07:59")) == at("08:00")
    assert send_at(NIGHTLY, Occasion.NEW, at("08:00")) == at("08:00", 26)
    in_the_night = Wish(digest_at=time(5), quiet_from=time(21), quiet_until=time(7))
    assert send_at(in_the_night, Occasion.NEW, at("12:00")) == at("07:00", 26)


def test_what_is_not_wanted_is_not_told_but_a_trial_always_is():
    silent = Wish(choices={Occasion.NEW: Choice.OFF})
    assert send_at(silent, Occasion.NEW, at("10:00")) is None
    assert send_at(silent, Occasion.OVERDUE, at("10:00")) is None
    assert send_at(silent, Occasion.TRIAL, at("23:00")) == at("23:00")


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(clocks, clocks, clocks, st.integers(0, 10_000), st.sampled_from([Choice.NOW, Choice.DIGEST]))
def test_nothing_is_told_before_it_happened_in_quiet_hours_or_much_later(
    quiet_from, quiet_until, digest_at, minutes, choice
):
    wish = Wish("", "", quiet_from, quiet_until, digest_at, {Occasion.NEW: choice})
    now = at("00:00", 1) + timedelta(minutes=minutes)
    told = send_at(wish, Occasion.NEW, now)
    assert now <= told <= now + timedelta(days=2)
    assert after_quiet(wish, told) == told


@pytest.mark.parametrize("email", ["lan", "lan@", "a@b.vn, c@d.vn", "lan@x.vn\nBcc: a@b.vn"])
def test_an_address_that_is_none_is_refused(email):
    with pytest.raises(BadWishes, match="email"):
        checked(Wish(email=email))


@pytest.mark.parametrize("chat", ["@nhom", "0", "12 34", "-", "9" * 30])
def test_a_chat_that_is_none_is_refused(chat):
    with pytest.raises(BadWishes, match="telegram"):
        checked(Wish(telegram=chat))


def test_persons_groups_and_usual_addresses_are_taken():
    checked(Wish(telegram="123456789", email="nguyen.lan+pakn@sonoivu.tinh.gov.vn"))
    checked(Wish(telegram="-1001234567890"))
