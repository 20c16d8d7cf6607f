"""The periods of reports: calendar, administrative, from a day to a day."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.reports.periods import Period, Span, period_of
from bot.working_time.zone import VIETNAM

DAY = timedelta(days=1)
_spans = st.sampled_from([span for span in Span if span is not Span.RANGE])
_days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("span", "by_the_14th", "first", "last", "number"),
    [
        (Span.WEEK, False, date(2026, 11, 23), date(2026, 11, 29), 48),
        (Span.MONTH, False, date(2026, 11, 1), date(2026, 11, 30), 11),
        (Span.QUARTER, False, date(2026, 10, 1), date(2026, 12, 31), 4),
        (Span.HALF, False, date(2026, 7, 1), date(2026, 12, 31), 2),
        (Span.YEAR, False, date(2026, 1, 1), date(2026, 12, 31), 1),
        (Span.MONTH, True, date(2026, 11, 15), date(2026, 12, 14), 12),
        (Span.QUARTER, True, date(2026, 9, 15), date(2026, 12, 14), 4),
        (Span.HALF, True, date(2026, 6, 15), date(2026, 12, 14), 2),
        (Span.YEAR, True, date(2025, 12, 15), date(2026, 12, 14), 1),
    ],
)
def test_the_period_of_the_25th_of_november(span, by_the_14th, first, last, number):
    period = period_of(span, date(2026, 11, 25), by_the_14th=by_the_14th)
    assert (period.first, period.last, period.number) == (first, last, number)
    assert period.year == 2026


def test_from_the_15th_of_december_on_the_next_administrative_year_runs():
    period = period_of(Span.YEAR, date(2026, 12, 15), by_the_14th=True)
    assert (period.first, period.last, period.year) == (
        date(2026, 12, 15),
        date(2027, 12, 14),
        2027,
    )


def test_a_week_belongs_to_the_year_of_its_thursday():
    period = period_of(Span.WEEK, date(2027, 1, 1))
    assert (period.year, period.number) == (2026, 53)


def test_days_are_those_of_vietnam():
    period = period_of(Span.MONTH, date(2026, 11, 25))
    assert period.begins_at == datetime(2026, 11, 1, tzinfo=VIETNAM)
    assert period.ends_at == datetime(2026, 12, 1, tzinfo=VIETNAM)


@given(_spans, _days, st.booleans())
def test_periods_follow_each_other_without_a_gap_and_hold_their_days(span, day, by_the_14th):
    period = period_of(span, day, by_the_14th=by_the_14th)
    assert period.first <= day <= period.last
    assert period.before().last + DAY == period.first
    assert period.after().first - DAY == period.last
    assert period.before().after() == period == period.after().before()
    assert all(
        period_of(span, each, by_the_14th=by_the_14th) == period
        for each in (period.first, period.last)
    )


@given(_days, st.integers(0, 800))
def test_ranges_follow_each_other_too(first, days):
    period = Period(Span.RANGE, first, first + days * DAY)
    assert period.after().before() == period
    assert period.after().first - DAY == period.last


@given(_days, st.integers(0, 900))
def test_the_parts_of_a_period_are_the_period(first, days):
    period = Period(Span.RANGE, first, first + days * DAY)
    parts = period.parts()
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all(a.last + DAY == b.first for a, b in itertools.pairwise(parts))
    assert len(parts) <= 60


def test_a_range_is_of_no_day_and_the_calendar_has_ends():
    with pytest.raises(ValueError, match="first and a last day"):
        period_of(Span.RANGE, date(2026, 1, 1))
    with pytest.raises(OverflowError):
        period_of(Span.YEAR, date.max)
