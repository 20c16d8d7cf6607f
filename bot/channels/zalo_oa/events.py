"""Reading the events of an Official Account: what arrived, from whom, and whether it wants a turn.

Strangers write these bytes. `opened` decodes them, once, and takes what is needed to verify them;
`understand` makes sense of an event that is authentic. What it cannot make sense of is an `Aside`,
never an error.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from bot.channels.base import FILES, Incoming, storable
from bot.channels.zalo_oa import texts

NAME = "zalo-oa"
TAP = "#dh:"  # before the token of a button: nobody types this
# What was sent in place of words: Zalo's types, and how turns know them.
KINDS = {"audio": "voice", "video": "video", "sticker": "sticker", "gif": "sticker"}
GREET = "/greet"

Text = Annotated[str | int, Meta(description="some events carry numbers where others have strings")]


class BadEvent(ValueError):
    """Bytes that are no event; the message holds nothing of them."""


class Opened(Struct, frozen=True):
    """An event that was decoded, and what it is verified by."""

    app_id: str
    timestamp: str
    body: Any


class Spoke(Struct, frozen=True):
    """Somebody did what is answered in a turn."""

    incoming: Incoming


class Left(Struct, frozen=True):
    """Somebody does not want to be written to any more."""

    address: str


class Aside(Struct, frozen=True):
    """Nothing to do but to count it; `kind` is one of ours, never a word of the event's."""

    kind: str


Event = Spoke | Left | Aside


class _Envelope(Struct):
    app_id: Text
    event_name: str
    timestamp: Text


class _Party(Struct):
    id: Text = ""
    admin_id: Text = ""


class _Attachment(Struct):
    type: str = ""
    payload: dict[str, Any] = {}


class _Message(Struct):
    msg_id: Text = ""
    text: str = ""
    attachments: list[_Attachment] = []
    conversation_id: Text = ""


class _Body(Struct):
    event_name: str
    timestamp: Text
    sender: _Party = field(default_factory=_Party)
    follower: _Party = field(default_factory=_Party)
    user_id: Text = ""
    anonymous_id: Text = ""
    conversation_id: Text = ""
    message: _Message = field(default_factory=_Message)
    info: dict[str, Any] = {}


def opened(body: bytes) -> Opened:
    """Decode an event. Raises BadEvent.

    Half of an emoji in it, which msgspec refuses, must not cost the message.
    """
    try:
        value = json.loads(body.decode())
        envelope = msgspec.convert(value, _Envelope)
    except (ValueError, RecursionError, msgspec.ValidationError):
        raise BadEvent("the body is no event") from None
    return Opened(str(envelope.app_id), str(envelope.timestamp), value)


def understand(authentic: Opened) -> Event:
    """Make sense of an authentic event."""
    try:
        event = msgspec.convert(authentic.body, _Body)
    except (msgspec.ValidationError, RecursionError):
        return Aside("unreadable")
    name = event.event_name
    if name.startswith(("user_send_group_", "oa_send_group_")):
        return Aside("group")
    if name.startswith(("user_send_", "anonymous_send_")):
        return _said(event)
    if name.startswith("oa_send_") and name != "oa_send_consent":
        return Aside("echo_of_a_person" if event.sender.admin_id else "echo")
    match name:
        case "follow" | "user_click_chatnow":
            return _came(event)
        case "unfollow":
            address = _id(event.follower.id)
            return Left(address) if address else Aside("unreadable")
        case "user_submit_info":
            return _submitted(event)
        case "user_received_message" | "user_seen_message":
            return Aside("receipt")
        case "user_withdraw":
            return Aside("withdrawal")
    return Aside("other")


def _came(event: _Body) -> Event:
    """Greet somebody who follows, or opens the chat for the first time: once, not for each."""
    address = _id(event.follower.id or event.user_id)
    if not address:
        return Aside("unreadable")
    title = texts.FOLLOWED if event.event_name == "follow" else texts.OPENED_CHAT
    return Spoke(
        Incoming(NAME, f"greeting\x1f{address}", address, GREET, {"title": title}, push=True)
    )


