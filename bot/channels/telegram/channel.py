"""Telegram as a channel: replies handed over, files fetched, and one of two ways in."""

import logging
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from msgspec.structs import replace
from telegram import LinkPreviewOptions
from telegram.error import BadRequest, TelegramError

from bot.channels import plain
from bot.channels.base import (
    Incoming,
    Limits,
    Pace,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    StorageDown,
)
from bot.channels.calling import address_of
from bot.channels.files import keep_files
from bot.channels.house import House
from bot.channels.telegram.client import Client
from bot.channels.telegram.door import PATH, webhook
from bot.channels.telegram.intake import Intake, chat_of
from bot.channels.telegram.judging import LEFT, Judgement, judge
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.updates import NAME
from bot.channels.troubles import Troubles
from bot.channels.webhook import Webhook
from bot.feedback.errors import BadFile, Unfit
from bot.feedback.pictures import MOST_BYTES

logger = logging.getLogger(__name__)

LONGEST_TEXT = 4096  # UTF-16 units
SHORT_CAPTION = 1024 - 64  # with room for the word that it may have been sent before
IN_PRIVATE = Pace(1, 1.0)
IN_A_GROUP = Pace(20, 60.0)


def pace_of(address: str) -> Pace:
    """Return how fast a chat may be written to; the number of a group is negative."""
    return IN_A_GROUP if address.startswith("-") else IN_PRIVATE


class TelegramChannel:
    """Implements channels.base.Channel."""

    name = NAME
    limits = Limits(Pace(30, 1.0), pace_of)

    def __init__(self, settings: TelegramSettings, house: House) -> None:
        """Make it inside of a running loop."""
        self._client = client = Client(settings.token, settings.api)
        self._uploads = house.uploads
        self._origin = settings.origin
        self.troubles = Troubles(NAME)
        self._absences = house.absences(NAME)
        self._intake = Intake(client, house.choices.tapped, self._absences, house.counts)
        self._polling: Polling | None = None
        self._door: Webhook[bytes] | None = None
        if settings.secret:
            self._door = webhook(self._intake, house.inbox, house.counts, settings.secret)
        else:
            self._polling = Polling(client, self._intake, house.inbox, self.troubles)

    def add_routes(self, app: web.Application) -> None:
        """Put up the webhook."""
        if self._door:
            self._door.add_to(app, PATH)

    async def run(self) -> None:
        """Fetch updates, where none are delivered."""
        if self._polling:
            await self._polling.run()

    async def close(self) -> None:
        """Close what is kept open to Telegram."""
        await self._intake.close()
        await self._client.close()

    @staticmethod
    def parts(reply: Reply) -> Sequence[Reply]:
        """Cut a reply into messages; a picture takes a short text along, or comes last."""
        parts = plain.parts(reply, LONGEST_TEXT, length=plain.utf16)
        last = parts[-1]
        if not reply.image or plain.utf16(last.text) <= SHORT_CAPTION:
            return parts
        return (*parts[:-1], Reply(last.text), replace(last, text=""))

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Hand one part over; see channels.base.Messenger."""
        if await self._absences.keeps_from(chat_of(address)):
            raise PermanentFailure(LEFT)
        try:
            sent = await self._send(address, parcel)
        except TelegramError as error:
            judgement = judge(error)
            if judgement.left:
                await self._note_absence(address)
            if judgement.ours:
                self.troubles.begin("refused", f"nothing can be sent: {judgement.reason}")
            raise _failure(judgement) from None
        self.troubles.end("refused")
        return sent

    async def _note_absence(self, address: str) -> None:
        try:
            await self._absences.left(chat_of(address))
        except StorageDown:  # Telegram will say it once more
            logger.warning("telegram: an absence is not written down, the storage is down")

    async def _send(self, address: str, parcel: Parcel) -> str:
        chat, _, topic = address.partition(":")
        where: dict[str, Any] = {
            "chat_id": int(chat),
            "message_thread_id": int(topic) if topic else None,
            "reply_markup": keyboard(parcel),
        }
        words, image = plain.words(parcel), parcel.reply.image
        if image:
            picture = address_of(image, self._origin)
            try:
                sent = await self._client.bot.send_photo(
                    photo=picture, caption=words or None, **where
                )
            except BadRequest as error:
                if judge(error).about_chat:
                    raise
                words = f"{words}\n{picture}".strip()  # Telegram could not fetch the picture
            else:
                return str(sent.message_id)
        sent = await self._client.bot.send_message(
            text=words, link_preview_options=LinkPreviewOptions(is_disabled=True), **where
        )
        return str(sent.message_id)

    async def fetch(self, incoming: Incoming) -> Incoming:
        """Fetch the files of a message from Telegram; see channels.base.Messenger."""
        return await keep_files(incoming, self._uploads, self._get)

    async def _get(self, file_id: str) -> bytes:
        """Return a file's bytes. Raises BadFile, PassingFailure, PermanentFailure."""
        try:
            file = await self._client.bot.get_file(file_id)
            if (file.file_size or 0) > MOST_BYTES:
                raise BadFile(Unfit.TOO_LARGE)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise _failure(judge(error)) from None


def _failure(judgement: Judgement) -> PassingFailure | PermanentFailure:
    if judgement.lasting:
        return PermanentFailure(judgement.reason)
    return PassingFailure(
        judgement.reason,
        retry_after=judgement.retry_after,
        may_have_arrived=judgement.may_have_arrived,
        everybody=judgement.everybody,
    )
