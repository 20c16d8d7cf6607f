"""A citizen's journeys through the web chat, in a real browser."""

import asyncio

import pytest
from playwright.async_api import expect

from bot.channels.base import Reply
from tests.e2e.citizen import Citizen
from tests.fakes.road import echo

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def test_a_question_gets_its_answer_as_a_card(citizen):
    await citizen.asks("lam giay khai sinh can gi")
    await citizen.reads("Ủy ban nhân dân cấp xã")
    await citizen.sees_received("lam giay khai sinh can gi")
    card = citizen.page.locator(".card").last
    await expect(card.get_by_role("heading", name="Đăng ký khai sinh")).to_be_visible()
    await expect(card.get_by_role("term").first).to_have_text("Nơi giải quyết")
    source = card.get_by_role("link", name="Cổng Dịch vụ công quốc gia")
    assert (await source.get_attribute("href")).startswith("https://dichvucong.gov.vn/")
    assert "noopener" in await source.get_attribute("rel")


async def test_an_example_is_a_first_question(citizen):
    await citizen.taps("Làm giấy khai sinh cho con cần gì?")
    await citizen.reads("Đăng ký khai sinh")
    await expect(citizen.page.locator("#welcome")).to_be_hidden()


async def test_a_button_sends_its_payload_and_shows_its_title(citizen, road):
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.taps("Giấy tờ cần có")
    await citizen.reads("Giấy chứng sinh")
    await citizen.taps("Sinh tại Việt Nam")
    await citizen.reads("Sinh tại Việt Nam: nộp tại")
    assert [kept.text for kept in road.kept][1:] == [
        '/ask_procedure{"aspect": "documents"}',
        "/case_home",
    ]
    assert (await citizen.said())[2] == "citizen: Giấy tờ cần có"


async def test_two_quick_taps_are_one(citizen, road):
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.page.get_by_role("button", name="Lệ phí").dblclick()
    await citizen.reads("không mất lệ phí")
    await asyncio.sleep(0.5)
    assert len(road.kept) == 2


async def test_a_reload_shows_the_same_page(citizen):
    """What the script drew line by line and what the server draws at once are the same."""
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.taps("Giấy tờ cần có")
    await citizen.reads("Giấy chứng sinh")
    await citizen.asks("le phi <b>bao nhiêu</b> https://a.vn")
    await citizen.reads("https://dichvucong.gov.vn")
    streamed = await _drawn(citizen)
    await citizen.reloads()
    assert await _drawn(citizen) == streamed


async def _drawn(citizen):
    """The log's elements, without the ids that each drawing makes anew."""
    return await citizen.page.locator("#log").evaluate(
        """log => {
            const copy = log.cloneNode(true);
            copy.querySelectorAll("input[name=id]").forEach(input => input.remove());
            copy.querySelectorAll("[value]").forEach(button =>
                button.setAttribute("value", JSON.stringify(JSON.parse(button.value))));
            const plain = node => node.nodeType === 3
                ? node.textContent.replace(/\\s+/g, " ").trim()
                : [node.tagName,
                   [...node.attributes].map(a => `${a.name}=${a.value.trim()}`).sort(),
                   [...node.childNodes].map(plain).filter(part => part !== "")];
            return JSON.stringify(plain(copy), null, 1);
        }"""
    )


async def test_several_answers_come_in_order_and_unasked_ones_too(citizen, road):
    road.answer = lambda text: [Reply(text="Một"), Reply(text="Hai")]
    await citizen.asks("a")
    await citizen.reads("Hai")
    await road.says(road.kept[0].sender, Reply(text="Hồ sơ của bạn đã xong"))
    await citizen.reads("Hồ sơ của bạn đã xong")
    assert await citizen.said() == [
        "citizen: a",
        "bot: Một",
        "bot: Hai",
        "bot: Hồ sơ của bạn đã xong",
    ]


