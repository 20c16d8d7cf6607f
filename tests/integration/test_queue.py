"""The queue on real databases: in order, page after page, filtered, searched, in an area."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.feedback import queue, services
from bot.feedback.area import EVERYWHERE, Area
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.deadlines import load_deadlines
from bot.feedback.filters import Due, Filter, Scope
from bot.feedback.models import Case, CaseWord
from bot.feedback.queue import Band, Counts, Looker
from bot.feedback.services import REPORTER, Desk, Step, Told
from bot.feedback.states import Move, Rejection, Role, State
from bot.questions.stripping import strip
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)  # a Monday
LAN = Actor(Role.SUPERVISOR, "lan")
DAY = timedelta(days=1)
TOLD = Told(
    Category.DELAY,
    "Hẹn thứ sáu trả kết quả khai sinh mà nay chưa có, anh Nguyễn Văn Tuấn bảo chờ.",
    "web",
    "2026-11",
    province_code="79",
    commune_code="26740",
    place_words="phường Bến Nghé",
    office_words="Trung tâm hành chính công",
)
TAKEN = (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"))
GIVEN = (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="minh"))
ANSWERED = (*TAKEN, Step(Move.START), Step(Move.ANSWER, note="Đã trả kết quả."))
JUNK = (Step(Move.REJECT, note="Quảng cáo", rejection=Rejection.JUNK),)
ASKED = (Step(Move.TRIAGE), Step(Move.ASK, note="Giấy hẹn số mấy?"))

# Each told so many days ago and taken so far; the names say where they belong at NOW.
CASES = {
    "overdue, taken": (40, TAKEN, {}),
    "overdue, new": (20, (), {"category": Category.ATTITUDE}),
    "soon": (7, (), {"category": Category.PRAISE, "channel": "telegram"}),
    "new": (0, (), {"province_code": "01", "commune_code": "00004"}),
    "new, of no place": (0, (), {"province_code": None, "commune_code": None}),
    "mine": (1, TAKEN, {"story": "Cò mồi chặn ngay cổng, đòi năm trăm nghìn."}),
    "of others": (1, GIVEN, {"province_code": "01", "commune_code": "00008"}),
    "waiting": (3, ASKED, {"office_words": "Công an phường"}),
    "done": (9, ANSWERED, {"story": "Cán bộ đòi tiền mới nhận hồ sơ khai sinh."}),
    "junk": (2, JUNK, {"story": "Cho vay lãi suất thấp"}),
}


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines(), strip=strip)


@pytest.fixture
async def names(sessions, desk) -> dict[int, str]:
    """Fill the queue; gives the names of the cases by number."""
    names = {}
    for name, (days_ago, steps, differing) in CASES.items():
        at = NOW - days_ago * DAY - timedelta(minutes=5)
        async with sessions() as session, session.begin():
            case, _ = await services.open_case(session, desk, replace(TOLD, **differing), at)
            for minute, step in enumerate(steps, start=1):
                when = at + timedelta(minutes=minute)
                await services.move(session, desk, case.id, step, LAN, when)
        names[case.id] = name
    return names


@pytest.fixture
def listed(sessions, vault, names):
    """Name the cases of a list as somebody sees it, gathered from pages of three."""

    async def go(wanted: Filter, area: Area = EVERYWHERE, account: str = "lan") -> list[str]:
        found, after = [], None
        async with sessions() as session:
            while True:
                looker = Looker(account, area, NOW)
                page = await queue.page(session, vault, looker, wanted, after, size=3)
                found += page.cases
                after = page.next
                if after is None:
                    return [names[case.id] for case in found]

    return go


async def test_what_needs_somebody_now_is_on_top(listed):
    assert await listed(Filter(scope=Scope.ALL)) == [*list(CASES)[:8], "junk", "done"]


async def test_without_being_asked_it_shows_what_is_open(listed):
    assert await listed(Filter()) == list(CASES)[:8]
    assert (await listed(Filter(), account="minh"))[5:7] == ["of others", "mine"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(due=Due.OVERDUE), ["overdue, taken", "overdue, new"]),
        (Filter(due=Due.SOON), ["soon"]),
        (Filter(state=frozenset({State.NEED_INFO, State.ANSWERED})), ["waiting", "done"]),
        (Filter(scope=Scope.DONE), ["junk", "done"]),
        (Filter(category=frozenset({Category.ATTITUDE})), ["overdue, new"]),
        (Filter(channel=frozenset({"telegram"})), ["soon"]),
        (Filter(province=frozenset({"01"})), ["new", "of others"]),
        (Filter(commune=frozenset({"00008"})), ["of others"]),
        (Filter(who="me"), ["overdue, taken", "mine"]),
        (Filter(who="@minh"), ["of others"]),
        (Filter(who="nobody", due=Due.OVERDUE), ["overdue, new"]),
        (Filter(office="cong an"), ["waiting"]),
        (Filter(q="co moi"), ["mine"]),
        (Filter(q="Đòi năm trăm"), ["mine"]),
        (Filter(q="doi", scope=Scope.ALL), ["mine", "done"]),
        (Filter(q="bến nghé", who="me"), ["overdue, taken", "mine"]),
        (Filter(q="khai sinh", state=frozenset({State.ANSWERED})), ["done"]),
        (Filter(q="khai sinh cò mồi"), []),
    ],
)
async def test_a_filter_lists_what_it_says(listed, wanted, expected):
    assert await listed(wanted) == expected


async def test_a_number_finds_its_case_wherever_it_stands(listed, names):
    done = next(id for id, name in names.items() if name == "done")
    assert await listed(Filter(q=f"#{done}", who="nobody")) == ["done"]
    assert await listed(Filter(q="99999")) == []


async def test_words_that_many_cases_have_are_looked_up_on_the_way(listed, monkeypatch):
    wanted = Filter(q="tra ket qua", scope=Scope.ALL)
    few = await listed(wanted)
    monkeypatch.setattr(queue, "_FEW", 2)
    assert await listed(wanted) == few
    monkeypatch.setattr("bot.feedback.finding._FREQUENT", 1)
    assert await listed(wanted) == few
    assert len(few) == 7


@pytest.mark.usefixtures("names")
async def test_of_function_words_alone_nothing_is_found_and_that_is_said(sessions, vault):
    looker = Looker("lan", EVERYWHERE, NOW)
    async with sessions() as session:
        page = await queue.page(session, vault, looker, Filter(q="của và"))
        assert (page.cases, page.ignored) == ((), ("của", "và"))
        page = await queue.page(session, vault, looker, Filter(q="của cò mồi"))
        assert (len(page.cases), page.ignored) == (1, ("của", "cò"))


async def test_names_and_numbers_find_nothing(listed):
    assert await listed(Filter(q="nguyen van tuan")) == []
    assert await listed(Filter(q="Tuấn")) == []


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(scope=Scope.ALL),
        Filter(province=frozenset({"01"})),
        Filter(q="ket qua", scope=Scope.ALL),
        Filter(due=Due.OVERDUE),
    ],
)
async def test_a_case_of_another_area_is_in_no_list(listed, wanted):
    here = Area(communes=frozenset({"26740"}))
    seen = await listed(wanted, here)
    assert not {"new", "of others"} & set(seen)
    assert seen == [name for name in await listed(wanted) if name in seen]


async def test_a_case_of_another_area_is_not_found_by_its_number(listed, names):
    for id, name in names.items():
        seen = await listed(Filter(q=str(id)), Area(communes=frozenset({"00004"})))
        assert seen == ([name] if name in ("new", "new, of no place") else [])


@pytest.mark.usefixtures("names")
async def test_the_counts_are_those_of_the_lists_and_of_the_area(sessions):
    async with sessions() as session:
        count = await queue.counts(session, Looker("lan", EVERYWHERE, NOW))
        assert count == Counts(open=8, overdue=2, soon=1, new=4, mine=2, nobody=5, waiting=1)
        hanoi = Looker("lan", Area(provinces=frozenset({"01"})), NOW)
        assert await queue.counts(session, hanoi) == Counts(3, 0, 0, 2, 0, 2, 0)


async def test_new_arrivals_are_counted_within_list_and_area(sessions, vault, names):
    first = min(names)
    async with sessions() as session:

        async def arrived(wanted: Filter, area: Area = EVERYWHERE) -> int:
            looker = Looker("lan", area, NOW)
            return await queue.arrived(session, vault, looker, wanted, first)

        assert await arrived(Filter()) == 7
        assert await arrived(Filter(), Area(provinces=frozenset({"01"}))) == 3
        assert await arrived(Filter(q="cò mồi")) == 1
        assert await arrived(Filter(q="của")) == 0


async def test_a_list_shows_first_words_and_nothing_personal_and_leaves_no_event(
    sessions, vault, names
):
    async with sessions() as session:
        before = await session.scalar(select(func.count()).select_from(Case))
        page = await queue.page(session, vault, Looker("lan", EVERYWHERE, NOW), Filter())
        assert page.cases[0].excerpt.startswith("Hẹn thứ sáu trả kết quả khai sinh")
        assert "Tuấn" not in page.cases[0].excerpt
        assert page.cases[0].band is Band.OVERDUE
        assert await session.scalar(select(func.count()).select_from(Case)) == before


async def test_a_case_is_found_by_what_its_reporter_adds_and_not_by_the_office(
    sessions, desk, listed, names
):
    id = next(id for id, name in names.items() if name == "waiting")
    async with sessions() as session, session.begin():
        await services.add_to_case(session, desk, id, "Biên nhận mất rồi", REPORTER, NOW)
        await services.add_to_case(session, desk, id, "Xin cảm tạ", LAN, NOW)
    assert await listed(Filter(q="bien nhan")) == ["waiting"]
    assert await listed(Filter(q="cam ta")) == []


async def test_what_is_erased_is_not_found_any_more(sessions, desk, listed, names):
    id = next(id for id, name in names.items() if name == "done")
    async with sessions() as session, session.begin():
        await services.erase(session, desk, id, LAN, NOW)
    assert await listed(Filter(q="doi tien", scope=Scope.ALL)) == []
    async with sessions() as session:
        query = select(func.count()).where(CaseWord.case_id == id)
        assert await session.scalar(query) == 0
        page = await queue.page(
            session, desk.vault, Looker("lan", EVERYWHERE, NOW), Filter(scope=Scope.DONE)
        )
    assert page.cases[0].id == id
    assert page.cases[0].excerpt == ""


async def test_a_desk_that_was_taught_nothing_shows_and_finds_nothing(sessions, vault):
    desk = Desk(vault, load_deadlines())
    told = replace(TOLD, place_words="", office_words="")
    async with sessions() as session, session.begin():
        await services.open_case(session, desk, told, NOW)
        page = await queue.page(session, vault, Looker("lan", EVERYWHERE, NOW), Filter())
        assert page.cases[0].excerpt == ""
        assert await session.scalar(select(func.count()).select_from(CaseWord)) == 0
