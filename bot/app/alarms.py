"""Watching over the channels, and telling operators what is wrong, for as long as the doors."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.app.channels import keep_running
from bot.app.store import Store, now
from bot.channels.base import Channel
from bot.channels.lookout import Lookout
from bot.conversation.road import Road
from bot.notifications.alarms import Alarms, Trouble
from bot.notifications.models import Medium
from bot.settings import Settings
from bot.staff.services import operators
from bot.storage.vault import CannotOpen

logger = logging.getLogger(__name__)

LOOK_EVERY = 30.0  # seconds


def add_alarms(
    app: web.Application, settings: Settings, store: Store, road: Road, channels: Sequence[Channel]
) -> None:
    """Look after the channels beside the doors."""
    lookout = Lookout(channels, road.outbox.standings, store.engine, time.monotonic)
    alarms = Alarms(store.sessions, store.vault, now, operators, open_ways(settings))

    async def watch() -> None:
        while True:
            await _go_round(lookout, alarms, channels)
            await asyncio.sleep(LOOK_EVERY)

    async def beside(_: web.Application) -> AsyncIterator[None]:
        watching = asyncio.create_task(keep_running("alarms", watch))
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    app.cleanup_ctx.append(beside)


def open_ways(settings: Settings) -> set[Medium]:
    """Return by which ways notifications can go out."""
    ways = {Medium.TELEGRAM: settings.telegram_token, Medium.EMAIL: settings.smtp_host}
    return {medium for medium, setting in ways.items() if setting}


async def _go_round(lookout: Lookout, alarms: Alarms, channels: Sequence[Channel]) -> None:
    try:
        await lookout.look()
        await alarms.hear(
            [
                Trouble(channel.name, name, sentence)
                for channel in channels
                for name, sentence in channel.troubles.now.items()
            ]
        )
    except (SQLAlchemyError, OSError) as error:
        logger.warning("alarms: storage: %s", type(error).__name__)
    except CannotOpen as error:
        logger.error("alarms: %s", error)
