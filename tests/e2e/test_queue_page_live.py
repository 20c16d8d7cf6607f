"""The queue in a real browser: keys, bulk, new cases as they come, and its looks at every width."""

import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.feedback.category import Category
from bot.feedback.models import Case
from bot.feedback.states import State
from bot.questions.stripping import strip
from bot.storage.engine import open_engine
from tests.e2e.staff import a_person
from tests.fakes.cases import a_case
from tests.fakes.console import NOW, a_console, make_tables

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    console = a_console(engine)
    yield replace(console, desk=replace(console.desk, strip=strip))
    await engine.dispose()


@pytest.fixture
def told(console):
    async def tell(**differing) -> int:
        return await a_case(console.sessions, console.desk, NOW, **differing)

    return tell


@asynccontextmanager
async def queue_of(browser, console, **context):
    """The queue in a browser in which Lan has signed in, listening for what comes."""
    async with a_person(browser, console, "lan", **context) as lan:
        async with lan.page.expect_response(is_a_stream):
            await lan.opens("/console/hang-cho")
        yield lan.page


def is_a_stream(response) -> bool:
    return response.headers.get("content-type") == "text/event-stream"


async def test_a_new_case_is_told_within_a_second_and_nothing_moves(browser, console, told):
    await told()
    async with queue_of(browser, console) as page:
        bar = page.locator("#arrived a")
        await expect(bar).to_be_hidden()
        await told(category=Category.PRAISE)
        committed = time.monotonic()
        await expect(bar).to_have_text("1 phản ánh mới. Xem ngay", timeout=5000)
        assert time.monotonic() - committed <= 1.0
        assert await page.locator(".queue tbody tr").count() == 1
        await bar.click()
        await expect(page.locator(".queue tbody tr")).to_have_count(2)


async def test_the_keyboard_walks_chooses_takes_and_opens(browser, console, told):
    ids = [await told(), await told()]
    async with queue_of(browser, console) as page:
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
async def test_it_fits_and_axe_finds_nothing(browser, console, told, width, scheme):
    await told()
    await told(category=Category.PRAISE, office_words="Bộ phận một cửa")
    size = {"width": width, "height": 900}
    async with queue_of(browser, console, viewport=size, color_scheme=scheme) as page:
        await page.locator("[data-filter] summary").click()
        await page.locator(".queue input[type=checkbox]").first.check()
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(sideways) <= 0
        found = await Axe().run(page)
        assert [each["id"] for each in found.response["violations"]] == []
