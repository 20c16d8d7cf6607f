"""Handing a text to Telegram, and what its answers mean for trying again."""

from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram.sender import TelegramSender
from bot.notifications.errors import Never, NotNow, Unsure
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api


@asynccontextmanager
async def sending(origin: str, token: str = TOKEN):
    sender = TelegramSender(token, origin)
    yield sender
    await sender.close()


async def test_a_text_arrives_as_it_is():
    async with telegram_api(-100200) as fake, sending(fake.origin) as sender:
        await sender.send("-100200", "", "Phản ánh số 7 <b>&\nhạn")
        assert fake.taken == [(-100200, "Phản ánh số 7 <b>&\nhạn")]


async def test_an_unknown_chat_and_a_bot_that_was_thrown_out_are_permanent():
    async with telegram_api() as fake, sending(fake.origin) as sender:
        with pytest.raises(Never):
            await sender.send("1", "", "x")
        fake.moods = [refusal(403, "Forbidden: bot was kicked from the group chat")]
        with pytest.raises(Never):
            await sender.send("1", "", "x")


async def test_a_limit_a_broken_server_and_a_wrong_token_pass():
    async with telegram_api(1) as fake, sending(fake.origin) as sender:
        fake.moods = [refusal(429, "Too Many Requests: retry after 17", retry_after=17)]
        with pytest.raises(NotNow) as limited:
            await sender.send("1", "", "x")
        assert limited.value.retry_after == 17
        fake.moods = [refusal(502, "Bad Gateway")]
        with pytest.raises(NotNow):
            await sender.send("1", "", "x")
        async with sending(fake.origin, token="4711:wrong") as stranger:
            with pytest.raises(NotNow):
                await stranger.send("1", "", "x")


async def test_a_connection_that_breaks_off_leaves_it_open_and_none_at_all_does_not():
    async with telegram_api(1) as fake, sending(fake.origin) as sender:
        fake.moods = ["hangs up"]
        with pytest.raises(Unsure):
            await sender.send("1", "", "x")
    async with sending("http://127.0.0.1:9") as nowhere:
        with pytest.raises(NotNow):
            await nowhere.send("1", "", "x")
