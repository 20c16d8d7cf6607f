"""Stints on real databases: what the chain tells is what is counted, each event once."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.models import CaseEvent
from bot.feedback.reports.follower import Follower, behind, read_on, seconds
from bot.feedback.reports.models import Beginning, Reading, Stint
from bot.feedback.services import Desk, Step
from bot.feedback.states import Move, State
from bot.questions.stripping import strip
from bot.working_time.zone import VIETNAM
from tests.fakes.cases import ANSWERED, HOUR, LAN, a_case

MONDAY = datetime(2026, 11, 16, 7, 30, tzinfo=VIETNAM)
DAY = timedelta(days=1)
TRIAGED = Step(Move.TRIAGE, category=Category.DELAY)
OFFICE = "Bộ phận một cửa, ông Lê Văn Tám"


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines(), strip=strip)


@pytest.fixture
def told(sessions, desk):
    """Open a case on Monday and take it so far; gives its number."""

    async def tell(*steps: Step, **differing) -> int:
        return await a_case(sessions, desk, MONDAY, *steps, **differing)

    return tell


@pytest.fixture
def stints(sessions):
    async def read() -> list[Stint]:
        async with sessions() as session:
            return list(await session.scalars(select(Stint).order_by(Stint.case_id, Stint.number)))

    return read


async def test_a_case_becomes_a_stint_with_its_times_and_nothing_personal(
    sessions, desk, told, stints
):
    number = await told(TRIAGED, *ANSWERED[1:], category=Category.OTHER, office_words=OFFICE)
    await Follower(sessions, desk).catch_up()
    (stint,) = await stints()
    assert (stint.case_id, stint.category, stint.commune_code) == (number, Category.DELAY, "26740")
    assert (stint.begun_by, stint.begun_at) == (Beginning.RECEIVED, seconds(MONDAY))
    assert (stint.acted_at, stint.ended_at) == (
        seconds(MONDAY + HOUR),
        seconds(MONDAY + 4 * HOUR),
    )
    assert stint.ended_in is State.ANSWERED
    assert stint.took == pytest.approx(4 / 7.5)
    assert stint.due_at == seconds(datetime(2026, 12, 1, 17, tzinfo=VIETNAM))
    assert stint.office.startswith("Bộ phận một cửa")
    assert "Tám" not in stint.office


async def test_a_rating_goes_to_the_answer_that_it_is_of(sessions, desk, told, stints, doing):
    number = await told(*ANSWERED)
    await doing(services.rate, desk, number, 1, "", MONDAY + DAY)
    follower = Follower(sessions, desk)
    await follower.catch_up()
    first, second = await stints()
    assert (first.rating, first.rated_at) == (1, seconds(MONDAY + DAY))
    assert (second.begun_by, second.ended_at, second.rating) == (Beginning.REOPENED, None, None)
    for hours, step in enumerate(ANSWERED[1:]):
        await doing(services.move, desk, number, step, LAN, MONDAY + 2 * DAY + hours * HOUR)
    await doing(services.rate, desk, number, 5, "", MONDAY + 3 * DAY)
    await follower.catch_up()
    first, second = await stints()
    assert (first.rating, second.rating) == (None, 5)  # the reporter changed their mind


async def test_it_is_read_on_from_where_it_was_left(sessions, desk, told, stints, doing):
    first, second = await told(*ANSWERED), await told()
    assert await doing(read_on, desk, 3) == 3
    assert [each.case_id for each in await stints()] == [first]
    async with sessions() as session:
        assert await behind(session) == 3
    assert await doing(read_on, desk) == 3
    assert [each.case_id for each in await stints()] == [first, second]
    assert await doing(read_on, desk) == 0


async def test_what_is_of_no_case_is_read_over(sessions, desk, told, stints, doing):
    number = await told()
    await doing(services.read_personal, desk, number, LAN, MONDAY)
    await Follower(sessions, desk).catch_up()
    before = await stints()
    await doing(services.read_personal, desk, number, LAN, MONDAY)
    await Follower(sessions, desk).catch_up()
    after = await stints()
    assert [each.event_number for each in after] == [each.event_number for each in before]
    async with sessions() as session:
        assert await behind(session) == 0


async def test_followers_at_once_read_each_event_once(sessions, desk, told, stints):
    made = [await told(*ANSWERED) for _ in range(6)]
    read = []
    await asyncio.gather(*(Follower(sessions, desk).catch_up(read.append) for _ in range(3)))
    assert sum(read) == 6 * 5
    assert [each.case_id for each in await stints()] == made


async def test_emptied_tables_come_back_the_same(sessions, desk, told, stints, doing):
    await told(*ANSWERED)
    await told(Step(Move.ASK, note="Giấy hẹn số mấy?"))
    follower = Follower(sessions, desk)
    await follower.catch_up()
    before = [vars_of(each) for each in await stints()]
    async with sessions() as session, session.begin():
        await session.execute(delete(Stint))
        await session.execute(delete(Reading))
    await follower.catch_up()
    assert [vars_of(each) for each in await stints()] == before


def vars_of(stint: Stint) -> dict:
    return {name: value for name, value in vars(stint).items() if not name.startswith("_")}


async def test_the_chain_is_only_read(sessions, desk, told, vault):
    await told(*ANSWERED)
    async with sessions() as session:
        before = (await session.scalars(select(CaseEvent.hash))).all()
    await Follower(sessions, desk).catch_up()
    async with sessions() as session:
        assert (await session.scalars(select(CaseEvent.hash))).all() == before
        assert (await services.verify_chain(session, vault)).whole
