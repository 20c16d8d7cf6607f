"""The new day that a letter of apology names: proposed, read, and refused with the reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.apologies import proposed_day, read_new_day
from bot.dossiers.errors import BadDay, Fault
from bot.dossiers.overdue import due_before
from bot.working_time.calendar import vietnam

TODAY = date(2026, 11, 20)  # a Friday; Tuesday the 24th is a holiday


def test_the_proposed_day_is_five_working_days_away():
    assert proposed_day(TODAY, vietnam()) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("30/11/2026", Fault.UNREADABLE),
        ("2026-11-20", Fault.PAST),
        ("2026-11-22", Fault.CLOSED),
        ("2026-11-24", Fault.CLOSED),
        ("2028-11-20", Fault.FAR),
    ],
)
def test_a_day_that_cannot_be_promised_is_refused_with_the_reason(typed, fault):
    with pytest.raises(BadDay) as refused:
        read_new_day(typed, TODAY, vietnam())
    assert refused.value.fault is fault


@given(st.dates(date(2026, 1, 1), date(2027, 6, 30)))
def test_what_is_proposed_can_be_promised(today):
    day = proposed_day(today, vietnam())
    assert read_new_day(day.isoformat(), today, vietnam()) == day


@given(st.dates(date(2026, 3, 1), date(2027, 6, 30)), st.integers(1, 40))
def test_how_late_is_counted_as_for_the_citizen(today, late):
    latest = due_before(today, late, vietnam()) - timedelta(days=1)
    assert vietnam().working_days(latest, today) >= late
    assert vietnam().working_days(latest + timedelta(days=1), today) < late
