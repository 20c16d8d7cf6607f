"""`channels` on the command line, as an operator runs it, against a fake Telegram."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner

from bot.channels.telegram.client import Client
from bot.channels.telegram.shapes import KINDS
from bot.commands.channels import channels
from bot.settings import read_settings
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api

SECRET = "s-0123456789abcdef"
WEBHOOK = "https://hoi.example.gov.vn/webhooks/telegram"


@pytest.fixture
async def fake():
    async with telegram_api(1001) as fake:
        yield fake


@pytest.fixture
def command(fake, tmp_path):
    """Run `channels …` with the settings of somebody who has set up Telegram."""
    settings = {
        "BOT_DATA": str(tmp_path),
        "BOT_TELEGRAM_API": fake.origin,
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_SECRET": SECRET,
        "BOT_TELEGRAM_MODE": "webhook",
        "BOT_PUBLIC_ORIGIN": "https://hoi.example.gov.vn",
    }

    async def run(*arguments: str, **changed: str) -> tuple[int, str]:
        obj = read_settings(settings | changed)
        ended = await asyncio.to_thread(CliRunner().invoke, channels, arguments, obj=obj)
        for secret in (TOKEN, TOKEN.split(":")[1], SECRET):
            assert secret not in ended.output
        return ended.exit_code, ended.output

    return run


async def test_the_webhook_is_set_with_its_secret_and_the_kinds_that_we_read(fake, command):
    code, text = await command("set-webhook")
    assert (code, fake.webhook.url, fake.webhook.secret) == (0, WEBHOOK, SECRET)
    assert fake.allowed == set(KINDS)
    assert [each["command"] for each in fake.commands] == ["start", "help"]
    assert WEBHOOK in text


async def test_where_updates_are_fetched_the_webhook_is_removed(fake, command):
    await command("set-webhook", "telegram")
    code, _ = await command("set-webhook", "telegram", BOT_TELEGRAM_MODE="polling")
    assert (code, fake.webhook) == (0, None)
    code, text = await command("status", "telegram", BOT_TELEGRAM_MODE="polling")
    assert code == 0
    assert "as it should be" in text


async def test_an_address_that_telegram_refuses_is_told_in_its_words(fake, command):
    code, text = await command("set-webhook", BOT_PUBLIC_ORIGIN="http://hoi.example.gov.vn")
    assert code == 1
    assert "https url must be provided" in text


async def test_the_status_names_the_bot_and_what_is_wrong(fake, command):
    code, text = await command("status")
    assert code == 1
    assert "@danhoi_bot" in text
    assert "! webhook      is not set" in text
    await command("set-webhook")
    fake.webhook.last_error = "Connection refused"
    code, text = await command("status")
    assert code == 0
    assert "Connection refused" in text


async def test_a_wrong_token_is_told_as_such(fake, command):
    fake.moods_of["getMe"] = [refusal(401, "Unauthorized")]
    code, text = await command("status")
    assert code == 1
    assert "does not know the token" in text


async def test_a_test_knocks_at_our_door_and_writes_to_a_chat(fake, command):
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=401)

    app = web.Application()
    app.router.add_post("/webhooks/telegram", refuse)
    async with TestServer(app) as server:
        ours = str(server.make_url("")).rstrip("/")
        code, text = await command("test", "telegram", "--to", "1001", BOT_PUBLIC_ORIGIN=ours)
    assert code == 0, text
    assert "is reached, and refuses strangers" in text
    assert len(fake.taken) == 1
    code, text = await command("test", "telegram", BOT_PUBLIC_ORIGIN="http://127.0.0.1:9")
    assert code == 1
    assert "is not reached" in text


async def test_a_channel_that_is_not_set_up_is_named_with_what_is_missing(command):
    code, text = await command("status", BOT_TELEGRAM_MODE="off")
    assert code == 0
    assert "telegram: not set up (BOT_TELEGRAM_MODE)" in text
    assert (await command("status", "telegram", BOT_TELEGRAM_MODE="off"))[0] == 1


async def test_an_address_without_a_channel_means_nothing(command):
    code, text = await command("test", "--to", "1001")
    assert code == 2
    assert "--to needs a channel" in text


async def test_the_client_is_told_apart_by_the_number_of_its_token(fake):
    client = Client(TOKEN, fake.origin)
    assert client.id == (await client.bot.get_me()).id
    await client.close()