async def test_while_the_answer_is_looked_up_the_page_says_so(citizen, road):
    road.delay = 1.0
    await citizen.asks("khai sinh")
    await citizen.sees("Đang tìm câu trả lời…")
    await citizen.reads("Đăng ký khai sinh")
    await expect(citizen.page.locator("#typing")).to_be_hidden()


async def test_two_tabs_show_the_same_conversation(citizen):
    other = await Citizen.arrives(citizen.page.context, citizen.url)
    await citizen.asks("khai sinh")
    await other.reads("Đăng ký khai sinh")
    assert await other.said() == await citizen.said()


async def test_strangers_do_not_see_each_other(citizen, citizens):
    await citizen.asks("chuyện riêng")
    await citizen.reads("chưa tìm thấy")
    stranger = await citizens()
    assert await stranger.said() == []


async def test_markup_in_words_stays_words(citizen, road):
    road.answer = echo
    await citizen.asks('<img src=x onerror="document.title=1"> & <b>đậm</b>')
    await citizen.reads('Bạn hỏi: <img src=x onerror="document.title=1"> & <b>đậm</b>')
    assert "Dân Hỏi" in await citizen.page.title()
    assert await citizen.page.locator("#log img, #log b").count() == 0


async def test_an_enormous_message_is_taken_and_stays_in_its_bounds(citizen, road):
    road.answer = lambda text: [Reply(text=f"{len(text)} chữ")]
    await citizen.asks("à" * 100_000)
    await citizen.reads("100000 chữ")
    assert await citizen.sideways_overflow() == 0


# -- nothing typed is lost --


async def test_a_draft_survives_a_reload(citizen):
    await citizen.types("câu đang viết dở")
    await citizen.reloads()
    assert await citizen.draft() == "câu đang viết dở"


async def test_what_was_sent_is_no_draft_any_more(citizen):
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.reloads()
    assert await citizen.draft() == ""


