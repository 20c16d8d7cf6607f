"""Notifications to the staff by Telegram: handing over a plain text."""

from telegram import LinkPreviewOptions
from telegram.error import TelegramError

from bot.channels.telegram.client import Client
from bot.channels.telegram.judging import Judgement, judge
from bot.notifications.errors import Never, NotificationError, NotNow, Unsure


class TelegramSender:
    """Sends plain texts as one bot; implements notifications.post.Sender."""

    def __init__(self, token: str, api: str) -> None:
        """``api``: origin of the Bot API."""
        self._telegram = Client(token, api)

    async def send(self, address: str, subject: str, text: str) -> None:
        """Send a text to a chat, which shows no subject. Raises NotNow, Never or Unsure."""
        try:
            await self._telegram.bot.send_message(
                int(address), text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as error:
            raise _in_our_words(judge(error)) from None

    async def close(self) -> None:
        """Close what is kept open to Telegram."""
        await self._telegram.close()


def _in_our_words(judgement: Judgement) -> NotificationError:
    if judgement.lasting:
        return Never(judgement.reason)
    if judgement.may_have_arrived:
        return Unsure(judgement.reason)
    return NotNow(judgement.reason, retry_after=judgement.retry_after)
