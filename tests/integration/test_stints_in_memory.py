"""The shelf of stints: what the database holds, read once and then only what changed."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import delete, event

from bot.feedback import services
from bot.feedback.area import EVERYWHERE
from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.reports import columns as module
from bot.feedback.reports.columns import NEVER, Columns, Shelf
from bot.feedback.reports.figures import Ending, figures
from bot.feedback.reports.follower import Follower
from bot.feedback.reports.models import Reading, Stint
from bot.feedback.reports.periods import Span, period_of
from bot.feedback.services import Desk, Step
from bot.questions.stripping import strip
from bot.working_time.zone import VIETNAM
from tests.fakes.cases import ANSWERED, LAN, a_case

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines(), strip=strip)


@pytest.fixture
def told(sessions, desk):
    """Open a case so many days ago and take it so far; it is counted. Gives its number."""

    async def tell(*steps: Step, days_ago: int = 1, **differing) -> int:
        made = await a_case(sessions, desk, NOW - timedelta(days=days_ago), *steps, **differing)
        await Follower(sessions, desk).catch_up()
        return made

    return tell


def same(one: Columns, other: Columns) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=kind is np.float64)
        for name, kind in module._TYPES.items()
    )


async def test_what_is_held_is_what_was_told(sessions, told):
    first = await told(province_code=None, commune_code=None, office_words="bo phan mot cua")
    second = await told(*ANSWERED)
    held = await Shelf(sessions).held()
    assert held.columns.case_id.tolist() == [first, second]
    assert [held.names.places[place] for place in held.columns.place] == [
        (None, None),
        ("79", "26740"),
    ]
    assert held.columns.office.tolist() == [0, 0]  # the same, however it is spelt
    assert (held.columns.ended_at == NEVER).tolist() == [True, False]


async def test_reading_on_ends_where_reading_anew_does(sessions, desk, told, doing):
    shelf = Shelf(sessions)
    for days_ago in (9, 8, 7):
        number = await told(days_ago=days_ago)
        await shelf.held()
    await doing(services.move, desk, number - 1, ANSWERED[0], LAN, NOW)
    await told(*ANSWERED, category=Category.PRAISE)
    held, anew = await shelf.held(), await Shelf(sessions).held()
    assert held.upto == anew.upto
    assert same(held.columns, anew.columns)


async def test_nothing_is_read_when_nothing_changed_and_little_when_little_did(
    sessions, engine, told
):
    shelf = Shelf(sessions)
    await told()
    await shelf.held()
    asked: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    before = await shelf.held()
    assert not any("FROM case_stint " in statement for statement in asked)
    assert await shelf.held() is before


async def test_it_is_read_in_pieces(sessions, told, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    made = [await told() for _ in range(5)]
    assert (await Shelf(sessions).held()).columns.case_id.tolist() == made


async def test_when_the_tables_are_made_anew_so_is_the_shelf(sessions, desk, told):
    shelf = Shelf(sessions)
    made = [await told(), await told()]
    await shelf.held()
    async with sessions() as session, session.begin():
        await session.execute(delete(Stint))
        await session.execute(delete(Reading))
    assert (await shelf.held()).columns.case_id.tolist() == []
    await Follower(sessions, desk).catch_up()
    assert (await shelf.held()).columns.case_id.tolist() == made


async def test_the_figures_of_a_small_town(sessions, told):
    await told(days_ago=20)  # overdue since last week
    await told(*ANSWERED, days_ago=5)
    await told(days_ago=2, category=Category.PRAISE)
    held = await Shelf(sessions).held()
    found = figures(held, period_of(Span.MONTH, NOW.date()), EVERYWHERE.covers, NOW)
    assert (found.sums.carried, found.sums.received) == (1, 2)
    assert found.sums.settled[Ending.ANSWERED] == 1
    assert (found.sums.remaining, found.sums.overdue, found.sums.late) == (2, 1, 0)
    # From nine to one o'clock, with an office that closes at half past eleven.
    assert found.sums.answered.median == pytest.approx(2.5 / 7.5)
