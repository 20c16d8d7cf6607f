"""The hidden command that a gateway starts its brains with."""

import asyncio
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import click
import uvloop

from bot.settings import Settings

logger = logging.getLogger(__name__)

LOOK_FOR_NEW_CATALOGUE = 5.0  # seconds


@click.command(hidden=True)
@click.option("--channel", type=int, required=True, help="Number of the inherited socket.")
@click.option("--model", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def brain(settings: Settings, channel: int, model: Path) -> None:
    """Take turns for the gateway at the other end of a socket."""
    from bot.conversation.libraries import prepare_rasa

    prepare_rasa()

    from bot.conversation.assistant import BadModel
    from bot.conversation.brain import die_with_parent
    from bot.conversation.brains import BAD_MODEL

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway decides when its brains end
    die_with_parent()
    try:
        uvloop.run(_serve(settings, socket.socket(fileno=channel), model))
    except BadModel as error:
        logger.error("%s", error)
        sys.exit(BAD_MODEL)


async def _serve(settings: Settings, channel: socket.socket, model: Path) -> None:
    from bot.app.brain import open_assistant
    from bot.app.store import now, open_store
    from bot.conversation.brain import give_memory_back, serve
    from bot.conversation.turn import Turns
    from bot.procedures.catalogue import Catalogue

    async def watch(catalogue: Catalogue) -> None:
        while True:
            await asyncio.sleep(LOOK_FOR_NEW_CATALOGUE)
            if await catalogue.refresh():
                give_memory_back()
                logger.info("brain %d reads a new catalogue", os.getpid())

    async with (
        open_store(settings, inline=True) as store,
        open_assistant(settings, store, model) as (assistant, catalogue),
        asyncio.TaskGroup() as group,
    ):
        watcher = group.create_task(watch(catalogue))
        give_memory_back()
        turns = Turns(store.engine, store.vault, assistant, settings.node_name, now)
        await serve(channel, model.name, turns, assistant.parse)
        watcher.cancel()
