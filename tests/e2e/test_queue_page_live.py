"""The queue in a real browser: keys, bulk, new cases as they come, and its looks at every width."""

import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.console.guard import COOKIE
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.models import Case
from bot.feedback.services import Told
from bot.feedback.states import State
from bot.questions.stripping import strip
from bot.storage.engine import open_engine
from tests.e2e.browser import chromium
from tests.fakes.console import NOW, a_client, a_console, console_app, make_tables, signed_in

TOLD = Told(
    Category.DELAY,
    "Hẹn trả kết quả khai sinh mà nay chưa có.",
    "web",
    "2026-11",
    province_code="79",
    commune_code="26740",
)


@pytest.fixture
async def console(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    yield a_console(engine)
    await engine.dispose()


@pytest.fixture
def told(console):
    async def tell(**differing) -> int:
        desk = replace(console.desk, strip=strip)
        async with console.sessions() as session, session.begin():
            case, _ = await services.open_case(session, desk, replace(TOLD, **differing), NOW)
        return case.id

    return tell


@asynccontextmanager
async def queue_of(console, **context):
    """The queue in a browser in which Lan has signed in."""
    app = console_app(console)
    client = await a_client(app)
    lan = await signed_in(client, name="lan")
    server: TestServer = client.server
    try:
        async with chromium() as browser:
            seen = await browser.new_context(**context)
            page = await seen.new_page()
            cookie = {"name": COOKIE, "value": lan.cookie, "url": str(server.make_url("/console"))}
            await seen.add_cookies([{**cookie, "url": str(server.make_url("/"))}])
            await page.goto(str(server.make_url("/console/hang-cho")))
            yield page
            await seen.close()
    finally:
        await client.close()


async def test_a_new_case_is_told_within_a_second_and_nothing_moves(console, told):
    await told()
    async with queue_of(console) as page:
        bar = page.locator("#arrived a")
        await expect(bar).to_be_hidden()
        await page.wait_for_timeout(500)  # the stream stands
        await told(category=Category.PRAISE)
        committed = time.monotonic()
        await expect(bar).to_have_text("1 phản ánh mới. Xem ngay", timeout=5000)
        assert time.monotonic() - committed <= 1.0
        assert await page.locator(".queue tbody tr").count() == 1
        await bar.click()
        await expect(page.locator(".queue tbody tr")).to_have_count(2)


async def test_the_keyboard_walks_chooses_takes_and_opens(console, told):
    ids = [await told(), await told()]
    async with queue_of(console) as page:
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()
        await page.keyboard.press("Escape")
        for key in ("j", "x", "j", "x"):
            await page.keyboard.press(key)
        await expect(page.locator("#selected")).to_have_text("Đã chọn 2")
        await page.locator("#category").select_option("attitude")
        await page.locator("button[value=triage]").click()
        await expect(page.locator(".notice.done")).to_contain_text("Đã phân loại")
        await page.keyboard.press("j")
        await page.keyboard.press("a")
        await expect(page.locator(".notice.done")).to_contain_text("Đã giao")
        await page.keyboard.press("/")
        await expect(page.locator("#q")).to_be_focused()
        await page.locator("#q").fill("khai sinh")
        await page.keyboard.press("Enter")
        await expect(page.locator(".chip")).to_have_text("có chữ “khai sinh” ×")
        await page.keyboard.press("j")
        await page.keyboard.press("o")
        await page.wait_for_url("**/console/cases/*")
    async with console.sessions() as session:
        states = [(await session.get_one(Case, id)).state for id in ids]
    assert sorted(state.value for state in states) == [
        State.ASSIGNED.value,
        State.TRIAGED.value,
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_it_fits_and_axe_finds_nothing(console, told, width, scheme):
    await told()
    await told(category=Category.PRAISE, office_words="Bộ phận một cửa")
    size = {"width": width, "height": 900}
    async with queue_of(console, viewport=size, color_scheme=scheme) as page:
        await page.locator("[data-filter] summary").click()
        await page.locator(".queue input[type=checkbox]").first.check()
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(sideways) <= 0
        found = await Axe().run(page)
        assert [each["id"] for each in found.response["violations"]] == []
