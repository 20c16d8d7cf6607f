"""The page of reports, its charts, and who sees which cases counted."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from bot.console.report_texts import CHARTS, DEFINITIONS
from bot.feedback.reports.follower import Follower
from bot.feedback.services import Step
from bot.questions.stripping import strip
from bot.staff.models import StaffRole
from tests.fakes.cases import ANSWERED, a_case
from tests.fakes.console import NOW, signed_in

REPORTS = "/console/reports"
SVG = "{http://www.w3.org/2000/svg}"
OFFICE = "<b>Bộ phận một cửa</b>, ông Lê Văn Tám"


@pytest.fixture
def console(console):
    return replace(console, desk=replace(console.desk, strip=strip))


@pytest.fixture
def told(console):
    """Open a case so many days ago and take it so far; it is counted. Gives its number."""

    async def tell(*steps: Step, days_ago: int = 0, **differing) -> int:
        at = NOW - timedelta(days=days_ago)
        made = await a_case(console.sessions, console.desk, at, *steps, **differing)
        await Follower(console.sessions, console.desk).catch_up()
        return made

    return tell


@pytest.fixture
async def lan(client):
    return await signed_in(client, name="lan")


def tiles(page: str) -> dict[str, str]:
    """The large figures by their names."""
    found = re.findall(r'<dt>([^<]+)</dt>\s*<dd class="large">(.+?)</dd>', page)
    return {name: re.sub("<[^>]+>", "", value) for name, value in found}


def row(page: str, name: str) -> list[str]:
    """The cells of the first row so called."""
    cells = page.partition(f'<th scope="row">{name}</th>')[2].partition("</tr>")[0]
    return re.findall(r"<td[^>]*>([^<]*)</td>", cells)


async def test_the_figures_of_the_month_stand_on_top_and_add_up(lan, told):
    await told(*ANSWERED, days_ago=8, rated=5)
    await told(days_ago=3)
    await told(days_ago=40)
    page = await lan.reads(REPORTS)
    assert "<h2>Tháng 11 năm 2026</h2>" in page
    assert "Từ 01/11/2026 đến 30/11/2026. Số liệu đến 25/11/2026 16:00." in page
    assert tiles(page) == {
        "Tiếp nhận mới": "2",
        "Đã giải quyết": "1",
        "Còn tồn": "2",
        "Quá hạn trong số còn tồn": "1",
        "Giải quyết đúng hạn": "100 %",
        "Đến việc đầu tiên": "0,1 ngày làm việc",
        "Đến khi trả lời": "0,1 ngày làm việc",
        "Mức hài lòng": "5 trên 5",
    }
    assert row(page, "Tồn từ trước chuyển sang")[:2] == ["1", "0"]
    assert row(page, "Tổng phải giải quyết") == ["3", "1", "tăng 2 (200 %)"]


async def test_every_chart_has_its_table_and_every_figure_its_sentence(lan, told):
    await told(*ANSWERED, days_ago=8, rated=2)
    page = await lan.reads(REPORTS)
    for name, said in CHARTS.items():
        section = page.partition(f'aria-labelledby="chart-{name}"')[2].partition("</section>")[0]
        assert said["title"] in section
        assert f'src="{REPORTS}/charts/{name}.svg?' in section
        assert re.search(r"<caption>[^<]+</caption>.*<tbody>\s*<tr>", section, re.DOTALL)
    for name, sentence in DEFINITIONS:
        assert f"<dt>{name}</dt><dd>{sentence}</dd>" in page


async def test_a_chart_is_a_picture_without_script_and_brings_its_style_along(lan, told):
    await told(*ANSWERED, days_ago=8, rated=2)
    for name in CHARTS:
        answer = await lan.opens(f"{REPORTS}/charts/{name}.svg")
        assert answer.status == 200
        assert answer.content_type == "image/svg+xml"
        policy = answer.headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        tree = ElementTree.fromstring(await answer.read())
        assert tree.find(f"{SVG}title").text == CHARTS[name]["title"]
        tags = {each.tag.removeprefix(SVG) for each in tree.iter()}
        assert not tags & {"script", "foreignObject", "image", "a"}
        assert not any(key.startswith("on") for each in tree.iter() for key in each.attrib)


async def test_words_of_citizens_are_text_in_table_and_chart_and_name_nobody(lan, told):
    await told(days_ago=3, office_words=OFFICE)
    raw = await (await lan.opens(REPORTS)).text()
    assert "<b>Bộ" not in raw
    assert "Tám" not in raw
    drawn = await (await lan.opens(f"{REPORTS}/charts/offices.svg")).text()
    assert "&lt;b&gt;Bộ phận một cửa" in drawn
    assert "Tám" not in drawn


async def test_without_cases_it_says_so_instead_of_drawing(lan):
    page = await lan.reads(REPORTS)
    assert '<img src="/console/reports' not in page
    assert page.count("Kỳ này chưa có gì để vẽ.") == len(CHARTS)
    assert tiles(page)["Đến khi trả lời"] == "chưa có"


@pytest.mark.parametrize(
    ("query", "heading", "days"),
    [
        ({"period": "week"}, "Tuần 48 năm 2026", "Từ 23/11/2026 đến 29/11/2026"),
        ({"period": "quarter", "on": "2026-05-05"}, "Quý II năm 2026", "Từ 01/04/2026"),
        ({"period": "half"}, "6 tháng cuối năm 2026", "đến 31/12/2026"),
        ({"period": "year", "by": "14"}, "Năm 2026", "Từ 15/12/2025 đến 14/12/2026"),
        (
            {"period": "range", "from": "2026-11-01", "to": "2026-11-09"},
            "Từ 01/11/2026 đến 09/11/2026",
            "Số liệu đến 10/11/2026 00:00",
        ),
    ],
)
async def test_a_period_is_chosen_by_the_address(lan, query, heading, days):
    page = await lan.reads(REPORTS, **query)
    assert f"<h2>{heading}</h2>" in page
    assert days in page


@pytest.mark.parametrize(
    "query",
    [
        {"period": "<script>"},
        {"on": "2026-13-01"},
        {"on": "0001-01-01"},
        {"period": "range", "from": "2026-11-09", "to": "2026-11-01"},
        {"period": "range", "from": "2001-01-01", "to": "2026-11-01"},
        {"by": "15"},
        {"province": "x"},
        {"commune": "123456789"},
    ],
)
async def test_nonsense_shows_this_month_and_says_so(lan, query):
    page = await lan.reads(REPORTS, **query)
    assert "không dùng được" in page
    assert "<h2>Tháng 11 năm 2026" in page
    assert (await lan.opens(f"{REPORTS}/charts/flow.svg", **query)).status == 400


async def test_a_chart_that_there_is_not_is_not_found(lan):
    assert (await lan.opens(f"{REPORTS}/charts/nothing.svg")).status == 404


async def test_each_sees_the_cases_of_their_own_area_counted(client, told):
    await told(days_ago=3)
    await told(days_ago=3, province_code="01", commune_code="00004")
    await told(days_ago=3, province_code=None, commune_code=None)
    hanoi = await signed_in(client, provinces=frozenset({"01"}))
    page = await hanoi.reads(REPORTS)
    assert tiles(page)["Tiếp nhận mới"] == "2"  # theirs, and that of which nobody knows where
    assert row(page, "Thành phố Hồ Chí Minh") == []
    assert tiles(await hanoi.reads(REPORTS, province="79"))["Tiếp nhận mới"] == "0"
    everywhere = await signed_in(client)
    assert tiles(await everywhere.reads(REPORTS))["Tiếp nhận mới"] == "3"
    assert tiles(await everywhere.reads(REPORTS, province="01"))["Tiếp nhận mới"] == "1"
    assert tiles(await everywhere.reads(REPORTS, commune="26740"))["Tiếp nhận mới"] == "1"


@pytest.mark.parametrize("role", [StaffRole.SUPERVISOR, StaffRole.LEAD, StaffRole.ADMIN])
async def test_it_stands_in_the_navigation_of_those_who_report(client, role):
    somebody = await signed_in(client, role=role)
    page = await somebody.reads(REPORTS)
    assert f'<a href="{REPORTS}" aria-current="page">Báo cáo</a>' in page


async def test_volunteers_count_no_cases(client):
    volunteer = await signed_in(client, role=StaffRole.VOLUNTEER)
    for path in (REPORTS, f"{REPORTS}/charts/flow.svg"):
        assert (await volunteer.opens(path)).status == 403
    assert (await volunteer.posts(REPORTS, file="docx")).status == 403


async def test_what_is_not_counted_yet_is_said(lan, told, console):
    await told(days_ago=3)
    await a_case(console.sessions, console.desk, NOW)
    page = await lan.reads(REPORTS)
    assert tiles(page)["Tiếp nhận mới"] == "1"
    assert "Còn 1 thay đổi chưa kịp tính vào" in page
    await Follower(console.sessions, console.desk).catch_up()
    assert tiles(await lan.reads(REPORTS))["Tiếp nhận mới"] == "2"
