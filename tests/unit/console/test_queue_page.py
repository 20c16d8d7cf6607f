"""The page of the queue without script: lists, filters, bulk, saved lists, areas."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.models import Case
from bot.feedback.services import Step, Told
from bot.feedback.states import Move, Role, State
from bot.questions.stripping import strip
from bot.staff.models import StaffRole
from tests.fakes.console import NOW, signed_in

QUEUE = "/console/hang-cho"
TOLD = Told(
    Category.DELAY,
    "Hẹn trả kết quả khai sinh mà <b>chưa có</b>, anh Nguyễn Văn Tuấn bảo chờ.",
    "web",
    "2026-11",
    province_code="79",
    commune_code="26740",
    office_words="Bộ phận một cửa",
)


@pytest.fixture
def told(console):
    """Open a case like TOLD; gives its number."""

    async def tell(days_ago: int = 0, **differing) -> int:
        desk = replace(console.desk, strip=strip)
        async with console.sessions() as session, session.begin():
            case, _ = await services.open_case(
                session, desk, replace(TOLD, **differing), NOW - timedelta(days=days_ago)
            )
        return case.id

    return tell


@pytest.fixture
def case_of(console):
    async def find(number: int) -> Case:
        async with console.sessions() as session:
            return await session.get_one(Case, number)

    return find


@pytest.fixture
async def lan(client):
    return await signed_in(client, name="lan")


def numbers(page: str) -> list[int]:
    """The cases in the table, in order."""
    return [int(number) for number in re.findall(r'class="open" href="/console/cases/(\d+)"', page)]


async def test_the_first_page_after_the_sign_in_is_the_queue(lan):
    answer = await lan.opens("/console")
    assert (answer.status, answer.headers["Location"]) == (303, QUEUE)
    assert "Hết việc rồi" in await lan.reads(QUEUE)


async def test_a_case_stands_there_with_all_that_is_needed_to_choose_it(lan, told):
    number = await told()
    page = await lan.reads(QUEUE)
    assert numbers(page) == [number]
    for words in ("Trễ hạn", "Mới tiếp nhận", "Thành phố Hồ Chí Minh", "Bộ phận một cửa"):
        assert words in page
    assert re.search(r"còn \d+ ngày làm việc", page)
    assert "Tuấn" not in page
    raw = await (await lan.opens(QUEUE)).text()
    assert "&lt;b&gt;chưa có" in raw
    assert "<b>chưa có" not in raw


async def test_a_filter_is_a_sentence_of_chips_that_can_be_taken_away(lan, told):
    await told()
    other = await told(category=Category.PRAISE)
    page = await lan.reads(QUEUE, category="praise", province="79")
    assert numbers(page) == [other]
    assert 'aria-label="bỏ lọc khen"' in page
    assert f'href="{QUEUE}?category=praise" aria-label="bỏ lọc Thành phố Hồ Chí Minh"' in page


async def test_an_address_with_nonsense_shows_everything_and_says_so(lan, told):
    number = await told()
    page = await lan.reads(QUEUE, state="<script>")
    assert numbers(page) == [number]
    assert "điều kiện “Trạng thái” không dùng được" in page
    assert "<script>" not in page.replace('<script type="module"', "")


async def test_nothing_found_says_what_to_do(lan, told):
    await told()
    page = await lan.reads(QUEUE, q="sổ đỏ")
    assert "Bạn thử bỏ bớt điều kiện" in page
    assert "Tìm cả phản ánh đã xong" in page
    assert "Các từ quá thường gặp" in await lan.reads(QUEUE, q="của và sổ")


async def test_late_cases_are_a_tab_away(lan, told):
    await told()
    late = await told(days_ago=40)
    address = re.search(r'<a href="([^"]+)"[^>]*>Quá hạn ', await lan.reads(QUEUE))[1]
    page = await lan.reads(address)
    assert numbers(page) == [late]
    assert re.search(r"quá hạn \d+ ngày làm việc", page)


async def test_pages_follow_each_other(lan, told):
    made = [await told() for _ in range(51)]
    page = await lan.reads(QUEUE)
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    assert sorted(numbers(page) + numbers(await lan.reads(following))) == made
    assert "Về đầu danh sách" in await lan.reads(following)


# -- bulk ----------------------------------------------------------------------------------------


async def test_several_cases_are_triaged_and_taken_at_once(lan, told, case_of):
    ids = [await told(), await told()]
    chosen = [("case", number) for number in ids]
    triage = [*chosen, ("act", "triage"), ("category", "attitude"), ("back", "who=nobody")]
    answer = await lan.posts(QUEUE, triage)
    where = f"{QUEUE}?who=nobody&notice=bulk_triaged"
    assert (answer.status, answer.headers["Location"]) == (303, where)
    assert (await lan.posts(QUEUE, triage)).status == 303  # sent twice, done once
    assert (await lan.posts(QUEUE, [*chosen, ("act", "take")])).status == 303
    for number in ids:
        case = await case_of(number)
        assert (case.state, case.category, case.assignee) == (
            State.ASSIGNED,
            Category.ATTITUDE,
            "lan",
        )


async def test_what_cannot_go_along_is_told_case_by_case(lan, told, case_of, console):
    new, triaged = await told(), await told()
    async with console.sessions() as session, session.begin():
        by = Actor(Role.SUPERVISOR, "lan")
        await services.move(session, console.desk, triaged, Step(Move.TRIAGE), by, NOW)
    answer = await lan.posts(QUEUE, [("case", new), ("case", triaged), ("act", "take")])
    page = await answer.text()
    assert answer.status == 422
    assert "Xong 1 trên 2 phản ánh" in page
    assert "phải phân loại rồi mới giao" in page
    assert (await case_of(new)).state is State.NEW
    assert (await case_of(triaged)).assignee == "lan"


async def test_a_case_goes_only_to_somebody_who_is_responsible_for_its_place(
    client, lan, told, case_of
):
    await signed_in(client, name="minh", provinces=frozenset({"01"}))
    number = await told()
    await lan.posts(QUEUE, [("case", number), ("act", "triage"), ("category", "delay")])
    answer = await lan.posts(QUEUE, [("case", number), ("act", "assign"), ("assignee", "minh")])
    assert "không phụ trách địa bàn" in await answer.text()
    assert (await case_of(number)).assignee is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([("act", "take")], "chưa chọn phản ánh nào"),
        ([("case", "x"), ("act", "take")], "chưa chọn phản ánh nào"),
        ([("case", 1), ("act", "close")], "chọn việc cần làm"),
        ([("case", 1), ("act", "triage"), ("category", "nope")], "chọn việc cần làm"),
        ([*(("case", each) for each in range(1, 102)), ("act", "take")], "nhiều nhất 100"),
    ],
)
async def test_a_form_that_says_too_little_is_refused_in_words(lan, fields, words):
    answer = await lan.posts(QUEUE, fields)
    assert answer.status == 422
    assert words in await answer.text()


# -- areas and roles -----------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{}, {"q": "khai sinh"}, {"q": "1"}, {"scope": "all"}])
async def test_another_areas_case_is_neither_listed_nor_counted_nor_found(client, told, query):
    await told()
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    page = await elsewhere.reads(QUEUE, **query)
    assert numbers(page) == []
    assert set(re.findall(r'<span class="count">(\d+)</span>', page)) == {"0"}


async def test_another_areas_case_is_not_moved_in_bulk(client, told, case_of):
    number = await told()
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    fields = [("case", number), ("case", 999), ("act", "triage"), ("category", "delay")]
    page = await (await elsewhere.posts(QUEUE, fields)).text()
    assert page.count("Không có phản ánh này trong địa bàn của bạn.") == 2
    assert (await case_of(number)).state is State.NEW


@pytest.mark.parametrize("role", [StaffRole.VOLUNTEER, StaffRole.ADMIN])
async def test_the_queue_is_not_for_everybody(client, role):
    somebody = await signed_in(client, role=role)
    for path in (QUEUE, f"{QUEUE}/moi?seen=0"):
        assert (await somebody.opens(path)).status == 403


# -- saved lists ---------------------------------------------------------------------------------


async def test_a_list_is_kept_under_a_name_and_taken_away(client, lan):
    await lan.posts(f"{QUEUE}/luu", name="Vòi vĩnh TP.HCM", back="category=bribery&province=79")
    page = await lan.reads(QUEUE, category="bribery", province="79")
    tab = r'<a href="([^"]+)" aria-current="page">Vòi vĩnh TP.HCM'
    assert re.search(tab, page)[1] == f"{QUEUE}?category=bribery&province=79"
    others = await signed_in(client)
    assert "Vòi vĩnh TP.HCM" not in await others.reads(QUEUE)
    view = re.search(r'name="view" value="(\d+)"', page)[1]
    await others.posts(f"{QUEUE}/xoa", view=view)
    assert "Vòi vĩnh TP.HCM" in await lan.reads(QUEUE)
    await lan.posts(f"{QUEUE}/xoa", view=view)
    assert "Vòi vĩnh TP.HCM" not in await lan.reads(QUEUE)


async def test_a_list_without_a_name_is_not_kept(lan):
    answer = await lan.posts(f"{QUEUE}/luu", name=" ", back="")
    assert answer.status == 422
    assert "Chưa lưu được" in await answer.text()


# -- live ----------------------------------------------------------------------------------------


async def test_the_stream_tells_how_many_came_into_the_list(lan, told):
    first = await told()
    answer = await lan.opens(f"{QUEUE}/moi", seen=first, category="praise")
    await told()
    await told(category=Category.PRAISE)
    told_so_far = (await answer.content.readuntil(b"\n\n")).decode()
    assert told_so_far == "event: arrived\ndata: 1\n\n"
    answer.close()


@pytest.mark.parametrize("query", [{}, {"seen": "x"}, {"seen": "1", "state": "x"}])
async def test_a_stream_of_no_list_is_refused(lan, query):
    assert (await lan.opens(f"{QUEUE}/moi", **query)).status == 400


async def test_two_who_have_the_same_case_open_hear_of_each_other(client, lan, told, clock):
    number = await told()
    minh = await signed_in(client, full_name="Trần Minh")
    at = f"/console/cases/{number}"

    async def others(somebody):
        return (await (await somebody.posts(f"{at}/presence")).json())["others"]

    assert await others(minh) == []
    assert await others(lan) == ["Trần Minh"]
    await minh.posts(f"{at}/left")
    assert await others(lan) == []
    await others(minh)
    clock.at += timedelta(minutes=2)
    assert await others(lan) == []
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    assert (await elsewhere.posts(f"{at}/presence")).status == 404
