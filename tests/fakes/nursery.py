"""Echo brains that are born in milliseconds: forked from a process that has imported everything.

Each is a process of its own, killed and replaced like any brain; only the second of importing is
spared, so a test can afford a hundred of them.
"""

import asyncio
import multiprocessing
import os
import socket
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess

from bot.storage.engine import open_engine
from bot.storage.vault import Vault
from tests.fakes.echo import KEY, now, run_brain

open_engine("sqlite:///none")  # imports the drivers, so that no fork has to
open_engine("postgresql://")

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", "tests.fakes.nursery"])


class Nursling:
    """A forked process with the face of asyncio's subprocess that the brains look after."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, signal: int) -> None:
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        if self.returncode is not None:
            return self.returncode
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        return self._process.exitcode


def live(channel: socket.socket, database_url: str, node: str) -> None:
    """What the forked process does."""
    asyncio.run(run_brain(channel, database_url, node))


def a_quick_road(database_url: str, *, node: str = "here", brains: int = 2, messengers=None):
    """Return a road as echo.a_road does, with brains out of the nursery."""
    from bot.conversation.road import Road

    async def start(channel: socket.socket) -> Nursling:
        process = _CONTEXT.Process(target=live, args=(channel, database_url, node), daemon=True)
        process.start()
        return Nursling(process)

    engine = open_engine(database_url)
    return Road(engine, Vault(KEY), node, now, brains, start, messengers or {})


@asynccontextmanager
async def kept_open(road):
    """Run a road; when it falls, so does the test, with the reason."""
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(road.run())
            async with asyncio.timeout(60):
                await road.brains.wait_until_ready()
            yield road
            running.cancel()
    finally:
        await road._engine.dispose()
