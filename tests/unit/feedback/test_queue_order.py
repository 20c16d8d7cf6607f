"""What needs somebody now is on top, and a page ends where the next one begins."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.errors import BadFilter
from bot.feedback.queue import Band, Cursor, band_of
from bot.feedback.ranking import Lane
from bot.feedback.states import State
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)
times = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=VIETNAM)
)


@pytest.mark.parametrize(
    ("state", "due_in", "mine", "band"),
    [
        (State.NEW, -1, False, Band.OVERDUE),
        (State.ASSIGNED, -1, True, Band.OVERDUE),
        (State.NEW, 2, False, Band.SOON),
        (State.IN_PROGRESS, 0, True, Band.SOON),  # due this very instant is not late
        (State.NEW, 9, True, Band.NEW),
        (State.TRIAGED, 9, True, Band.MINE),
        (State.TRIAGED, 9, False, Band.OTHERS),
    ],
)
def test_a_running_case_is_in_the_first_band_that_fits(state, due_in, mine, band):
    due_at = NOW + due_in * HOUR
    assert band_of(Lane.RUNNING, state, due_at, due_at - 4 * HOUR, mine, NOW) is band


def test_a_case_that_nobody_can_do_anything_about_is_never_on_top():
    for lane, band in ((Lane.WAITING, Band.WAITING), (Lane.DONE, Band.DONE)):
        assert band_of(lane, State.CLOSED, NOW - HOUR, None, True, NOW) is band


@given(times, st.sampled_from(Band), times, st.integers(0, 2**63 - 1))
def test_a_cursor_survives_the_address_bar(now, band, rank_at, id):
    made = Cursor(now, band, rank_at, id)
    assert Cursor.read(str(made)) == made


@given(st.text() | st.from_regex(r"[0-9]{1,25}\.[a-z]\.[0-9]{1,25}\.[0-9]{1,25}", fullmatch=True))
def test_any_other_text_is_refused_and_never_fails(text):
    with suppress(BadFilter):
        assert str(Cursor.read(text)).count(".") == 3


@pytest.mark.parametrize(
    "text", ["", "1.o.2", "1.x.2.3", "-1.o.2.3", "1.o.2.٣", "1.o.2." + "9" * 20]
)
def test_what_no_page_gave_is_refused(text):
    with pytest.raises(BadFilter, match="after must be"):
        Cursor.read(text)
