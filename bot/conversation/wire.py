"""What the gateway and its brains say to each other over a socket pair: framed msgpack."""

import asyncio
import struct
from typing import Any

import msgspec
from msgspec import Struct

from bot.conversation.contracts import Incoming, Reply

_LENGTH = struct.Struct("!I")


class Work(Struct, frozen=True, tag="work"):
    """To a brain: take the turn for this arrival."""

    inbox_id: int
    conversation_id: str
    incoming: Incoming
    attempts: int = 0


class Parse(Struct, frozen=True, tag="parse"):
    """To a brain: understand this text, without a turn."""

    id: int
    text: str


class Ready(Struct, frozen=True, tag="ready"):
    """From a brain: the model is loaded."""

    model: str


class Done(Struct, frozen=True, tag="done"):
    """From a brain: the turn is committed; these replies are on disk.

    ``told``: the other conversations into which the turn wrote a notice.
    """

    inbox_id: int
    replies: tuple[Reply, ...]
    told: tuple[str, ...] = ()


class Overtaken(Struct, frozen=True, tag="overtaken"):
    """From a brain: somebody else has taken this turn; nothing was written."""

    inbox_id: int


class NotYet(Struct, frozen=True, tag="not_yet"):
    """From a brain: an earlier arrival of this conversation is still open on another node."""

    inbox_id: int


class Failed(Struct, frozen=True, tag="failed"):
    """From a brain: the turn was rolled back. ``passing``: the storage's fault, not the turn's."""

    inbox_id: int
    reason: str
    passing: bool


class Parsed(Struct, frozen=True, tag="parsed"):
    """From a brain: the answer to a Parse, in the shape of Rasa's ``/model/parse``."""

    id: int
    result: dict[str, Any]


ToBrain = Work | Parse
FromBrain = Ready | Done | Overtaken | NotYet | Failed | Parsed

_encode = msgspec.msgpack.Encoder().encode
_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {
    kind: msgspec.msgpack.Decoder(kind) for kind in (ToBrain, FromBrain)
}


def send(writer: asyncio.StreamWriter, frame: ToBrain | FromBrain) -> None:
    """Put one frame into the socket's buffer."""
    body = _encode(frame)
    writer.write(_LENGTH.pack(len(body)) + body)


async def receive(reader: asyncio.StreamReader, kind: Any) -> Any:
    """Return the next frame of a kind (ToBrain or FromBrain), or None when the other side ended."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return _decoders[kind].decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
