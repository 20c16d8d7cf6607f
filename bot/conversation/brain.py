"""A brain: the child process that holds the trained assistant and takes turns."""

import asyncio
import contextlib
import ctypes
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from bot.conversation import wire
from bot.conversation.turn import Turns
from bot.conversation.wire import Parse, Parsed, Ready, ToBrain, Work

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to kill this process when the gateway dies, so that no orphan holds a model."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def give_memory_back() -> None:
    """Return to the system what loading has freed; glibc keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


Understand = Callable[[str], Awaitable[dict[str, Any]]]


async def serve(
    channel: socket.socket, model: str, turns: Turns[Any], understand: Understand
) -> None:
    """Answer what the gateway sends until it hangs up.

    Turns of different conversations overlap: one computes while another waits for its commit.
    """
    reader, writer = await asyncio.open_connection(sock=channel)
    wire.send(writer, Ready(model))
    running: set[asyncio.Task[None]] = set()
    while (frame := await wire.receive(reader, ToBrain)) is not None:
        task = asyncio.create_task(_answer(frame, writer, turns, understand))
        running.add(task)
        task.add_done_callback(running.discard)
    logger.info("the gateway hung up; finishing %d turns", len(running))
    await asyncio.gather(*running, return_exceptions=True)


async def _answer(
    frame: Work | Parse, writer: asyncio.StreamWriter, turns: Turns[Any], understand: Understand
) -> None:
    if isinstance(frame, Work):
        wire.send(writer, await turns.take(frame))
    else:
        wire.send(writer, Parsed(frame.id, await understand(frame.text)))
