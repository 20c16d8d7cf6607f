"""Deadlines across weekends, holidays, swapped days and pauses."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback.clocks import (
    Basis,
    Pause,
    Rule,
    Unit,
    Urgency,
    due,
    is_provisional,
    urgency,
    warn_at,
)
from bot.working_time.calendar import Calendar, vietnam
from bot.working_time.zone import VIETNAM

HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
OFFICE = Calendar(HOURS, vietnam())
GOAL = Basis("a goal", law=False)


def a_rule(amount: int, unit: Unit = Unit.WORKING_DAYS, warn: int = 0) -> Rule:
    return Rule(amount, unit, timedelta(hours=warn), GOAL, OFFICE)


def at(text: str) -> datetime:
    """Read "2026-11-23 10:00", Vietnam's time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def due_on(started: str, days: int) -> str:
    end = due(at(started), a_rule(days))
    assert end is not None
    assert end.time() == time(17)
    return end.date().isoformat()


@pytest.mark.parametrize(
    ("started", "days", "expected"),
    [
        ("2026-11-16 10:00", 1, "2026-11-17"),  # Monday → Tuesday
        ("2026-11-16 23:59", 1, "2026-11-17"),  # the day of arrival never counts
        ("2026-11-20 10:00", 1, "2026-11-23"),  # Friday → Monday
        ("2026-11-21 10:00", 1, "2026-11-23"),  # Saturday → Monday
        ("2026-11-22 10:00", 1, "2026-11-23"),
        ("2026-11-20 10:00", 5, "2026-11-30"),  # over a weekend and Tuesday 24 November
        ("2025-11-20 10:00", 3, "2025-11-25"),  # 24 November 2025 was a day like any other
        ("2026-02-13 10:00", 1, "2026-02-23"),  # the Friday before Tết 2026, 16 to 20 February
        ("2026-02-17 10:00", 5, "2026-02-27"),  # told on the first day of Tết itself
        ("2027-02-03 10:00", 1, "2027-02-11"),  # Tết 2027, as the package computes it
        ("2026-04-24 10:00", 1, "2026-04-28"),  # Giỗ Tổ on a Sunday, Monday off instead
        ("2026-04-29 10:00", 1, "2026-05-04"),
        ("2026-08-21 10:00", 1, "2026-08-22"),  # a Saturday that is worked, for 31 August
        ("2026-08-21 10:00", 2, "2026-08-24"),
        ("2026-08-28 10:00", 1, "2026-09-03"),  # 31 August to 2 September off
        ("2026-01-01 10:00", 1, "2026-01-05"),  # Friday 2 January off …
        ("2026-01-09 10:00", 1, "2026-01-10"),  # … worked on Saturday 10 January
        ("2025-04-25 10:00", 1, "2025-04-26"),  # worked for 2 May 2025
        ("2025-04-29 10:00", 1, "2025-05-05"),
        ("2027-04-30 10:00", 1, "2027-05-04"),  # 1 May 2027 is a Saturday
    ],
)
def test_working_days_skip_what_offices_do_not_work(started, days, expected):
    assert due_on(started, days) == expected


def test_an_instant_is_read_in_vietnam_whatever_its_zone():
    late_in_utc = datetime.fromisoformat("2026-11-16T18:00:00+00:00")  # Tuesday 01:00 there
    assert due(late_in_utc, a_rule(1)) == at("2026-11-18 17:00")


def test_working_hours_begin_at_once_and_rest_at_noon_at_night_and_on_holidays():
    four = a_rule(4, Unit.WORKING_HOURS)
    assert due(at("2026-11-16 08:00"), four) == at("2026-11-16 14:00")
    assert due(at("2026-11-16 12:00"), four) == at("2026-11-17 08:00")
    assert due(at("2026-11-23 16:00"), four) == at("2026-11-25 10:30")  # 24 November between
    assert due(at("2026-11-21 22:00"), four) == at("2026-11-23 11:30")


def test_calendar_days_count_every_day_but_do_not_end_on_a_day_of_rest():
    assert due(at("2026-11-16 10:00"), a_rule(3, Unit.DAYS)) == at("2026-11-19 17:00")
    assert due(at("2026-11-16 10:00"), a_rule(5, Unit.DAYS)) == at("2026-11-23 17:00")
    assert due(at("2026-01-19 10:00"), a_rule(30, Unit.DAYS)) == at("2026-02-23 17:00")


def paused(begin: str, end: str | None) -> Pause:
    return Pause(at(begin), at(end) if end else None)


def test_a_clock_that_stands_still_is_due_at_no_time():
    assert due(at("2026-11-16 10:00"), a_rule(2), [paused("2026-11-17 09:00", None)]) is None


def test_a_pause_shifts_the_end_by_the_working_time_that_it_took():
    started, two = at("2026-11-16 10:00"), a_rule(2)  # Wednesday 17:00
    hour = paused("2026-11-17 09:00", "2026-11-17 10:00")
    assert due(started, two, [hour]) == at("2026-11-19 08:30")
    a_day = paused("2026-11-17 09:00", "2026-11-18 09:00")
    assert due(started, two, [a_day]) == at("2026-11-19 17:00")
    over_the_weekend = paused("2026-11-18 16:00", "2026-11-23 08:30")
    assert due(started, two, [over_the_weekend]) == at("2026-11-23 09:30")