async def test_without_network_a_message_fails_and_is_sent_again_by_a_tap(citizen, road):
    await citizen.loses_the_network()
    await citizen.asks("khai sinh")
    await citizen.sees_failed("khai sinh")
    await citizen.sees("không có mạng")
    assert road.kept == []
    await citizen.finds_the_network()
    await citizen.sends_again("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.sees_received("khai sinh")
    assert len(road.kept) == 1
    await expect(citizen.page.locator("#notice")).to_be_hidden()


async def test_a_failed_message_survives_a_reload(citizen, server, road):
    await citizen.loses_the_network()
    await citizen.asks("khai sinh")
    await citizen.sees_failed("khai sinh")
    await citizen.finds_the_network()
    await citizen.reloads()
    await citizen.sees_failed("khai sinh")
    await citizen.sends_again("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    assert len(road.kept) == 1


async def test_a_reload_in_the_middle_of_sending_sends_once(citizen, road):
    async def hold(route):
        await asyncio.sleep(60)

    await citizen.page.route("**/chat/messages", hold)
    await citizen.asks("khai sinh")
    await citizen.sees("Đang gửi…")
    await citizen.page.unroute("**/chat/messages")
    await citizen.reloads()
    await citizen.reads("Đăng ký khai sinh")
    assert len(road.kept) == 1
    assert len(await citizen.said()) == 2


async def test_when_storage_is_down_the_message_waits_on_the_device(citizen, road):
    road.down = True
    await citizen.asks("khai sinh")
    await citizen.sees_failed("khai sinh")
    road.down = False
    await citizen.sends_again("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    assert len(road.kept) == 1


async def test_who_sends_too_fast_is_told_kindly_and_loses_nothing(citizen, road):
    refusal = {"error": "too_fast", "reason": "…"}
    await citizen.page.route(
        "**/chat/messages", lambda route: route.fulfill(status=429, json=refusal)
    )
    await citizen.asks("khai sinh")
    await citizen.sees("Bạn gửi hơi nhanh")
    await citizen.sees_failed("khai sinh")
    await citizen.page.unroute("**/chat/messages")
    await citizen.sends_again("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.sees_no("Bạn gửi hơi nhanh")
    assert len(road.kept) == 1


async def test_an_answer_lost_on_the_way_back_does_not_double_the_message(citizen, road):
    """The server kept it, the page did not hear so: the same id goes out again."""
    lost = []

    async def lose_the_first(route):
        if not lost:
            lost.append(await route.fetch())
            return await route.abort()
        return await route.continue_()

    await citizen.page.route("**/chat/messages", lose_the_first)
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    await citizen.sees_received("khai sinh")
    assert lost
    assert len(road.kept) == 1
    assert len(await citizen.said()) == 2


# -- the server restarts --


async def test_a_restart_between_question_and_answer_loses_and_doubles_nothing(
    citizen, server, road
):
    await citizen.asks("khai sinh")
    await citizen.reads("Đăng ký khai sinh")
    road.delay = 1.0
    await citizen.asks("le phi")
    await citizen.sees_received("le phi")
    await server.stop()
    await citizen.sees("Mất kết nối, đang nối lại…")
    await road.settled()
    await server.start()
    await citizen.reads("không mất lệ phí")
    await citizen.is_connected()
    await expect(citizen.page.locator("#notice")).to_be_hidden()
    said = await citizen.said()
    assert [line.partition(":")[0] for line in said] == ["citizen", "bot"] * 2
    await citizen.reloads()
    assert await citizen.said() == said


async def test_messages_written_while_the_server_is_away_arrive_once_and_in_order(
    citizen, server, road
):
    road.answer = echo
    await citizen.asks("một")
    await citizen.reads("Bạn hỏi: một")
    await server.stop()
    await citizen.asks("hai")
    await citizen.asks("ba")
    await asyncio.sleep(0.3)
    await server.start()
    for text in ("hai", "ba"):
        await citizen.sees_received(text)
    await citizen.reads("Bạn hỏi: ba")
    assert [kept.text for kept in road.kept] == ["một", "hai", "ba"]
    assert len(await citizen.said()) == 6


async def test_many_restarts_under_way_lose_and_double_nothing(citizen, server, road):
    road.answer = echo
    texts = [f"câu {n}" for n in range(12)]
    for n, text in enumerate(texts):
        await citizen.asks(text)
        if n % 3 == 1:
            await server.stop()
            await server.start()
    for text in texts:
        await citizen.sees_received(text)
    await road.settled()
    await citizen.reads("Bạn hỏi:")
    await expect(citizen.page.locator("#log > .bot")).to_have_count(12, timeout=30_000)
    assert [kept.text for kept in road.kept] == texts
    said = await citizen.said()
    await citizen.reloads()
    assert await citizen.said() == said
    assert len(set(said)) == 24


# -- a new conversation --


async def test_a_new_conversation_leaves_nothing_on_the_device(citizen):
    await citizen.asks("chuyện riêng")
    await citizen.reads("chưa tìm thấy")
    await citizen.types("viết dở")
    await citizen.begins_anew()
    assert await citizen.said() == []
    assert await citizen.draft() == ""
    await citizen.reloads()
    assert await citizen.said() == []


async def test_a_tab_of_the_old_conversation_notices_and_turns_over(citizen, road):
    other = await Citizen.arrives(citizen.page.context, citizen.url)
    await citizen.asks("chuyện cũ")
    await other.reads("chưa tìm thấy")
    await citizen.begins_anew()
    await other.asks("câu mới")
    await other.sees_failed("câu mới")
    await other.is_connected()
    await other.sees_no("chuyện cũ")
    await other.sends_again("câu mới")
    await other.reads("chưa tìm thấy")
    assert [kept.text for kept in road.kept] == ["chuyện cũ", "câu mới"]


async def test_with_cookies_blocked_the_page_says_what_to_do(citizen):
    """The server never sees a cookie: loading the page again helps once, not for ever."""
    refusal = {"error": "no_conversation", "reason": "…"}
    await citizen.page.route(
        "**/chat/messages", lambda route: route.fulfill(status=409, json=refusal)
    )
    await citizen.asks("khai sinh")
    await citizen.sees_failed("khai sinh")
    await citizen.is_connected()
    await citizen.sends_again("khai sinh")
    await citizen.sees("Trình duyệt đang chặn cookie")
    await citizen.sees_failed("khai sinh")


# -- without script, by keyboard --


async def test_without_script_one_can_ask_and_read(browser, server, road):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(server.url)
    await page.get_by_role("textbox").fill("khai sinh")
    await page.get_by_role("button", name="Gửi").click()
    await expect(page.get_by_role("heading", name="Đăng ký khai sinh")).to_be_visible()
    await page.get_by_role("button", name="Giấy tờ cần có").click()
    await expect(page.get_by_text("Giấy chứng sinh")).to_be_visible()
    assert len(road.kept) == 2
    await context.close()


async def test_the_whole_journey_by_keyboard(citizen):
    page = citizen.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Đến ô viết câu hỏi")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("khai sinh")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("cho con")
    await page.keyboard.press("Enter")
    await citizen.reads("Đăng ký khai sinh")
    assert (await citizen.said())[0] == "citizen: khai sinh\ncho con"
    for _ in range(7):  # from the composer back over the six buttons to the first
        await page.keyboard.press("Shift+Tab")
        if await _focused(page) == "Giấy tờ cần có":
            break
    await page.keyboard.press("Enter")
    await citizen.reads("Giấy chứng sinh")


async def _focused(page):
    return await page.evaluate("document.activeElement.textContent")


async def test_the_enter_that_ends_a_word_of_an_input_method_does_not_send(citizen, road):
    await citizen.types("khai sin")
    await citizen.page.get_by_role("textbox").evaluate(
        """field => field.dispatchEvent(new KeyboardEvent(
            "keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert await citizen.draft() == "khai sin"
    assert road.kept == []


async def test_the_composer_grows_to_five_lines(citizen):
    field = citizen.page.get_by_role("textbox")
    heights = []
    for lines in (1, 3, 5, 9):
        await citizen.types("\n".join("dòng" for _ in range(lines)))
        heights.append((await field.bounding_box())["height"])
    assert heights[0] < heights[1] < heights[2] == heights[3]


async def test_a_long_answer_is_read_from_its_beginning(citizens, road):
    citizen = await citizens(viewport={"width": 320, "height": 480})
    road.answer = lambda text: [Reply(text="\n".join(f"Bước {n}" for n in range(60)))]
    await citizen.asks("các bước")
    await citizen.reads("Bước 59")
    box = await citizen.page.locator(".bot .bubble").bounding_box()
    assert 0 <= box["y"] < 100


async def test_who_reads_older_lines_is_not_pulled_away(citizen, road):
    road.answer = lambda text: [Reply(text="\n".join(f"Bước {n}" for n in range(60)))]
    await citizen.asks("các bước")
    await citizen.reads("Bước 59")
    await citizen.page.evaluate("scrollTo(0, 0)")
    await road.says(road.kept[0].sender, Reply(text="Nhắc bạn"))
    fresh = citizen.page.get_by_role("button", name="Có câu trả lời mới")
    await expect(fresh).to_be_visible()
    assert await citizen.page.evaluate("scrollY") == 0
    await fresh.click()
    await expect(citizen.page.get_by_text("Nhắc bạn")).to_be_in_viewport()
    await expect(fresh).to_be_hidden()


async def test_older_lines_are_fetched_on_request(citizen, road):
    road.answer = echo
    await citizen.asks("câu 0")
    await citizen.reads("câu 0")
    await road.says(road.kept[0].sender, *(Reply(text=f"tin {n}") for n in range(70)))
    await citizen.reads("tin 69")
    await citizen.reloads()
    assert len(await citizen.said()) == 50
    await citizen.page.get_by_role("link", name="Xem tin nhắn cũ hơn").click()
    await citizen.sees("Bạn hỏi: câu 0")
    said = await citizen.said()
    assert said[:3] == ["citizen: câu 0", "bot: Bạn hỏi: câu 0", "bot: tin 0"]
    assert len(said) == len(set(said)) == 72
    assert await citizen.page.locator(".day").count() == 1
