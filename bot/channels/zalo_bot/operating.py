"""The Zalo Bot on the command line: its webhook, its status, a test; see channels.operating."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp

from bot.channels.base import PassingFailure
from bot.channels.operating import TEST_TEXT, Finding, knock
from bot.channels.zalo_bot.api import BotApi, BotFailure, judged
from bot.channels.zalo_bot.channel import PATH, SECRET_HEADER, ZaloBotSettings
from bot.settings import Settings


def missing(settings: Settings) -> str:
    """Name the setting without which there is no bot."""
    if not settings.zalo_bot_token:
        return "BOT_ZALO_BOT_TOKEN"
    return "BOT_ZALO_BOT_MODE" if settings.zalo_bot_mode == "off" else ""


async def set_webhook(settings: Settings) -> Sequence[Finding]:
    """Set the webhook or, where updates are fetched, remove it."""
    async with _asking(settings) as (api, findings):
        if settings.zalo_bot_mode == "polling":
            await api.call("deleteWebhook")
            findings.append(Finding("webhook", "removed: updates are fetched in this mode"))
        else:
            hook = {"url": _address(settings), "secret_token": settings.zalo_bot_secret}
            await api.call("setWebhook", hook)
            findings.append(Finding("webhook", f"set to {_address(settings)}"))
    return findings


async def status(settings: Settings) -> Sequence[Finding]:
    """Say who we are to the platform, and how it reaches us."""
    async with _asking(settings) as (api, findings):
        me = await api.call("getMe")
        findings.append(Finding("bot", f"{me.get('account_name')}, {me.get('account_type')}"))
        findings.append(Finding("mode", settings.zalo_bot_mode))
        url = (await api.call("getWebhookInfo") or {}).get("url", "")
        wanted = "" if settings.zalo_bot_mode == "polling" else _address(settings)
        words = url or "none" if url == wanted else "is another; run `channels set-webhook`"
        findings.append(Finding("webhook", words, ok=url == wanted))
    return findings


async def test(settings: Settings, to: str) -> Sequence[Finding]:
    """Ask the platform who we are, knock at our own door from outside, and write to somebody."""
    async with _asking(settings) as (api, findings):
        await api.call("getMe")
        findings.append(Finding("platform", "answers"))
        if settings.zalo_bot_mode == "webhook":
            findings.append(await knock(_address(settings), SECRET_HEADER))
        if to:
            await api.call("sendMessage", {"chat_id": to, "text": TEST_TEXT})
            findings.append(Finding("message", "sent"))
    return findings


@asynccontextmanager
async def _asking(settings: Settings) -> AsyncIterator[tuple[BotApi, list[Finding]]]:
    """Open the way to the platform; an error of its becomes the last finding."""
    ours = ZaloBotSettings.read(settings)
    assert ours is not None  # noqa: S101 - `missing` was asked before
    findings: list[Finding] = []
    async with aiohttp.ClientSession() as http:
        try:
            yield BotApi(http, ours.api, ours.token), findings
        except BotFailure as failure:
            findings.append(Finding("platform", judged(failure).reason, ok=False))
        except PassingFailure as failure:
            findings.append(Finding("platform", failure.reason, ok=False))


def _address(settings: Settings) -> str:
    return f"{settings.origin}{PATH}"
