"""Reading what the Zalo Bot Platform tells: the same object by webhook and by polling.

The documentation wraps it in ``{"ok": true, "result": …}``, a live capture shows it bare; both are
read. `message.unsupported.received` stands in for the words of people whom Zalo protects (children,
people who cannot read): it is answered, never refused.
"""

import json
from typing import Any

import msgspec
from msgspec import Struct, field

from bot.channels.base import FILES, Incoming, storable

NAME = "zalo-bot"
_RECEIVED = "message."
_KINDS = {"sticker": "sticker", "voice": "voice", "unsupported": "hidden"}


class BadUpdate(ValueError):
    """Bytes that are no update; the message holds nothing of them."""


class Aside(Struct, frozen=True):
    """Nothing to do but to count it; `kind` is one of ours, never a word of the update's."""

    kind: str


class _User(Struct):
    id: str | int = ""
    is_bot: bool = False


class _Chat(Struct):
    id: str | int = ""
    chat_type: str = "PRIVATE"


class _Message(Struct):
    sender: _User = field(default_factory=_User, name="from")
    chat: _Chat = field(default_factory=_Chat)
    message_id: str | int = ""
    text: str = ""
    caption: str = ""
    photo: str = ""
    photo_url: str = ""
    url: str = ""


class _Update(Struct):
    event_name: str
    message: dict[str, Any] = {}


class _Wrapped(Struct):
    result: _Update


def read(body: bytes) -> Incoming | Aside:
    """Make sense of an update. Raises BadUpdate for bytes that are none."""
    try:
        update = _update(json.loads(body.decode()))
    except (ValueError, RecursionError, msgspec.ValidationError):
        raise BadUpdate("the body is no update") from None
    try:
        message = msgspec.convert(update.message, _Message)
    except msgspec.ValidationError:
        return Aside("unreadable")
    return _heard(update.event_name, message)


def _update(value: object) -> _Update:
    if isinstance(value, dict) and "result" in value:
        return msgspec.convert(value, _Wrapped).result
    return msgspec.convert(value, _Update)


def _heard(event_name: str, message: _Message) -> Incoming | Aside:
    kind = event_name.removeprefix(_RECEIVED).removesuffix(".received")
    chat, id = str(message.chat.id), str(message.message_id)
    if kind not in ("text", "image", "link", *_KINDS):
        return Aside("other")
    if message.sender.is_bot:
        return Aside("echo")
    if message.chat.chat_type != "PRIVATE":
        return Aside("group")  # what is asked here is nothing for a group to read
    if not (_is_id(chat) and _is_id(id)):
        return Aside("unreadable")
    text, metadata = _content(kind, message)
    return Incoming(NAME, f"{event_name}\x1f{id}", chat, text, metadata, push=True)


def _content(kind: str, message: _Message) -> tuple[str, dict[str, Any]]:
    """Return the words of a message, and what came with them or in their place."""
    words = storable(message.text or message.caption)
    if kind in _KINDS:
        return "", {"kind": _KINDS[kind]}
    if kind == "image":
        return words, {FILES: [storable(message.photo_url or message.photo)]}
    if kind == "link":
        words = words or storable(message.url)
    return (words, {}) if words else ("", {"kind": "unsupported"})


def _is_id(value: str) -> bool:
    return value != "" and value.isascii() and value.isprintable() and len(value) <= 80
