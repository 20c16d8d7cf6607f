"""The figures of a report over cases few enough to be counted again by hand.

The week of Monday 16 to Sunday 22 November 2026, looked at on Wednesday the 25th, unless it says
otherwise. Each row is a stint; days are those of November, and a minus one of October.

    case  where     what      came         left             due    rated
    1     26740     delay     2   received 17  answered     16     -          late by a day
    2     26740     delay     16  received 18  answered     30     5 (19th)
    3     26740     attitude  17  received 17  transferred  30
    4     00004     delay     18  received 24  answered     27     2 (24th)   open on Sunday
    5     00004     bribery   10  received -                20                overdue since the 20th
    6     nowhere   delay     20  received -                -                 waits for its reporter
    7     26740     delay     3   received 12  answered     17     1 (20th)   before the week
    7     26740     delay     20  reopened -                40
    8     00004     attitude  19  received 19  withdrawn    -
    9     00004     attitude  9   received 21  rejected     20                late by a day
    10    26740     delay     24  received -                60                after the week
"""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.area import EVERYWHERE, Area
from bot.feedback.category import Category
from bot.feedback.reports import columns as shelf
from bot.feedback.reports.columns import BEGINNINGS, CATEGORIES, NEVER, STATES, Columns, Held, Names
from bot.feedback.reports.figures import Ending, Length, figures
from bot.feedback.reports.models import Beginning
from bot.feedback.reports.periods import Period, Span, period_of
from bot.feedback.states import State
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
WEEK = period_of(Span.WEEK, NOW.date() - timedelta(days=7))
RECEIVED, REOPENED = Beginning.RECEIVED, Beginning.REOPENED
SAIGON, HANOI, NOWHERE = ("79", "26740"), ("01", "00004"), (None, None)
ONE_STOP = "Bộ phận một cửa"
DELAY, ATTITUDE, BRIBERY = Category.DELAY, Category.ATTITUDE, Category.BRIBERY


def of_november(number) -> int:
    """Nine in the morning of a day of November, in seconds; None never comes."""
    if number is None:
        return NEVER
    return int((datetime(2026, 11, 1, 9, tzinfo=VIETNAM) + timedelta(days=number - 1)).timestamp())


def held(*stints) -> Held:
    """Stints: case, place, office, category, beginning, begun, acted, ended, in, due, stars, on."""
    names = Names()
    rows = []
    for number, stint in enumerate(stints):
        case, place, office, category, by, begun, acted, ended, ended_in, due, rating, on = stint
        rows.append(
            (
                case * 65536 + number,
                names.place(*place),
                names.office(office),
                CATEGORIES.index(category),
                BEGINNINGS.index(by),
                of_november(begun),
                of_november(acted),
                np.nan if acted is None else float(acted - begun),
                of_november(ended),
                -1 if ended is None else STATES.index(ended_in),
                np.nan if ended is None else float(ended - begun),
                of_november(due),
                rating,
                of_november(on),
            )
        )
    types = shelf._TYPES
    columns = zip(*rows, strict=True)
    made = {name: np.array(next(columns), kind) for name, kind in types.items()}
    return Held(Columns(**made), names, 1)


ANSWERED, CLOSED = State.ANSWERED, State.CLOSED
STINTS = held(
    (1, SAIGON, ONE_STOP, DELAY, RECEIVED, 2, 3, 17, ANSWERED, 16, 0, None),
    (2, SAIGON, "bo phan mot cua", DELAY, RECEIVED, 16, 17, 18, ANSWERED, 30, 5, 19),
    (3, SAIGON, "", ATTITUDE, RECEIVED, 17, 17, 17, State.TRANSFERRED, 30, 0, None),
    (4, HANOI, ONE_STOP, DELAY, RECEIVED, 18, 20, 24, ANSWERED, 27, 2, 24),
    (5, HANOI, "", BRIBERY, RECEIVED, 10, None, None, None, 20, 0, None),
    (6, NOWHERE, "", DELAY, RECEIVED, 20, 20, None, None, None, 0, None),
    (7, SAIGON, "", DELAY, RECEIVED, 3, 4, 12, ANSWERED, 17, 1, 20),
    (7, SAIGON, "", DELAY, REOPENED, 20, None, None, None, 40, 0, None),
    (8, HANOI, "", ATTITUDE, RECEIVED, 19, None, 19, CLOSED, None, 0, None),
    (9, HANOI, "", ATTITUDE, RECEIVED, 9, 21, 21, State.REJECTED, 20, 0, None),
    (10, SAIGON, "", DELAY, RECEIVED, 24, None, None, None, 60, 0, None),
)


def report(period: Period = WEEK, area: Area = EVERYWHERE, now: datetime = NOW, of: Held = STINTS):
    return figures(of, period, area.covers, now)


def test_the_sums_of_the_week():
    sums = report().sums
    assert sums.carried == 3  # 1, 5, 9
    assert sums.received == 5  # 2, 3, 4, 6, 8
    assert sums.returned == 1  # 7
    assert sums.settled == {
        Ending.ANSWERED: 2,  # 1, 2
        Ending.TRANSFERRED: 1,  # 3
        Ending.DUPLICATE: 0,
        Ending.REJECTED: 1,  # 9
        Ending.WITHDRAWN: 1,  # 8
    }
    assert sums.late == 2  # 1, 9
    assert sums.remaining == 4  # 4, 5, 6, 7 again
    assert sums.overdue == 1  # 5
    assert sums.total == 9 == sums.all_settled + sums.remaining


