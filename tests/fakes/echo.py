"""A small true assistant on the real road: it counts, so that loss and doubling show.

Run as a program it is a brain (`--channel`) or a whole gateway (`--port`), with the real inbox,
turns, ledger and takeover, and without Rasa's seconds of loading: it can be killed hundreds of
times.
"""

import argparse
import asyncio
import os
import signal
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bot.conversation.brain import die_with_parent, serve
from bot.conversation.contracts import Button, Incoming, Reply
from bot.conversation.turn import Turns
from bot.storage.engine import open_engine
from bot.storage.vault import Vault

KEY = bytes(range(32))


CLOCK = "ECHO_CLOCK"
"""Names a file with the seconds by which the clock of these programs is off."""


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_off())


def _off() -> float:
    path = os.environ.get(CLOCK)
    if path is None:
        return 0.0
    try:
        return float(Path(path).read_text())
    except (OSError, ValueError):  # it is being written
        return 0.0


class EchoAssistant:
    """Answers "<how many this person has said>: <the words>"; obeys a few words of command."""

    def begin(self, conversation_id: str) -> int:
        return 0

    def load(self, conversation_id: str, dumped: bytes) -> int:
        return int(dumped)

    def dump(self, state: int) -> bytes:
        return str(state).encode()

    async def respond(self, state: int, incoming: Incoming) -> tuple[list[Reply], int]:
        match incoming.text.split():
            case ["raise"]:
                raise ValueError(incoming.text)
            case ["die"]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["sleep", seconds]:
                await asyncio.sleep(float(seconds))
            case ["metadata", key]:
                return [Reply(text=f"{state + 1}: {incoming.metadata[key]}")], state + 1
            case ["offer", *titles]:
                buttons = tuple(Button(title, f"chose {title}") for title in titles)
                return [Reply(f"{state + 1}: chọn nhé", buttons)], state + 1
            case ["files"]:
                return [Reply(f"{state + 1}: {len(incoming.attachments)} tệp")], state + 1
        return [Reply(text=f"{state + 1}: {incoming.text}")], state + 1


async def understand(text: str) -> dict[str, object]:
    return {"text": text}


async def run_brain(channel: socket.socket, database_url: str, node: str) -> None:
    engine = open_engine(database_url, inline=True)
    turns = Turns(engine, Vault(KEY), EchoAssistant(), node, now)
    await serve(channel, "echo", turns, understand)
    await engine.dispose()


def brain_starter(database_url: str, node: str):
    async def start(channel: socket.socket) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.fakes.echo", "--database", database_url, "--node", node),
            *("--channel", str(channel.fileno())),
            pass_fds=(channel.fileno(),),
        )

    return start


def a_road(database_url: str, *, node: str = "here", brains: int = 2, messengers=None, engine=None):
    """Return a road with echoing brains on a real database."""
    from bot.conversation.road import Road  # a brain need not load it, and starts the sooner

    return Road(
        engine or open_engine(database_url),
        Vault(KEY),
        node,
        now,
        brains,
        brain_starter(database_url, node),
        messengers or {},
    )


async def run_gateway(
    port: int, database_url: str, node: str, facebook: str = "", brains: int = 2
) -> None:
    from aiohttp import web

    from bot.channels.rest import RestDoor, add_rest

    road = a_road(database_url, node=node, brains=brains)
    app = web.Application()
    add_rest(app, RestDoor(road.ask, road.brains.parse))
    if facebook:
        add_messenger(app, road, database_url, facebook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await road.run()


def add_messenger(app, road, database_url: str, facebook: str) -> None:
    """Open Messenger beside REST, with a fake Facebook at the other end, and its metrics."""
    from bot.app.channels import add_channels
    from bot.channels.counts import CountedInbox, Counts
    from bot.channels.house import House
    from bot.channels.messenger import Messenger
    from bot.channels.operators import Pulse, add_operators
    from bot.conversation.choices import Choices
    from tests.fakes.messenger_api import FakeFacebook
    from tests.fakes.uploads import FakeUploads

    fake, counts = FakeFacebook(), Counts()
    fake.origin = facebook
    engine, vault = open_engine(database_url), Vault(KEY)
    house = House(
        CountedInbox(road.inbox, counts),
        FakeUploads(),
        Choices(engine, vault),
        counts,
        engine,
        vault,
        now,
    )
    channel = Messenger(fake.page, house)
    road.connect({channel.name: channel})
    add_channels(app, [channel], counts)
    add_operators(app, Pulse(road, engine, counts, [channel], now))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--node", default="here")
    parser.add_argument("--channel", type=int)
    parser.add_argument("--port", type=int)
    parser.add_argument("--facebook", default="")
    parser.add_argument("--brains", type=int, default=2)
    wanted = parser.parse_args()
    if wanted.channel is None:
        uvloop.run(
            run_gateway(wanted.port, wanted.database, wanted.node, wanted.facebook, wanted.brains)
        )
    else:
        die_with_parent()
        channel = socket.socket(fileno=wanted.channel)
        asyncio.run(run_brain(channel, wanted.database, wanted.node))


if __name__ == "__main__":
    main()
