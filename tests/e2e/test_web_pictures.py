"""Pictures on the chat page, in a real browser: chosen, looked at, taken out, sent, not lost."""

import pytest
from playwright.async_api import expect

from tests.e2e.citizen import Citizen
from tests.fakes.pictures import PDF, PROGRAM, SECRET, a_photo, a_picture, opened

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

PHOTO = ("quay.jpg", a_picture(size=(640, 480)))


def pictures(citizen: Citizen):
    return citizen.page.locator("#log .citizen").last.locator(".pictures img")


async def test_a_picture_goes_with_a_message_and_is_seen_in_it(citizen, road, server):
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.asks("cán bộ đòi tiền, ảnh đây")
    await citizen.sees_received("cán bộ đòi tiền, ảnh đây")
    await citizen.sees_in_the_tray()
    assert road.kept[0].attachments == tuple(server.uploads.files)
    await expect(pictures(citizen)).to_have_count(1)
    shown = pictures(citizen).first
    await expect(shown).to_have_attribute("alt", "Ảnh hoặc tệp bạn gửi 1")
    assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640


async def test_a_picture_needs_no_words_and_a_reload_shows_the_same(citizen, road):
    await citizen.attaches(PHOTO, ("don.pdf", PDF))
    await citizen.sees_in_the_tray("Đã tải lên", "Đã tải lên")
    await citizen.sends()
    await expect(pictures(citizen)).to_have_count(2)
    await expect(citizen.page.locator("#log .citizen .when")).to_contain_text("Đã nhận")
    assert road.kept[0].text == ""
    before = await citizen.page.locator("#log .citizen").evaluate("line => line.innerHTML")
    await citizen.reloads()
    after = await citizen.page.locator("#log .citizen").evaluate("line => line.innerHTML")
    assert after.replace(" ", "") == before.replace(" ", "")


async def test_what_was_chosen_can_be_taken_out_again(citizen, road, server):
    await citizen.attaches(PHOTO, ("khac.png", a_picture("PNG")))
    await citizen.sees_in_the_tray("Đã tải lên", "Đã tải lên")
    await citizen.taps("Bỏ: quay.jpg")
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.asks("ảnh đây")
    await citizen.sees_received("ảnh đây")
    assert len(road.kept[0].attachments) == len(server.uploads.files) == 1


async def test_at_most_five_go_with_one_message(citizen):
    await citizen.attaches(*[PHOTO] * 6)
    await citizen.sees_in_the_tray(*["Đã tải lên"] * 5)
    await citizen.sees("nhiều nhất 5 ảnh hoặc tệp")


async def test_a_program_called_jpg_is_refused_and_the_words_go_on(citizen, road):
    await citizen.types("tôi bị đòi tiền")
    await citizen.attaches(("thu-moi.jpg", PROGRAM))
    await citizen.sees_in_the_tray("Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF")
    assert await citizen.draft() == "tôi bị đòi tiền"
    await citizen.sends()
    await citizen.sees_received("tôi bị đòi tiền")
    assert road.kept[0].attachments == ()


async def test_a_large_photo_travels_small_and_without_what_the_telephone_wrote(citizen, server):
    await citizen.attaches(("to.jpg", a_photo(6, size=(5000, 4000), quality=100) + bytes(1 << 20)))
    await citizen.sees_in_the_tray("Đã tải lên")
    ((_, _, body),) = server.uploads.files.values()
    assert opened(body).size == (2048, 2560)
    assert SECRET not in body


async def test_without_a_network_a_picture_waits_and_goes_by_itself(citizen, road):
    await citizen.loses_the_network()
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Ảnh sẽ tự tải lên khi có mạng lại")
    await citizen.asks("ảnh đây")
    await citizen.sees("Có ảnh chưa tải lên được")
    assert await citizen.draft() == "ảnh đây"
    await citizen.finds_the_network()
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.sends()
    await citizen.sees_received("ảnh đây")
    assert len(road.kept[0].attachments) == 1


