"""Rasa's own action server with this program's actions: ``python -m tests.bench.stock_actions``.

BOT_DATA names the data folder, whose catalogue must have been loaded; ``--port`` where to listen.
The server is rasa_sdk's, unchanged; only where it finds its actions is ours, since they are
instances built with what they need and not classes that it could make by itself.
"""

import asyncio
import os
from typing import Any

import click
from rasa_sdk import Action, endpoint
from rasa_sdk.executor import ActionExecutor

from actions.registry import build_actions
from actions.services import Services
from bot.app.store import open_store
from bot.procedures.catalogue import Catalogue
from bot.settings import Settings, read_settings


async def _open_catalogue(settings: Settings) -> Catalogue:
    async with open_store(settings) as store:
        # Leaving closes the connections of this loop; the server's loop opens its own.
        catalogue = Catalogue(store.sessions)
        await catalogue.refresh()
        return catalogue


def executor_of(actions: list[Action]) -> type[ActionExecutor]:
    """A class of executor that knows these actions, wherever it is told to look for some."""

    class OurActions(ActionExecutor):  # type: ignore[misc]
        def register_package(self, package: Any) -> None:
            for action in actions:
                self.register_action(action)

    return OurActions


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Serve the actions on 127.0.0.1 until stopped."""
    settings = read_settings(os.environ)
    catalogue = asyncio.run(_open_catalogue(settings))
    endpoint.ActionExecutor = executor_of(build_actions(Services(catalogue)))
    os.environ["SANIC_HOST"] = "127.0.0.1"
    endpoint.run("actions", port)


if __name__ == "__main__":
    main()
