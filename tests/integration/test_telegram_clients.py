"""The fake Telegram is honest: real clients talk to it, and it refuses what Telegram refuses."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.channels.telegram.client import Client
from tests.fakes import aiogram_client
from tests.fakes.environments import answer_of, environment
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api

PICTURE = "https://hoi.example.gov.vn/a.png"


@pytest.fixture
async def fake():
    async with telegram_api(1001, 1002, -100200, haste=100) as fake:
        fake.pictures[PICTURE] = b"\x89PNG"
        yield fake


@pytest.fixture
async def bot(fake):
    client = Client(TOKEN, fake.origin)
    yield client.bot
    await client.close()


def button(data="1.0", text="Một"):
    return InlineKeyboardButton(text, callback_data=data)


def keyboard(*rows):
    return InlineKeyboardMarkup([list(row) for row in rows])


async def test_our_own_client_finds_everything_that_we_use(fake, bot):
    an = fake.person(1001)
    me = await bot.get_me()
    assert (me.id, me.username) == (4711, "danhoi_bot")
    sent = await bot.send_message(1001, "chào bạn", reply_markup=keyboard([button()]))
    assert (sent.chat.id, sent.text) == (1001, "chào bạn")
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "1.0"
    assert (await bot.send_photo(1001, PICTURE, caption="ảnh")).caption == "ảnh"
    an.taps("Một")
    an.sends_photo(b"\xff\xd8\xff large")
    tapped, photo = await bot.get_updates(timeout=5)
    assert tapped.callback_query.data == "1.0"
    assert await bot.answer_callback_query(tapped.callback_query.id)
    file = await bot.get_file(photo.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == b"\xff\xd8\xff large"
    assert await bot.set_my_commands([BotCommand("help", "Mình giúp được gì")])


async def test_what_telegram_refuses_is_refused(fake, bot):
    an = fake.person(1001)
    refusals = [
        bot.send_message(404, "x"),
        bot.send_message(1001, ""),
        bot.send_message(1001, "x" * 4097),
        bot.send_message(1001, "\N{SLIGHTLY SMILING FACE}" * 2049),
        bot.send_message(1001, "x", reply_markup=keyboard([button("1" * 65)])),
        bot.send_message(1001, "x", reply_markup=keyboard([button("")])),
        bot.send_message(1001, "x", reply_markup=keyboard([button()] * 9)),
        bot.send_message(1001, "x", reply_markup=keyboard(*[[button()]] * 101)),
        bot.send_message(-100200, "x", message_thread_id=6),
        bot.send_photo(1001, "https://hoi.example.gov.vn/none.png"),
        bot.send_photo(1001, PICTURE, caption="x" * 1025),
        bot.answer_callback_query("5"),
        bot.get_file("no-such-file"),
        bot.set_webhook("http://hoi.example.gov.vn/"),
        bot.set_webhook("https://hoi.example.gov.vn:8080/"),
        bot.set_webhook("https://hoi.example.gov.vn/", secret_token="dấu"),
        bot.set_webhook("https://hoi.example.gov.vn/", allowed_updates=["letter"]),
        bot.set_my_commands([BotCommand("help", "")]),
    ]
    for call in refusals:
        with pytest.raises(BadRequest):
            await call
    an.blocks()
    with pytest.raises(Forbidden):
        await bot.send_message(1001, "x")
    fake.moods = [refusal(429, "Too Many Requests: retry after 3", retry_after=3)]
    with pytest.raises(RetryAfter):
        await bot.send_message(1002, "x")
    stranger = Client("4711:another", fake.origin)
    with pytest.raises(InvalidToken):
        await stranger.bot.get_me()
    await stranger.close()
    assert fake.taken == []


async def test_a_query_is_answered_once(fake, bot):
    query = fake.person(1001).taps_data("1.0", await _a_message(bot))
    await bot.answer_callback_query(query)
    with pytest.raises(BadRequest):
        await bot.answer_callback_query(query)


async def _a_message(bot) -> dict:
    return (await bot.send_message(1001, "x")).to_dict()


async def test_the_pace_of_telegram_is_kept_for_each_chat(fake, bot):
    fake.limited = True
    await bot.send_message(1001, "một")
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "hai")
    await bot.send_message(1002, "một")
    for _ in range(20):
        await bot.send_message(-100200, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(-100200, "x")


async def test_updates_are_kept_until_a_later_offset_confirms_them(fake, bot):
    an = fake.person(1001)
    an.says("một")
    an.says("hai")
    first, second = await bot.get_updates()
    assert [u.update_id for u in await bot.get_updates()] == [first.update_id, second.update_id]
    assert [u.update_id for u in await bot.get_updates(offset=second.update_id)] == [
        second.update_id
    ]
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_only_kinds_that_were_asked_for_become_updates(fake, bot):
    an = fake.person(1001)
    await bot.get_updates(allowed_updates=["callback_query"])
    an.says("một")
    assert await bot.get_updates() == ()


async def test_two_who_poll_and_polling_beside_a_webhook_are_conflicts(fake, bot):
    other = Client(TOKEN, fake.origin)
    waiting = asyncio.create_task(other.bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    later = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(Conflict):
        await waiting
    assert await later == ()
    await bot.set_webhook("https://hoi.example.gov.vn/", secret_token="s-1")
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    await other.close()


async def test_a_webhook_gets_each_update_until_it_is_taken_and_in_order_within_a_chat(fake, bot):
    taken: list[tuple[str, str, int]] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        text = update["message"]["text"]
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        taken.append((secret, text, update["update_id"]))
        if text == "kẹt" and len(taken) < 4:
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        await bot.set_webhook(str(server.make_url("/hook")), secret_token="s-1")
        an, binh = fake.person(1001), fake.person(1002)
        an.says("kẹt")
        an.says("sau")
        binh.says("khác")
        assert (await bot.get_webhook_info()).pending_update_count == 3
        await fake.settled()
        of_an = [text for secret, text, _ in taken if secret == "s-1" and text != "khác"]
        assert of_an == [*["kẹt"] * (len(of_an) - 1), "sau"]
        assert len(of_an) > 2
        assert "503" in (await bot.get_webhook_info()).last_error_message


@pytest.fixture(scope="session")
def aiogram():
    """The Python of aiogram's environment."""
    return environment(aiogram_client.REQUIREMENT)


@pytest.mark.timeout(240)
async def test_aiogram_accepts_the_fake(fake, aiogram):
    an = fake.person(1001)
    fake.person(1002).blocks()
    fake.pending.clear()
    an.sends_photo(b"one", media_group_id="1")
    an.sends_photo(b"two", media_group_id="1")
    an.says("chào")
    an.taps_data("1.0", fake.write(an.chat, an.shown, text="x"))
    fake.moods = [None] * 5 + [refusal(429, "Too Many Requests: retry after 1", retry_after=1)]
    assert await answer_of(aiogram, aiogram_client, fake.origin, TOKEN) == {
        "me": [4711, "danhoi_bot"],
        "sent": ["chào bạn", "1.0"],
        "photo": ["ảnh", 1],
        "updates": ["message", "message", "message", "callback_query"],
        "album": 1,
        "answered": True,
        "file": "two",
        "left": 0,
        "commands": True,
        "refusals": [
            *("TelegramBadRequest", "TelegramBadRequest", "TelegramForbiddenError"),
            *("TelegramRetryAfter", "TelegramBadRequest", "TelegramConflictError"),
        ],
        "webhook": ["https://hoi.example.gov.vn/webhooks/telegram", 0],
    }
