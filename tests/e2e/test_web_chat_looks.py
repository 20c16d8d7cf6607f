"""The chat page at every width, light and dark: no sideways scrolling, nothing that axe finds."""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.fakes.pictures import PROGRAM, a_picture

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

RULES = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


async def violations(page):
    found = await Axe().run(page, options=RULES)
    return [
        (each["id"], node["html"])
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_every_state_of_the_page_is_accessible_and_fits(citizens, width, scheme):
    citizen = await citizens(
        viewport={"width": width, "height": 720}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = citizen.page
    await _holds(citizen)  # the empty page
    await page.get_by_text("Tôi giúp được gì?").click()
    await _holds(citizen)
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.taps("Giấy tờ cần có")
    await citizen.reads("Giấy chứng sinh")
    await citizen.asks("Nghiêng" + "dài" * 60)
    await citizen.reads("chưa tìm thấy")
    await _holds(citizen)
    await citizen.attaches(("quay.jpg", a_picture(size=(640, 480))), ("thu-moi.jpg", PROGRAM))
    await citizen.sees_in_the_tray("Đã tải lên", "Chỉ nhận ảnh")
    await _holds(citizen)
    await citizen.asks("ảnh đây")
    await citizen.reads("chưa tìm thấy")
    await _holds(citizen)
    await citizen.loses_the_network()
    await citizen.attaches(("quay.jpg", a_picture()))
    await citizen.sees_in_the_tray("Ảnh sẽ tự tải lên")
    await _holds(citizen)
    await citizen.taps("Bỏ: quay.jpg")
    await citizen.asks("khi mất mạng")
    await citizen.sees_failed("khi mất mạng")
    await _holds(citizen)
    await citizen.finds_the_network()
    await page.goto(f"{citizen.url}/quyen-rieng-tu")
    await _holds(citizen)


async def _holds(citizen):
    assert await citizen.sideways_overflow() == 0
    assert await violations(citizen.page) == []


async def test_what_can_be_tapped_is_large_enough_for_a_thumb(citizens):
    citizen = await citizens(viewport={"width": 320, "height": 640})
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.attaches(("quay.jpg", a_picture()))
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.page.get_by_text("Tôi giúp được gì?").click()
    controls = citizen.page.locator("button:visible, summary, .hotline, textarea, .attach")
    heights = await controls.evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) >= 10
    assert min(heights) >= 44


async def test_with_reduced_motion_nothing_moves(citizens, road):
    citizen = await citizens(reduced_motion="reduce")
    road.delay = 0.5
    await citizen.asks("khai sinh")
    await citizen.sees("Đang tìm câu trả lời…")
    moving = await citizen.page.evaluate("document.getAnimations().length")
    assert moving == 0
    await citizen.reads("Đăng ký khai sinh")


async def test_in_high_contrast_every_message_keeps_its_outline(citizens):
    citizen = await citizens(forced_colors="active")
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    for selector in (".citizen .bubble", ".card", ".choices button"):
        border = await citizen.page.locator(selector).first.evaluate(
            "node => [getComputedStyle(node).borderTopWidth, getComputedStyle(node).borderTopColor]"
        )
        assert border[0] != "0px"
        assert border[1] != "rgba(0, 0, 0, 0)"
