"""The periodic report as files, opened again by the libraries that others open them with."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import DummyCookieJar
from docx import Document
from openpyxl import load_workbook

from bot.console.report_file_texts import SHEETS
from bot.feedback import audit
from bot.feedback.audit import Sought
from bot.feedback.chain import verify_chain
from bot.feedback.models import Kind
from bot.feedback.reports.follower import Follower
from bot.questions.stripping import strip
from tests.fakes.cases import a_case
from tests.fakes.console import NOW, console_app, signed_in

REPORTS = "/console/reports"
PERSONAL = {
    "story": "Hẹn trả kết quả mà nay chưa có, tôi là Nguyễn Văn Tuấn, 0912345678.",
    "office_words": "=cmd|' /C calc'!A0 bộ phận một cửa, ông Lê Văn Tám",
    "identity": "Nguyễn Văn Tuấn, 0912345678",
}
AGENCY = "Ủy ban nhân dân phường Sài Gòn"
FORMULA = "'=cmd|' /C calc'!A0 bộ phận một cửa"


@pytest.fixture
def console(console):
    return replace(
        console,
        desk=replace(console.desk, strip=strip),
        agency=AGENCY,
    )


@pytest.fixture
async def late(console):
    """Two cases of this month, and one that is overdue since long; gives its number."""
    overdue, *_ = [
        await a_case(console.sessions, console.desk, NOW - timedelta(days=days_ago), **PERSONAL)
        for days_ago in (40, 3, 3)
    ]
    await Follower(console.sessions, console.desk).catch_up()
    return overdue


@pytest.fixture
async def lan(client):
    return await signed_in(client, name="lan", full_name="Nguyễn Thị Lan")


async def downloaded(staff, kind: str, query: str = "") -> io.BytesIO:
    answer = await staff.posts(f"{REPORTS}?{query}", file=kind)
    assert answer.status == 200
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="bao-cao-[0-9-]+\.{kind}"', disposition)
    return io.BytesIO(await answer.read())


def lines_of(document) -> list[str]:
    namespace = document.element.nsmap["w"]
    return [
        "".join(node.text or "" for node in paragraph.iter(f"{{{namespace}}}t"))
        for paragraph in document.element.body.iter(f"{{{namespace}}}p")
    ]


async def test_the_document_has_the_form_of_an_administrative_report(lan, late):
    document = Document(await downloaded(lan, "docx"))
    lines = lines_of(document)
    for line in (
        "ỦY BAN NHÂN DÂN PHƯỜNG SÀI GÒN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BÁO CÁO",
        "Kỳ báo cáo: Tháng 11 năm 2026 (từ 01/11/2026 đến 30/11/2026)",
        "Địa bàn: toàn bộ địa bàn phụ trách",
        "Nơi nhận:",
    ):
        assert line in lines
    assert any("tiếp nhận mới 2 phản ánh, kiến nghị" in line for line in lines)
    assert any("tổng số phải giải quyết là 3 lượt" in line for line in lines)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (210, 30)


@pytest.mark.usefixtures("late")
async def test_a_file_says_whose_it_is_and_nothing_of_libraries(lan):
    told = Document(await downloaded(lan, "docx")).core_properties
    assert (told.author, told.created.date()) == (AGENCY, NOW.date())
    assert told.title == "Kết quả tiếp nhận, giải quyết phản ánh, kiến nghị"
    assert told.comments == ""
    assert load_workbook(await downloaded(lan, "xlsx")).properties.creator == AGENCY


async def test_an_agency_that_nobody_named_is_a_line_to_fill_in(aiohttp_client, console, late):
    nameless = console_app(replace(console, agency=""))
    client = await aiohttp_client(nameless, cookie_jar=DummyCookieJar())
    lines = lines_of(Document(await downloaded(await signed_in(client), "docx")))
    assert lines[0] == "………………………………"


async def test_what_is_overdue_is_named_by_its_number_alone(lan, late):
    document = Document(await downloaded(lan, "docx"))
    (table,) = [each for each in document.tables if each.rows[0].cells[0].text == "Số phản ánh"]
    assert [cell.text for cell in table.rows[1].cells] == [str(late), "Trễ hạn", "30/10/2026", "17"]
    assert len(table.rows) == 2


async def test_the_workbook_holds_every_table_with_numbers_as_numbers(lan, late):
    book = load_workbook(await downloaded(lan, "xlsx"))
    assert book.sheetnames == list(SHEETS.values())
    rows = {row[0].value: row for row in book["Tổng hợp"].iter_rows()}
    assert rows["Tiếp nhận mới"][1].value == 2
    assert rows["Tổng phải giải quyết"][1].value == 3
    assert rows["Giải quyết quá hạn"][1].number_format == "#,##0"
    assert book["Quá hạn"]["A3"].value == late
    assert book["Theo xã, phường"]["B3"].value == 2


async def test_words_of_citizens_are_no_formula_and_name_nobody(lan, late):
    book = load_workbook(await downloaded(lan, "xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(str(cell.value).startswith(FORMULA) for cell in cells)
    document = lines_of(Document(await downloaded(lan, "docx")))
    assert any(line.startswith(FORMULA) for line in document)
    written = " ".join([*document, *(str(cell.value) for cell in cells)])
    assert not any(personal in written for personal in ("Tuấn", "Tám", "0912345678"))


async def test_that_a_report_left_is_an_event_without_a_citizens_word(lan, late, console):
    await downloaded(lan, "docx", "period=week&province=79")
    async with console.sessions() as session:
        event, *_ = await audit.events(session, Sought())
        assert (event.kind, event.actor) == (Kind.EXPORTED, "lan")
        assert audit.note_of(console.vault, event) == (
            "báo cáo .docx, Tuần 48 năm 2026 (từ 23/11/2026 đến 29/11/2026), "
            "Thành phố Hồ Chí Minh; 3 lượt xử lý"
        )
        assert (await verify_chain(session, console.vault)).whole


async def test_another_areas_cases_are_in_no_file(client, late):
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    book = load_workbook(await downloaded(elsewhere, "xlsx", "province=79"))
    rows = {row[0].value: row for row in book["Tổng hợp"].iter_rows()}
    assert rows["Tổng phải giải quyết"][1].value == 0
    assert book["Quá hạn"].max_row == 2


@pytest.mark.parametrize(
    ("query", "kind", "token"),
    [("", "pdf", None), ("", "", None), ("period=x", "docx", None), ("", "docx", "wrong")],
)
async def test_what_is_refused_leaves_no_event(lan, late, console, query, kind, token):
    answer = await lan.posts(f"{REPORTS}?{query}", file=kind, token=token)
    assert answer.status in (400, 403)
    async with console.sessions() as session:
        assert Kind.EXPORTED not in {each.kind for each in await audit.events(session, Sought())}