def _submitted(event: _Body) -> Event:
    """Contact data that somebody agreed to share, in the newer or the older shape."""
    address = _id(event.sender.id or event.user_id)
    if not address:
        return Aside("unreadable")
    metadata = {"kind": "contact", **_contact(event.info)}
    return Spoke(Incoming(NAME, _key(event, address), address, "", metadata, push=True))


def _said(event: _Body) -> Event:
    address = _address(event)
    if not address:
        return Aside("unreadable")
    text, metadata = _content(event)
    return Spoke(Incoming(NAME, _key(event, address), address, text, metadata, push=True))


def _content(event: _Body) -> tuple[str, dict[str, Any]]:
    """Return the words of a message, and what came with them or in their place."""
    text = storable(event.message.text)
    if event.event_name.endswith("_business_card"):
        return "", {"kind": "contact"}
    metadata: dict[str, Any] = {}
    for attachment in event.message.attachments:
        payload = attachment.payload
        match attachment.type:
            case "image" | "file":
                metadata.setdefault(FILES, []).append(_text(payload.get("url")))
            case "link":
                text = text or _link(payload)
            case "location":
                # The text is the name of a place on the map, no sentence of theirs.
                return "", {"kind": "location", "place": text, **_position(payload)}
            case known if known in KINDS:
                metadata["kind"] = KINDS[known]
    if not text and not metadata:
        metadata["kind"] = "unsupported"
    return text, metadata


def _address(event: _Body) -> str:
    """Return where answers go: a person's id, or, for somebody without an account, two ids."""
    if not event.event_name.startswith("anonymous_"):
        return _id(event.sender.id)
    somebody = _id(event.anonymous_id or event.sender.id)
    talk = _id(event.conversation_id or event.message.conversation_id)
    return f"{somebody}/{talk}" if somebody and talk else ""


def _key(event: _Body, address: str) -> str:
    """Return what a repeated delivery has in common with the first."""
    given = _id(event.message.msg_id)
    return given or "\x1f".join((storable(event.event_name), address, _id(event.timestamp)))


def _id(value: str | int) -> str:
    """Return an id as text, empty for one that cannot be one."""
    text = str(value)
    return text if text.isascii() and text.isprintable() and len(text) <= 64 else ""


def _link(payload: Mapping[str, Any]) -> str:
    return " ".join(filter(None, map(_text, (payload.get("description"), payload.get("url")))))


def _text(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""


def _position(payload: Mapping[str, Any]) -> dict[str, float]:
    """Return the coordinates, which come as strings; nothing where they are none."""
    coordinates = payload.get("coordinates")
    if not isinstance(coordinates, dict):
        return {}
    latitude = _degrees(coordinates.get("latitude"), 90)
    longitude = _degrees(coordinates.get("longitude"), 180)
    if latitude is None or longitude is None:
        return {}
    return {"latitude": latitude, "longitude": longitude}


def _degrees(value: object, most: float) -> float | None:
    if not isinstance(value, str | int | float):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if abs(degrees) <= most else None


_CITY: Sequence[str] = ("user_city", "city")
_WARD: Sequence[str] = ("user_ward", "ward", "district")
_STREET: Sequence[str] = ("user_address", "address")


def _contact(info: Mapping[str, Any]) -> dict[str, str]:
    """Return name, phone and address out of either shape of `user_submit_info`."""
    place = info.get("full_address")
    where = place if isinstance(place, dict) else info
    address = ", ".join(
        found for names in (_STREET, _WARD, _CITY) if (found := _first(where, names))
    )
    contact = {"name": _first(info, ("name",)), "phone": _first(info, ("phone",))}
    return {key: value for key, value in (contact | {"address": address}).items() if value}


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the first of these fields that holds something, as text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return storable(str(value)).strip()[:500]
    return ""
