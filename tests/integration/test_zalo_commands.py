"""`channels` for Zalo, as an operator runs it: the first grant, the status, a test."""

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from bot.channels.zalo_bot.channel import PATH as BOT_PATH
from bot.commands.channels import channels
from bot.settings import read_settings
from bot.storage.upgrade import upgrade
from tests.fakes import zalo_bot_api as bot
from tests.fakes.zalo_oa_api import APP_SECRET, zalo_oa_api
from tests.fakes.zalo_oa_events import AN, APP_ID, OA_SECRET

ORIGIN = "https://hoi.example.gov.vn"


@pytest.fixture
async def zalo():
    async with zalo_oa_api() as fake:
        yield fake


@pytest.fixture
async def zalo_bot():
    async with bot.zalo_bot_api() as fake:
        yield fake


@pytest.fixture
def command(zalo, zalo_bot, tmp_path):
    """Run `channels …` with the settings of somebody who has set up both."""
    settings = {
        "BOT_DATA": str(tmp_path),
        "BOT_PUBLIC_ORIGIN": ORIGIN,
        "BOT_ZALO_OA_APP_ID": APP_ID,
        "BOT_ZALO_OA_APP_SECRET": APP_SECRET,
        "BOT_ZALO_OA_SECRET": OA_SECRET,
        "BOT_ZALO_OA_API": zalo.origin,
        "BOT_ZALO_OA_OAUTH": zalo.origin,
        "BOT_ZALO_BOT_TOKEN": bot.TOKEN,
        "BOT_ZALO_BOT_MODE": "webhook",
        "BOT_ZALO_BOT_SECRET": bot.SECRET,
        "BOT_ZALO_BOT_API": zalo_bot.origin,
    }
    upgrade(read_settings(settings).database)

    async def run(*arguments: str, types: str = "", **changed: str) -> tuple[int, str]:
        obj = read_settings(settings | changed)
        ended = await asyncio.to_thread(
            CliRunner().invoke, channels, arguments, obj=obj, input=types
        )
        for secret in (APP_SECRET, OA_SECRET, bot.TOKEN, bot.SECRET, "access-", "refresh-"):
            assert secret not in ended.output
        return ended.exit_code, ended.output

    return run


async def log_in(zalo, command) -> tuple[int, str]:
    """Begin with a refresh token out of Zalo's own tool."""
    _, refresh_token = zalo.new_pair()
    return await command("zalo-oa-login", "--refresh-token", types=f"{refresh_token}\n")


async def test_an_admin_agrees_and_pastes_where_zalo_led_them(zalo, command, monkeypatch):
    verifier = "v" * 43
    asked = re.compile(r"https?://\S+/v4/oa/permission\S+")
    monkeypatch.setattr("bot.commands.zalo_oa.secrets.token_urlsafe", lambda size: "the-state")

    from bot.channels.zalo_oa.oauth import challenge_of

    code = zalo.new_code(challenge_of(verifier))
    led_to = f"{ORIGIN}/?code={code}&oa_id=1&state=the-state"
    ended, text = await command("zalo-oa-login", "--verifier", types=f"{verifier}\n{led_to}\n")
    assert ended == 0, text
    query = parse_qs(urlsplit(asked.search(text)[0]).query)
    assert query == {
        "app_id": [APP_ID],
        "redirect_uri": [f"{ORIGIN}/"],
        "code_challenge": [challenge_of(verifier)],
        "state": ["the-state"],
    }
    ended, text = await command("status", "zalo-oa")
    assert ended == 0, text
    assert "Dân Hỏi, verified" in text


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        (f"{ORIGIN}/?code=x&state=another", "another try"),
        (f"{ORIGIN}/?error=denied", "no code"),
        ("no-such-code", "no tokens: Zalo refuses with -14012"),
    ],
)
async def test_what_cannot_become_a_grant_is_said_in_one_sentence(command, pasted, why):
    ended, text = await command("zalo-oa-login", types=f"{pasted}\n")
    assert ended == 1
    assert why in text.splitlines()[-1]


async def test_a_refresh_token_is_taken_and_a_spent_one_refused(zalo, command):
    ended, text = await log_in(zalo, command)
    assert ended == 0, text
    ended, text = await command("zalo-oa-login", "--refresh-token", types="refresh-1\n")
    assert ended == 1
    assert "-14020" in text


async def test_the_status_says_what_is_missing(zalo, command):
    ended, text = await command("status", "zalo-oa")
    assert ended == 1
    assert "zalo-oa-login" in text
    await log_in(zalo, command)
    zalo.moods = [-221]
    ended, text = await command("status", "zalo-oa")
    assert ended == 1
    assert "the OA is not verified" in text


async def test_a_test_writes_to_somebody_and_knocks_at_the_door(zalo, command):
    await log_in(zalo, command)
    ended, text = await command("test", "zalo-oa", "--to", AN, BOT_PUBLIC_ORIGIN=zalo.origin)
    assert ended == 1  # the fake is no door of ours
    assert "answers 404, not 401" in text
    assert [to for to, _ in zalo.taken] == [AN]


async def test_the_webhook_of_the_account_is_entered_by_hand(command):
    ended, text = await command("set-webhook", "zalo-oa")
    assert ended == 0
    assert f"{ORIGIN}/webhooks/zalo-oa" in text


async def test_the_webhook_of_the_bot_is_set_shown_and_removed(zalo_bot, command):
    ended, text = await command("set-webhook", "zalo-bot")
    assert (ended, zalo_bot.webhook) == (0, (f"{ORIGIN}{BOT_PATH}", bot.SECRET)), text
    ended, text = await command("status", "zalo-bot")
    assert ended == 0
    assert "bot.danhoi, BASIC" in text
    ended, _ = await command("set-webhook", "zalo-bot", BOT_ZALO_BOT_MODE="polling")
    assert (ended, zalo_bot.webhook) == (0, None)
    ended, text = await command("status", "zalo-bot")
    assert ended == 1
    assert "set-webhook" in text


async def test_a_wrong_token_and_an_absent_platform_are_told(zalo_bot, command):
    zalo_bot.moods = [401]
    ended, text = await command("status", "zalo-bot")
    assert ended == 1
    assert "the token is not valid" in text
    ended, text = await command("test", "zalo-bot", BOT_ZALO_BOT_API="http://127.0.0.1:9")
    assert ended == 1
    assert "no connection" in text
