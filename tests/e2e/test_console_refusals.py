"""What staff and citizens must not be able to do, tried in a browser."""

import pytest
from playwright.async_api import expect

from tests.e2e.house import House, Supervisor

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

STORY = "hôm qua cán bộ phường Sài Gòn quát mắng tôi ở quầy số 2 khi tôi hỏi giấy tờ khai sinh"
NASTY = (
    "hôm qua ở phường Sài Gòn cán bộ quát mắng tôi <img src=x onerror=alert(1)>"
    "<script>alert(2)</script> =cmd|' /C calc'!A0 {{7*7}} rồi đuổi về"
)


async def test_a_form_sent_twice_is_carried_out_once(house: House):
    number = await house.hears(STORY)
    async with house.staff("lan", Supervisor) as lan:
        await lan.opens_case(number)
        form = lan.page.locator("form#message")
        fields = await form.evaluate("form => Object.fromEntries(new FormData(form))")
        again = fields | {"words": "Chúng tôi đã nhận."}
        await lan.does("message", "Đã gửi tin", words="Chúng tôi đã nhận.")
        path = f"{lan.url}/console/cases/{number}/message"
        replayed = await lan.page.context.request.post(
            path, form=again, headers={"Origin": lan.url}
        )
        assert replayed.ok
        await lan.page.reload()
        said = lan.page.locator(".timeline .said", has_text="Chúng tôi đã nhận.")
        await expect(said).to_have_count(1)


async def test_who_was_slower_keeps_their_words_and_reads_what_happened(house: House):
    number = await house.hears(STORY)
    async with house.staff("lan", Supervisor) as lan, house.staff("minh", Supervisor) as minh:
        await minh.opens_case(number)
        await lan.opens_case(number)
        await lan.does("triage", "Đã phân loại")
        await minh.does("ask", "Phản ánh đã thay đổi trong lúc bạn viết", words="Lúc mấy giờ ạ?")
        await minh.reads("Nguyễn Thị Lan phân loại")
        await expect(minh.page.locator("#ask-words")).to_have_value("Lúc mấy giờ ạ?")
        await minh.does("ask", "Đã gửi câu hỏi")


async def test_a_case_of_another_area_is_not_there(house: House):
    number = await house.hears(STORY)
    async with house.staff("binh") as binh:
        for path in (f"/console/cases/{number}", f"/console/cases/{number}/print"):
            answer = await binh.page.goto(binh.url + path)
            assert answer
            assert answer.status == 404
            await binh.reads("ngoài địa bàn của bạn")
            await expect(binh.page.get_by_text("quát mắng")).to_have_count(0)
        await binh.opens(f"/console/hang-cho?q={number}")
        await expect(binh.page.get_by_text("quát mắng")).to_have_count(0)


async def test_a_form_of_another_session_changes_nothing(house: House):
    number = await house.hears(STORY)
    async with house.staff("lan", Supervisor) as lan:
        await lan.opens_case(number)
        spoil = "fields => fields.forEach(field => field.value = 'of another session')"
        await lan.page.locator("[name=form_token]").evaluate_all(spoil)
        words = "Chúng tôi đang xác minh."
        await lan.does("message", "mở từ một phiên đăng nhập khác", words=words)
        await expect(lan.page.get_by_label("Những gì bạn đã viết")).to_have_value(words)
        await lan.opens_case(number)
        await expect(lan.page.get_by_text(words)).to_have_count(0)


async def test_what_looks_like_html_or_a_formula_is_text_on_every_page(house: House):
    number = await house.hears(NASTY)
    async with house.staff("lan", Supervisor) as lan:
        lan.page.on("dialog", lambda dialog: lan.troubles.append(dialog.message))
        case = f"/console/cases/{number}"
        for path in (case, f"{case}/print?personal=yes", "/console/hang-cho"):
            await lan.opens(path)
            await lan.reads("<img src=x onerror=alert(1)>")
            await lan.reads("{{7*7}}")
            await expect(lan.page.locator("img[src=x], main script")).to_have_count(0)