def test_a_pause_out_of_working_time_or_before_the_count_shifts_nothing():
    started, two = at("2026-11-20 10:00"), a_rule(2)
    end = due(started, two)
    for idle in (
        paused("2026-11-20 18:00", "2026-11-23 07:30"),
        paused("2026-11-20 11:00", "2026-11-20 16:00"),
        paused("2026-11-23 11:30", "2026-11-23 13:30"),
        paused("2026-11-24 08:00", "2026-11-24 16:00"),  # the holiday
    ):
        assert due(started, two, [idle]) == end


def test_a_pause_that_began_when_it_was_late_already_excuses_nothing():
    started, one = at("2026-11-16 10:00"), a_rule(1)
    assert due(started, one, [paused("2026-11-18 09:00", "2026-11-20 09:00")]) == due(started, one)
    assert due(started, one, [paused("2026-11-18 09:00", None)]) == due(started, one)


def test_pauses_that_overlap_count_once_and_in_any_order():
    started, five = at("2026-11-16 10:00"), a_rule(5)
    whole = paused("2026-11-17 08:00", "2026-11-18 10:00")
    parts = [
        paused("2026-11-17 15:00", "2026-11-18 10:00"),
        paused("2026-11-17 08:00", "2026-11-18 08:00"),
        paused("2026-11-17 09:00", "2026-11-17 10:00"),
    ]
    assert due(started, five, parts) == due(started, five, [whole])


def test_a_pause_of_calendar_days_shifts_by_its_whole_length():
    started, ten = at("2026-11-02 10:00"), a_rule(10, Unit.DAYS)  # Thursday 12 November
    waited = paused("2026-11-06 18:00", "2026-11-08 18:00")
    assert due(started, ten, [waited]) == at("2026-11-16 17:00")  # the 14th is a Saturday


def test_it_warns_before_and_is_late_after():
    rule = a_rule(1, warn=4)
    end = due(at("2026-11-23 10:00"), rule)  # Tuesday is a holiday
    assert end == at("2026-11-25 17:00")
    assert warn_at(end, rule) == at("2026-11-25 11:00")
    told = [urgency(at(now), end, rule) for now in ("2026-11-25 10:59", "2026-11-25 11:00")]
    assert told == [Urgency.CALM, Urgency.SOON]
    assert urgency(end, end, rule) is Urgency.SOON
    assert urgency(end + timedelta(seconds=1), end, rule) is Urgency.OVERDUE
    assert urgency(end + timedelta(days=9), None, rule) is Urgency.CALM


def test_a_warning_reaches_back_over_a_weekend():
    assert warn_at(at("2026-11-23 08:30"), a_rule(1, warn=2)) == at("2026-11-20 16:00")


def test_ends_beyond_the_announced_holidays_are_provisional():
    assert not is_provisional(at("2026-12-31 17:00"), a_rule(1))
    assert is_provisional(at("2027-01-04 17:00"), a_rule(1))


def test_the_holidays_of_two_years_are_all_there():
    closed = {
        year: " ".join(
            f"{day:%d/%m}"
            for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365))
            if day.weekday() < 5 and not vietnam().works(day)
        )
        for year in (2026, 2027)
    }
    assert closed == {
        2026: "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
        2027: "01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09 24/11",
    }
    worked = [date(2026, 1, 10), date(2026, 8, 22), date(2025, 4, 26)]
    assert all(vietnam().works(day) for day in worked)


BEGIN = at("2025-01-01 00:00")
instants = st.integers(0, 60 * 24 * 1000).map(lambda each: BEGIN + timedelta(minutes=each))
minutes = st.integers(0, 60 * 24 * 20).map(lambda each: timedelta(minutes=each))
rules = st.builds(a_rule, st.integers(1, 30), st.sampled_from(Unit), st.integers(0, 20))


@settings(deadline=None)
@given(instants, minutes, rules)
def test_who_comes_later_is_due_no_earlier(started, after, rule):
    assert due(started, rule) <= due(started + after, rule)


@settings(deadline=None)
@given(instants, rules)
def test_an_end_lies_in_working_time_and_after_the_start(started, rule):
    end = due(started, rule)
    assert end > started
    assert vietnam().works(end.date())
    assert any(opens < end.time() <= closes for opens, closes in HOURS)


@settings(deadline=None)
@given(instants, rules, st.lists(st.tuples(minutes, minutes), max_size=4), minutes)
def test_one_more_pause_never_brings_the_end_nearer(started, rule, spans, more):
    some = [Pause(started + begin, started + begin + length) for begin, length in spans]
    one_more = Pause(started + more, started + more + timedelta(hours=30))
    assert due(started, rule, some) <= due(started, rule, [*some, one_more])


@settings(deadline=None)
@given(instants, minutes, minutes)
def test_working_time_adds_up(begin, first, second):
    middle, end = begin + first, begin + first + second
    whole = OFFICE.worked(begin, end)
    assert OFFICE.worked(begin, middle) + OFFICE.worked(middle, end) == whole
    assert OFFICE.worked(end, begin) == timedelta() or begin == end


@settings(deadline=None)
@given(instants, minutes)
def test_later_and_earlier_are_each_others_way_back(begin, by):
    assert OFFICE.worked(begin, OFFICE.later(begin, by)) == by
    assert OFFICE.worked(OFFICE.earlier(begin, by), begin) == by
