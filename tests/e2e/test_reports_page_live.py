"""The page of reports in a real browser: its charts, its files, its looks, and on paper."""

import io
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from docx import Document
from openpyxl import load_workbook
from playwright.async_api import expect

from bot.feedback.reports.follower import Follower
from bot.questions.stripping import strip
from bot.storage.engine import open_engine
from tests.e2e.staff import a_person
from tests.fakes.cases import ANSWERED, a_case
from tests.fakes.console import NOW, a_console, make_tables

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path):
    """Some cases of two months, answered and not, one of them rated."""
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    console = a_console(engine)
    console = replace(console, desk=replace(console.desk, strip=strip))
    for days_ago, steps in ((45, ()), (20, ANSWERED), (12, ANSWERED), (5, ANSWERED[:1]), (1, ())):
        at, rated = NOW - timedelta(days=days_ago), 5 if steps == ANSWERED else 0
        await a_case(console.sessions, console.desk, at, *steps, rated=rated)
    await Follower(console.sessions, console.desk).catch_up()
    yield console
    await engine.dispose()


@asynccontextmanager
async def reports_of(browser, console, **context):
    """The page in a browser in which Lan has signed in, and which must not say a word."""
    complaints: list[str] = []
    async with a_person(browser, console, "lan", **context) as lan:
        lan.page.on("console", lambda message: complaints.append(message.text))
        await lan.opens("/console")
        await lan.page.get_by_role("link", name="Báo cáo").click()
        yield lan.page
    assert complaints == []  # of the policy above all


async def test_every_chart_is_drawn_and_keeps_its_style_under_the_policy(browser, console):
    async with reports_of(browser, console) as page:
        charts = page.locator(".chart img")
        await expect(charts).to_have_count(7)
        for chart in await charts.all():
            await chart.scroll_into_view_if_needed()
            await expect(chart).to_have_js_property("complete", True)
            assert await chart.evaluate("image => image.naturalWidth") > 0
        address = await charts.first.get_attribute("src")
        await page.goto(str(page.url).partition("/console")[0] + address)
        line = page.locator("path.line.one").first
        assert await line.evaluate("path => getComputedStyle(path).strokeWidth") == "2.5px"


async def test_a_supervisor_chooses_a_period_reads_the_numbers_and_takes_the_report(
    browser, console
):
    async with reports_of(browser, console) as page:
        await page.get_by_role("link", name="Năm nay").click()
        await expect(page.get_by_role("heading", level=2).first).to_have_text("Năm 2026")
        first = page.locator(".tiles .card").first
        await expect(first).to_contain_text("Tiếp nhận mới")
        await expect(first.locator(".large")).to_have_text("5")
        categories = page.locator("#chart-categories").locator("xpath=ancestor::section")
        await categories.get_by_text("Bảng số liệu").click()
        await expect(categories.get_by_role("row", name="Trễ hạn")).to_be_visible()
        await page.get_by_text("Chọn kỳ khác, địa bàn").click()
        await page.get_by_label("Kỳ", exact=True).select_option("month")
        await page.get_by_label("Kỳ có ngày").fill("2026-10-15")
        await page.get_by_role("button", name="Xem").click()
        await expect(page.get_by_role("heading", level=2).first).to_have_text("Tháng 10 năm 2026")
        async with page.expect_download() as docx:
            await page.get_by_role("button", name="Văn bản (.docx)").click()
        assert Document(await (await docx.value).path()).tables
        async with page.expect_download() as xlsx:
            await page.get_by_role("button", name="Bảng tính (.xlsx)").click()
        path = await (await xlsx.value).path()
        assert load_workbook(io.BytesIO(path.read_bytes())).sheetnames[0] == "Tổng hợp"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_it_fits_and_axe_finds_nothing(browser, console, width, scheme):
    size = {"width": width, "height": 900}
    async with reports_of(browser, console, viewport=size, color_scheme=scheme) as page:
        for closed in await page.locator("main summary").all():
            await closed.click()
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(sideways) <= 0
        found = await Axe().run(page)
        assert [each["id"] for each in found.response["violations"]] == []


async def test_on_paper_the_numbers_stand_below_the_charts_and_nothing_is_to_be_clicked(
    browser, console
):
    async with reports_of(browser, console) as page:
        await page.emulate_media(media="print")
        await expect(page.locator(".places")).to_be_hidden()
        await expect(page.get_by_role("button", name="Văn bản (.docx)")).to_be_hidden()
        await expect(page.locator(".chart table").first).to_be_visible()
