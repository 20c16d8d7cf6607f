"""The Zalo Bot as a channel: webhook or polling in, numbered choices out."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import aiohttp
from aiohttp import web
from msgspec import Struct
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import plain
from bot.channels.base import (
    Incoming,
    Limits,
    Pace,
    Parcel,
    PassingFailure,
    Reply,
)
from bot.channels.calling import fetchable
from bot.channels.downloads import Downloads
from bot.channels.files import keep_files
from bot.channels.house import House
from bot.channels.troubles import Troubles
from bot.channels.webhook import Webhook, as_it_came, shows
from bot.channels.zalo_bot.api import BotApi, BotFailure, judged
from bot.channels.zalo_bot.events import NAME
from bot.channels.zalo_bot.intake import Intake
from bot.channels.zalo_bot.plan import Plan
from bot.channels.zalo_bot.polling import Polling
from bot.settings import Settings

logger = logging.getLogger(__name__)

PATH = "/webhooks/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_TEXT = 2000  # characters
COUNT_AGAIN = 600.0  # seconds


class ZaloBotSettings(Struct, frozen=True):
    """What an operator knows of the bot. With a ``secret`` updates are delivered, else fetched."""

    token: str
    origin: str  # our own, under which the platform fetches pictures
    secret: str
    api: str
    file_hosts: tuple[str, ...]

    def __repr__(self) -> str:
        """Show nothing: two of these are secrets."""
        return "ZaloBotSettings(…)"

    @classmethod
    def read(cls, settings: Settings) -> "ZaloBotSettings | None":
        """Take what concerns the bot out of the program's settings; None where there is none."""
        if not settings.zalo_bot_token or settings.zalo_bot_mode == "off":
            return None
        return cls(
            settings.zalo_bot_token,
            settings.origin,
            settings.zalo_bot_secret if settings.zalo_bot_mode == "webhook" else "",
            settings.zalo_bot_api,
            tuple(settings.zalo_file_hosts.split(",")),
        )


class ZaloBot:
    """Implements channels.base.Channel; its figures are how much of its plan is used."""

    name = NAME
    limits = Limits(overall=Pace(20, 1.0))  # none is published

    def __init__(self, settings: ZaloBotSettings, house: House) -> None:
        """Make it inside of a running loop."""
        self._settings = settings
        self._clock = house.clock
        self._uploads = house.uploads
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._downloads = Downloads(settings.file_hosts)
        self._inbox = house.inbox
        self._counts = house.counts
        self._intake = Intake(house.choices.meant, house.counts)
        self.api = BotApi(self._http, settings.api, settings.token)
        self.troubles = Troubles(NAME)
        self.plan = Plan(house.engine, self.troubles)
        self.polling = Polling(self.api, self._intake, house.inbox, house.counts, self.troubles)

    def add_routes(self, app: web.Application) -> None:
        """Put up the webhook, where updates are delivered."""
        if self._settings.secret:
            knocks = shows(SECRET_HEADER, self._settings.secret)
            read, inbox = self._intake.read, self._inbox
            door = Webhook(NAME, as_it_came, read, inbox, self._counts, knocks)
            door.add_to(app, PATH)

    async def run(self) -> None:
        """Fetch updates, where none are delivered, and watch how much of the plan is used."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_plan())
            if not self._settings.secret:
                group.create_task(self.polling.run())

    async def close(self) -> None:
        """Close what is kept open to the platform."""
        await self._downloads.close()
        await self._http.close()

    def collect(self) -> Iterator[Metric]:
        """Yield the bot's own figures."""
        people, messages = self.plan.people, self.plan.messages
        yield GaugeMetricFamily("danhoi_zalo_bot_people", "People who have written", people)
        yield GaugeMetricFamily("danhoi_zalo_bot_month", "Messages sent this month", messages)

    def parts(self, reply: Reply) -> Sequence[Reply]:
        """Cut a reply into messages; its choices stand numbered under the last."""
        return plain.parts(reply, LONGEST_TEXT, choices=True)

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Send one part; see Messenger."""
        words, image = plain.words(parcel), fetchable(parcel.reply.image, self._settings.origin)
        method, content = "sendMessage", {"text": words}
        if image:
            method, content = "sendPhoto", {"photo": image} | ({"caption": words} if words else {})
        try:
            sent = await self.api.call(method, {"chat_id": address, **content})
        except BotFailure as failure:
            judgement = judged(failure)
            if isinstance(judgement, PassingFailure) and judgement.everybody:
                self.troubles.begin("refused", f"nothing is taken: {judgement.reason}")
            raise judgement from None
        self.troubles.end("refused")
        return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""

    async def fetch(self, incoming: Incoming) -> Incoming:
        """Fetch the pictures of a message; see Messenger."""
        return await keep_files(incoming, self._uploads, self._downloads.get)

    async def _watch_plan(self) -> None:
        while True:
            try:
                await self.plan.count(self._clock())
            except (SQLAlchemyError, OSError) as error:
                logger.warning("zalo-bot: storage: %s", type(error).__name__)
            await asyncio.sleep(COUNT_AGAIN)
