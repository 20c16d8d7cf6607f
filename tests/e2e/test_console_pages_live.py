"""Every page of the console and of the public: by screen reader, by keyboard, at every width."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.house import House, Supervisor
from tests.e2e.staff import Person

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

STORY = "hôm qua cán bộ phường Sài Gòn quát mắng tôi ở quầy số 2 khi tôi hỏi giấy tờ khai sinh"
MATTER = "Một người dân bị quát mắng ở quầy."
OUTCOME = "Cán bộ đã xin lỗi."

# Notes what has the focus; returns it when nothing of it is to be seen.
LOOK = """() => {
    window.reached ??= new Set();
    const target = document.activeElement;
    if (target === document.body) return "";
    window.reached.add(target);
    const { x, y, width, height } = target.getBoundingClientRect();
    const parts = [0.1, 0.5, 0.9];
    const at = (right, down) => [x + right * width, y + down * height];
    const points = parts.flatMap((right) => parts.map((down) => at(right, down)));
    const seen = points.some(([x, y]) => {
        const on = document.elementFromPoint(x, y);
        return target.contains(on) || on?.contains(target);
    });
    return seen ? "" : target.outerHTML;
}"""
MISSED = """() => {
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const chosen = (box) => document.querySelector(`[name="${box.name}"]:checked`) ?? box;
    return [...document.querySelectorAll(all)]
        .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
        .filter((each) => !window.reached.has(each.type === "radio" ? chosen(each) : each))
        .map((each) => each.outerHTML);
}"""


async def walks_by_keyboard(page: Page) -> None:
    """Reach everything that can be used with the Tab key, and see it when it has the focus."""
    await page.evaluate("document.body.tabIndex = -1, document.body.focus()")  # from the top
    stops = await page.locator("a, button, input, select, textarea, summary").count()
    for _ in range(stops + 20):  # a field for a date has several stops
        await page.keyboard.press("Tab")
        assert not await page.evaluate(LOOK)
    assert await page.evaluate(MISSED) == []


async def can_be_used(person: Person, path: str) -> None:
    """Look at a page as somebody at a desk, at a tablet, and in the dark with a telephone."""
    page = person.page
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.emulate_media(color_scheme="light")
    await person.opens(path)
    await person.finds_accessible("")
    await page.set_viewport_size({"width": 768, "height": 900})
    assert await person.sticks_out() <= 0, path
    await page.set_viewport_size({"width": 320, "height": 6000})  # nothing under the bar below
    await page.emulate_media(color_scheme="dark")
    await person.finds_accessible("")
    await page.set_viewport_size({"width": 320, "height": 640})
    await walks_by_keyboard(page)


async def pages_of(person: Person) -> list[str]:
    """Return the addresses in the navigation and in the account's menu."""
    await person.opens("/console")
    links = person.page.locator("nav.places a, details.account a")
    return await links.evaluate_all("links => links.map(link => link.pathname)")


async def test_a_supervisor_can_use_every_page(house: House):
    number = await house.hears(STORY)
    async with house.staff("minh", Supervisor) as minh:
        await minh.opens_case(number)
        await minh.does("note", "Đã lưu ghi chú", words="@lan xem giúp nhé")
    async with house.staff("lan", Supervisor) as lan:
        for path in await pages_of(lan):
            await can_be_used(lan, path)
        case = f"/console/cases/{number}"
        for path in (case, f"{case}?form=ask", f"{case}/print", "/console/cases/999999"):
            await can_be_used(lan, path)
        await lan.opens_case(number)
        await lan.does("triage", "Đã phân loại")
        await lan.does("assign", "Đã giao")
        await lan.does("start", "Đã nhận xử lý")
        await can_be_used(lan, case)
        await lan.opens_case(number)
        await lan.does("answer", "Đã gửi trả lời", words=OUTCOME)
        await lan.does("draft", "Một người khác sẽ xem", matter=MATTER, outcome=OUTCOME)
        await can_be_used(lan, case)


async def test_a_lead_and_an_admin_can_use_theirs(house: House):
    for name in ("minh", "quan-tri"):
        async with house.staff(name) as person:
            for path in await pages_of(person):
                await can_be_used(person, path)


async def test_everybody_can_use_what_is_public(house: House):
    async with house.staff("") as stranger:
        for path in ("/ket-qua", "/ket-qua/999999", "/quyen-rieng-tu", "/console/dang-nhap"):
            await can_be_used(stranger, path)


async def test_on_paper_a_case_is_black_on_white_and_without_what_is_for_the_screen(house: House):
    number = await house.hears(STORY)
    async with house.staff("lan", color_scheme="dark") as lan:
        await lan.opens(f"/console/cases/{number}/print")
        await lan.page.emulate_media(media="print")
        await lan.finds_accessible("quát mắng tôi ở quầy số 2")
        for hidden in (".top", ".places", ".choose"):
            await expect(lan.page.locator(hidden)).to_be_hidden()
        ground = "getComputedStyle(document.querySelector('.paper')).backgroundColor"
        assert await lan.page.evaluate(ground) == "rgb(255, 255, 255)"