async def test_what_failed_can_be_tried_again(citizen, server):
    server.uploads.down = True
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Chưa tải lên được")
    server.uploads.down = False
    await citizen.taps("Thử lại: quay.jpg")
    await citizen.sees_in_the_tray("Đã tải lên")


async def test_a_message_sent_too_early_waits_for_its_picture(citizen, road, server):
    server.uploads.free.clear()
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Đang tải lên")
    await expect(citizen.page.get_by_role("progressbar")).to_be_visible()
    await citizen.asks("ảnh đây")
    await citizen.sees("Tin của bạn sẽ gửi ngay khi ảnh tải xong")
    assert road.kept == []
    server.uploads.free.set()
    await citizen.sees_received("ảnh đây")
    assert len(road.kept[0].attachments) == 1


async def test_a_reload_loses_no_picture_that_was_uploaded(citizen, road):
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.reloads()
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.asks("ảnh đây")
    await citizen.sees_received("ảnh đây")
    await citizen.reloads()
    await citizen.sees_in_the_tray()
    assert len(road.kept[0].attachments) == 1


async def test_when_a_picture_is_gone_the_words_come_back(citizen, road, server):
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Đã tải lên")
    server.uploads.files.clear()
    await citizen.asks("ảnh đây")
    await citizen.sees("Ảnh gửi đã lâu nên không còn nữa")
    assert await citizen.draft() == "ảnh đây"
    assert road.kept == []


async def test_pictures_are_sent_by_keyboard_alone(citizen, road):
    page = citizen.page
    # The browser is told to hand choosers over before it can open one, not while it does.
    page.on("filechooser", lambda _: None)
    await citizen.types("ảnh đây")
    for element in ("#send", "#file"):
        await page.keyboard.press("Tab")
        await expect(page.locator(element)).to_be_focused()
    async with page.expect_file_chooser() as opening:
        await page.keyboard.press("Enter")
    name, content = PHOTO
    chooser = await opening.value
    await chooser.set_files([{"name": name, "mimeType": "image/jpeg", "buffer": content}] * 2)
    await citizen.sees_in_the_tray("Đã tải lên", "Đã tải lên")
    await expect(page.locator("#said")).to_contain_text("quay.jpg: Đã tải lên")
    for _ in range(3):  # past the field, to the button of the second picture
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await citizen.sees_in_the_tray("Đã tải lên")
    focused = "document.activeElement.id"
    assert await page.evaluate(focused) == "file"
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await citizen.sees_received("ảnh đây")
    assert len(road.kept[0].attachments) == 1


async def test_a_pasted_picture_is_attached(citizen):
    await citizen.page.get_by_role("textbox").evaluate(
        """(field, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "dan.png", {type: "image/png"}));
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        list(a_picture("PNG")),
    )
    await citizen.sees_in_the_tray("Đã tải lên")


async def test_a_new_conversation_begins_without_the_pictures_of_the_old_one(citizen):
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.attaches(PHOTO)
    await citizen.sees_in_the_tray("Đã tải lên")
    await citizen.begins_anew()
    await citizen.sees_in_the_tray()


async def test_without_script_a_form_carries_words_and_pictures(browser, server, road):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(server.url)
    citizen = Citizen(page, server.url)
    await citizen.types("tôi bị đòi tiền")
    await citizen.attaches(PHOTO, ("thu-moi.jpg", PROGRAM))
    await citizen.sends()
    await citizen.sees("Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF")
    assert await citizen.draft() == "tôi bị đòi tiền"
    await expect(page.get_by_role("checkbox", name="Ảnh hoặc tệp bạn gửi 1")).to_be_checked()
    await citizen.sends()
    await expect(pictures(citizen)).to_have_count(1)
    assert len(road.kept[0].attachments) == 1
    await context.close()
