"""Server-sent events: each new line of a conversation, as soon as it is in the journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from aiohttp import web

from bot.channels.base import Bell, Entry, Journal
from bot.channels.web.view import line

HEARTBEAT = 20.0  # seconds; shorter than the idle limits of mobile networks and proxies
RETRY = 2000  # milliseconds after which a browser comes back by itself
AT_ONCE = 50  # lines read together
PER_CONVERSATION = 8  # open streams: tabs, and connections that died without saying so


class Streams:
    """The open streams of this gateway, so that they can be counted and closed."""

    def __init__(self) -> None:
        self._open: dict[str, list[asyncio.Task[object]]] = {}

    @asynccontextmanager
    async def one(self, address: str) -> AsyncIterator[None]:
        """Hold one stream of a conversation; where there are too many, the oldest ends.

        A phone that changed networks leaves dead streams behind, so it is the newest that lives.
        """
        tasks = self._open.setdefault(address, [])
        if len(tasks) >= PER_CONVERSATION:
            tasks.pop(0).cancel()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler always runs in a task
        tasks.append(task)
        try:
            yield
        finally:
            with suppress(ValueError):  # it may have been the oldest
                tasks.remove(task)
            if not tasks and self._open.get(address) is tasks:
                del self._open[address]

    async def close(self, _: web.Application) -> None:
        """End every stream; browsers come back to whoever listens next."""
        for tasks in list(self._open.values()):
            for task in tasks:
                task.cancel()


async def stream_lines(
    response: web.StreamResponse, journal: Journal, channel: str, address: str, after: int | None
) -> None:
    """Write the conversation's lines past `after` until the browser goes away.

    Raises ConnectionResetError when it did, StorageDown when the journal cannot be read.
    """
    async with journal.subscribe(channel, address) as bell:
        while True:
            entries = await journal.history(channel, address, after=after, limit=AT_ONCE)
            for entry in entries:
                await response.write(event(entry))
                after = entry.id
            if len(entries) < AT_ONCE:
                after = after or 0
                await _wait(bell, response)


async def _wait(bell: Bell, response: web.StreamResponse) -> None:
    """Wait for something new, showing a sign of life meanwhile.

    The beat is an event, not a comment: scripts do not see comments, and a phone that changed
    networks learns only from the missing beat that its connection is dead.
    """
    while True:
        try:
            await asyncio.wait_for(bell.rung(), HEARTBEAT)
        except TimeoutError:
            await response.write(b"event: beat\ndata: .\n\n")
        else:
            return


def hello(conversation: str) -> bytes:
    """Open a stream: how soon to come back, and whose conversation this is."""
    return f"retry: {RETRY}\nevent: hello\ndata: {conversation}\n\n".encode()


def event(entry: Entry) -> bytes:
    """Write one entry as an event; JSON has no line breaks that could end it early."""
    return b"id: %d\nevent: line\ndata: %b\n\n" % (entry.id, msgspec.json.encode(line(entry)))
