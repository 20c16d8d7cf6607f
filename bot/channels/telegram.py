"""Telegram's Bot API: handing over a text."""

import os
from datetime import timedelta

import httpx
from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.notifications.errors import Never, NotificationError, NotNow, Unsure

TIMEOUT = 20.0  # seconds

# The library warns at every pause that Telegram asks for, unless it may give it as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "1")


class TelegramSender:
    """Sends plain texts as one bot."""

    def __init__(self, token: str, api: str) -> None:
        """``api``: origin of the Bot API, Telegram's own or one that an operator runs."""
        self._connections = HTTPXRequest(connect_timeout=TIMEOUT, read_timeout=TIMEOUT)
        self._bot = Bot(token, base_url=f"{api}/bot", request=self._connections)

    async def send(self, address: str, subject: str, text: str) -> None:
        """Send a text to a chat, which shows no subject. Raises NotNow, Never or Unsure."""
        try:
            await self._bot.send_message(
                int(address), text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as error:
            raise _judged(error) from None

    async def close(self) -> None:
        """Close what is kept open to Telegram."""
        await self._connections.shutdown()


def _judged(error: TelegramError) -> NotificationError:
    match error:
        case RetryAfter(retry_after=timedelta() as pause):
            return NotNow("Telegram asks to wait", retry_after=pause.total_seconds())
        case BadRequest() | Forbidden():  # a chat that is not there, or left the bot
            return Never(f"Telegram refused: {type(error).__name__}")
        case NetworkError() if _may_have_arrived(error):
            return Unsure("Telegram did not answer")
        case _:
            return NotNow(f"Telegram: {type(error).__name__}")


def _may_have_arrived(error: NetworkError) -> bool:
    reached = not isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)
    return isinstance(error.__cause__, httpx.HTTPError) and reached
