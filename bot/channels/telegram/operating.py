"""Telegram on the command line: setting the webhook, its status, a test; see channels.operating."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from telegram import BotCommand, LinkPreviewOptions, WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.channels.operating import TEST_TEXT, Finding, knock
from bot.channels.telegram.client import Client
from bot.channels.telegram.door import PATH, SECRET_HEADER
from bot.channels.telegram.judging import judge
from bot.channels.telegram.shapes import KINDS
from bot.settings import Settings

COMMANDS = (
    BotCommand("start", "Bắt đầu hỏi"),
    BotCommand("help", "Xem mình giúp được gì"),
)
MANY_WAITING = 100  # updates; more of them say that nobody takes them


def missing(settings: Settings) -> str:
    """Name the setting without which Telegram is off."""
    if not settings.telegram_token:
        return "BOT_TELEGRAM_TOKEN"
    return "BOT_TELEGRAM_MODE" if settings.telegram_mode == "off" else ""


async def set_webhook(settings: Settings) -> Sequence[Finding]:
    """Set the webhook or, where updates are fetched, remove it; and list the commands."""
    async with _asking(settings) as (client, findings):
        if settings.telegram_mode == "polling":
            await client.bot.delete_webhook()
            findings.append(Finding("webhook", "removed: updates are fetched in this mode"))
        else:
            await client.bot.set_webhook(
                _address(settings),
                secret_token=settings.telegram_secret,
                allowed_updates=list(KINDS),
            )
            findings.append(Finding("webhook", f"set to {_address(settings)}"))
        await client.bot.set_my_commands(COMMANDS)
        findings.append(Finding("commands", ", ".join(f"/{each.command}" for each in COMMANDS)))
    return findings


async def status(settings: Settings) -> Sequence[Finding]:
    """Say who we are to Telegram, and how it reaches us."""
    async with _asking(settings) as (client, findings):
        account = await client.bot.get_me()
        findings.append(Finding("bot", f"@{account.username}, number {account.id}"))
        findings.append(Finding("mode", settings.telegram_mode))
        info = await client.bot.get_webhook_info()
        findings.append(_hook(settings, info))
        waiting = info.pending_update_count
        findings.append(Finding("waiting", f"{waiting} updates", ok=waiting < MANY_WAITING))
        if info.last_error_message:
            at = (info.last_error_date or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC")
            findings.append(Finding("last error", f"{info.last_error_message} ({at})"))
    return findings


async def test(settings: Settings, to: str) -> Sequence[Finding]:
    """Ask Telegram who we are, knock at our own door from outside, and write to a chat."""
    async with _asking(settings) as (client, findings):
        account = await client.bot.get_me()
        findings.append(Finding("telegram", f"answers, to @{account.username}"))
        if settings.telegram_mode == "webhook":
            findings.append(await knock(_address(settings), SECRET_HEADER))
        if to:
            quiet = LinkPreviewOptions(is_disabled=True)
            await client.bot.send_message(int(to), TEST_TEXT, link_preview_options=quiet)
            findings.append(Finding("message", "sent"))
    return findings


@asynccontextmanager
async def _asking(settings: Settings) -> AsyncIterator[tuple[Client, list[Finding]]]:
    """Open the client; an error of Telegram becomes the last finding."""
    findings: list[Finding] = []
    client = Client(settings.telegram_token, settings.telegram_api)
    try:
        yield client, findings
    except BadRequest as error:  # it says what is wrong with an address, and quotes nobody
        findings.append(Finding("telegram", f"refuses: {error.message}", ok=False))
    except TelegramError as error:
        findings.append(Finding("telegram", judge(error).reason, ok=False))
    finally:
        await client.close()


def _address(settings: Settings) -> str:
    return f"{settings.origin}{PATH}"


def _hook(settings: Settings, info: WebhookInfo) -> Finding:
    wanted = "" if settings.telegram_mode == "polling" else _address(settings)
    if info.url == wanted:
        return Finding("webhook", info.url or "none, as it should be")
    is_there = f"is {info.url}" if info.url else "is not set"
    return Finding("webhook", f"{is_there}; run `channels set-webhook`", ok=False)
