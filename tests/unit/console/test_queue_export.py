"""A list of the queue as a file: the same cases, no formula, nothing personal, and an event."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.feedback import audit
from bot.feedback.audit import Sought
from bot.feedback.category import Category
from bot.feedback.chain import verify_chain
from bot.feedback.models import Kind
from bot.questions.stripping import strip
from bot.staff.models import StaffRole
from tests.fakes.cases import a_case
from tests.fakes.console import NOW, signed_in

EXPORT = "/console/hang-cho/csv"
NASTY = {
    "story": '=HYPERLINK("http://x","Xem") Anh Nguyễn Văn Tuấn, 0912345678, bảo chờ.',
    "office_words": "+Bộ phận một cửa, ông Lê Văn Tám",
}


@pytest.fixture
def console(console):
    return replace(console, desk=replace(console.desk, strip=strip))


@pytest.fixture
def told(console):
    async def tell(days_ago: int = 0, **differing) -> int:
        at = NOW - timedelta(days=days_ago)
        return await a_case(console.sessions, console.desk, at, **(NASTY | differing))

    return tell


@pytest.fixture
async def lan(client):
    return await signed_in(client, name="lan", full_name="Nguyễn Thị Lan")


async def table(answer) -> list[dict[str, str]]:
    """The rows of the file, by the heads of its columns."""
    assert answer.status == 200
    raw = await answer.read()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


@pytest.fixture
def exported(console):
    """What the chain tells of files that left."""

    async def read() -> list[tuple[str, str]]:
        async with console.sessions() as session:
            found = await audit.events(session, Sought())
            return [
                (event.actor, audit.note_of(console.vault, event))
                for event in found
                if event.kind is Kind.EXPORTED
            ]

    return read


async def test_a_list_leaves_as_a_table_that_excel_opens(lan, told):
    number = await told()
    answer = await lan.posts(EXPORT, back="")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="phan-anh-2026-')
    (row,) = await table(answer)
    assert row["Số phản ánh"] == str(number)
    assert row["Loại"] == "Trễ hạn"
    assert row["Tỉnh, thành phố"] == "Thành phố Hồ Chí Minh"
    assert row["Nhận lúc"] == "2026-11-25 16:00"
    assert row["Thời hạn"] == "còn hạn"


async def test_no_cell_is_a_formula_and_nobody_is_named(lan, told):
    await told()
    (row,) = await table(await lan.posts(EXPORT, back=""))
    assert row["Lời đầu, đã bỏ thông tin cá nhân"].startswith("'=HYPERLINK(")
    assert row["Cơ quan, theo người kể"].startswith("'+Bộ phận một cửa")
    assert not any(name in "".join(row.values()) for name in ("Tuấn", "Tám", "0912345678"))


async def test_it_holds_what_the_filter_finds_and_all_of_it(lan, told, monkeypatch):
    monkeypatch.setattr("bot.console.queue_export.AT_ONCE", 2)
    made = [await told(days_ago=day) for day in range(5)]
    await told(category=Category.PRAISE)
    rows = await table(await lan.posts(EXPORT, back="category=delay"))
    assert sorted(int(row["Số phản ánh"]) for row in rows) == made


async def test_that_it_left_is_in_the_chain_without_the_words_that_were_looked_for(
    lan, told, exported, console
):
    await told()
    await lan.posts(EXPORT, back="category=delay&q=khai+sinh&office=một+cửa")
    ((actor, note),) = await exported()
    assert actor == "lan"
    assert note == "danh sách CSV, 0 phản ánh; lọc: category=delay&office=…&q=…"
    async with console.sessions() as session:
        assert (await verify_chain(session, console.vault)).whole


async def test_another_areas_cases_stay_where_they_are(client, told):
    await told()
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    assert await table(await elsewhere.posts(EXPORT, back="")) == []


async def test_a_filter_that_is_none_exports_nothing(lan, told, exported):
    await told()
    page = await (await lan.posts(EXPORT, back="state=nope")).text()
    assert "không dùng được" in page
    assert await exported() == []


@pytest.mark.parametrize("role", [StaffRole.VOLUNTEER, StaffRole.ADMIN])
async def test_it_is_for_those_who_see_the_queue(client, role, exported):
    somebody = await signed_in(client, role=role)
    assert (await somebody.posts(EXPORT, back="")).status == 403
    assert (await somebody.posts(EXPORT, back="", token="wrong")).status == 403
    assert await exported() == []
