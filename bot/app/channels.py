"""The messaging apps that are set up, and what they share."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

from aiohttp import web
from msgspec.structs import replace

from bot.app.store import Store, now
from bot.channels.base import Channel, Uploads
from bot.channels.counts import CountedInbox, Counts, count_calls
from bot.channels.house import House
from bot.channels.messenger import Messenger, Page
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.zalo_bot.channel import ZaloBot, ZaloBotSettings
from bot.channels.zalo_oa.channel import ZaloOa, ZaloOaSettings
from bot.conversation.choices import Choices
from bot.conversation.deliveries import Outgoing, Standing
from bot.conversation.failures import places
from bot.conversation.road import Road
from bot.conversation.uploads import RoadUploads
from bot.feedback.pictures import Cleaner
from bot.settings import Settings

logger = logging.getLogger(__name__)

PAUSE_AFTER_A_FAILURE = 10.0  # seconds


def build_uploads(store: Store) -> Uploads:
    """Put together what keeps pictures and files, for all doors one."""
    return RoadUploads(store.sessions, store.vault, now, Cleaner())


def build_channels(
    settings: Settings, store: Store, road: Road, uploads: Uploads, counts: Counts
) -> Sequence[Channel]:
    """Open the messaging apps that are set up, and let the road deliver to them."""
    house = House(
        CountedInbox(road.inbox, counts),
        uploads,
        Choices(store.engine, store.vault),
        counts,
        store.engine,
        store.vault,
        now,
    )
    channels = list(_opened(settings, house))
    road.connect({channel.name: channel for channel in channels})
    return channels


def _opened(settings: Settings, house: House) -> Iterator[Channel]:
    if telegram := TelegramSettings.read(settings):
        from bot.channels.telegram.channel import TelegramChannel  # its library takes a second

        yield TelegramChannel(telegram, house)
    if page := Page.read(settings):
        yield Messenger(page, house)
    if oa := ZaloOaSettings.read(settings):
        yield ZaloOa(oa, house)
    if bot := ZaloBotSettings.read(settings):
        yield ZaloBot(bot, house)


def build_outgoing(settings: Settings, road: Road, channels: Sequence[Channel]) -> Outgoing:
    """Put together what the console's page of channels needs."""

    def standings() -> list[Standing]:
        wrong = {channel.name: tuple(channel.troubles.now.values()) for channel in channels}
        return [
            replace(standing, troubles=wrong.get(standing.channel, ()))
            for standing in road.outbox.standings()
        ]

    return Outgoing(settings.node_name, standings, road.outbox.ring)


def add_channels(app: web.Application, channels: Sequence[Channel], counts: Counts) -> None:
    """Put up the webhooks, and let the channels do beside what they do, as long as the doors."""
    count_calls(app, counts, {f"/webhooks/{channel.name}": channel.name for channel in channels})
    for channel in channels:
        channel.add_routes(app)

    async def beside(_: web.Application) -> AsyncIterator[None]:
        running = [asyncio.create_task(keep_running(each.name, each.run)) for each in channels]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in channels))

    app.cleanup_ctx.append(beside)


async def keep_running(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run until there is nothing more to do; an error of one must not end the others."""
    while True:
        try:
            await run()
            return
        except Exception as error:
            kind = type(error).__name__
            logger.error("%s stopped and goes on: %s\n%s", name, kind, places(error))
            await asyncio.sleep(PAUSE_AFTER_A_FAILURE)