def test_how_long_it_took():
    sums = report().sums
    # First actions of the week: 2 after a day, 3 at once, 4 after two, 6 at once, 9 after twelve.
    assert sums.acted == Length(5, 1.0, pytest.approx(8.0))
    assert sums.answered == Length(2, 8.5, pytest.approx(13.7))  # 15 and 2 days


def test_how_satisfied_reporters_were():
    ratings = report().sums.ratings
    assert ratings.given == (1, 0, 0, 0, 1)
    assert (ratings.count, ratings.mean, ratings.satisfied) == (2, 3.0, 1)


def test_the_week_before_stands_beside_it():
    before = report().before
    assert (before.carried, before.received, before.returned) == (2, 2, 0)  # 1, 7; 5, 9
    assert (before.all_settled, before.remaining, before.late) == (1, 3, 0)
    assert before.ratings.mean is None


def test_by_category():
    lines = {line.name: line for line in report().categories}
    delay = lines[DELAY]
    assert (delay.received, delay.settled, delay.late, delay.remaining, delay.overdue) == (
        4,
        2,
        1,
        3,
        0,
    )
    assert delay.median == 8.5
    assert lines[BRIBERY].received == 0
    assert lines[BRIBERY].overdue == 1
    assert [line.name for line in report().categories] == [DELAY, ATTITUDE, BRIBERY]


def test_by_commune_and_office_however_the_office_is_spelt():
    assert [(line.name, line.received) for line in report().communes] == [
        (SAIGON, 3),
        (HANOI, 2),
        (NOWHERE, 1),
    ]
    assert [(line.name, line.received, line.settled) for line in report().offices] == [
        ("", 4, 3),
        (ONE_STOP, 2, 2),
    ]


def test_day_by_day():
    parts = report().parts
    assert [part.received for part in parts] == [1, 1, 1, 1, 2, 0, 0]
    assert [part.settled for part in parts] == [0, 2, 1, 1, 0, 1, 0]
    assert [part.remaining for part in parts] == [4, 3, 3, 3, 5, 4, 4]
    assert [part.overdue for part in parts] == [1, 0, 0, 0, 2, 1, 1]
    assert [part.answered for part in parts] == [None, 15.0, 2.0, None, None, None, None]


def test_what_is_overdue_is_listed_by_its_number():
    assert [late.case_id for late in report().late] == [5]


def test_a_period_that_runs_is_counted_until_now():
    week = report(period_of(Span.WEEK, NOW.date()))
    assert week.until == NOW
    assert [part.received for part in week.parts] == [0, 1, 0]
    assert (week.sums.carried, week.sums.received, week.sums.remaining) == (4, 1, 4)


def test_a_period_to_come_is_empty():
    sums = report(period_of(Span.YEAR, NOW.date() + timedelta(days=400))).sums
    assert (sums.received, sums.all_settled, sums.ratings.count) == (0, 0, 0)
    assert sums.carried == sums.remaining == 4


def test_only_what_is_in_the_area_is_counted():
    hanoi, saigon = Area(provinces=frozenset({"01"})), Area(communes=frozenset({"26740"}))
    assert report(WEEK, hanoi).sums.received == 3  # 4, 8; and 6, of which nobody knows where
    assert report(WEEK, saigon).sums.received == 3  # 2, 3, 6
    assert report(WEEK, Area()).sums.received == 1


def test_of_no_cases_there_are_no_figures_and_no_error():
    empty = Held(shelf._empty(), Names(), 0)
    found = report(of=empty)
    assert found.sums.total == 0
    assert found.sums.acted == Length(0)
    assert (list(found.categories), found.late) == ([], [])


_days = st.integers(1, 40)


@st.composite
def _stint(draw):
    begun, ended = draw(_days), draw(st.none() | _days)
    if ended is not None:
        begun, ended = sorted([begun, ended])
    return (
        draw(st.integers(1, 50)),
        draw(st.sampled_from([SAIGON, HANOI, NOWHERE])),
        draw(st.sampled_from([ONE_STOP, ""])),
        draw(st.sampled_from([DELAY, BRIBERY])),
        draw(st.sampled_from(list(Beginning))),
        begun,
        None,
        ended,
        draw(st.sampled_from([ANSWERED, CLOSED, State.REJECTED])),
        draw(st.none() | _days),
        0,
        None,
    )


@given(st.lists(_stint(), min_size=1, max_size=30), _days, st.integers(0, 40), st.integers(20, 60))
def test_whatever_happened_the_figures_add_up(stints, first, days, today):
    begin = datetime(2026, 11, 1, tzinfo=VIETNAM).date() + timedelta(days=first - 1)
    period = Period(Span.RANGE, begin, begin + timedelta(days=days))
    now = datetime(2026, 11, 1, 10, tzinfo=VIETNAM) + timedelta(days=today)
    found = report(period, now=now, of=held(*stints))
    sums = found.sums
    assert sums.total == sums.all_settled + sums.remaining
    assert sums.overdue <= sums.remaining
    for lines in (found.categories, found.communes, found.offices):
        assert sum(line.received for line in lines) == sums.received + sums.returned
        assert sum(line.settled for line in lines) == sums.all_settled
        assert sum(line.remaining for line in lines) == sums.remaining
        assert sum(line.overdue for line in lines) == sums.overdue
        assert sum(line.late for line in lines) == sums.late
    if found.parts:
        assert sum(part.received for part in found.parts) == sums.received + sums.returned
        assert sum(part.settled for part in found.parts) == sums.all_settled
        assert found.parts[-1].remaining == sums.remaining
        assert found.parts[-1].overdue == sums.overdue == len(found.late)
