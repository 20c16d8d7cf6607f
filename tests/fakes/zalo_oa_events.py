"""The events of a Zalo Official Account, as captured ones look; ids and times are strings."""

import itertools
import json
import time

from bot.channels.zalo_oa.signature import sign

APP_ID = "360846524940903967"
OA_ID = "388613280878808645"
OA_SECRET = "test-oa-secret"
AN = "246845883529197922"
_numbers = itertools.count(1)


def message_id() -> str:
    return f"96d3cdf3af15{next(_numbers):07d}"


def milliseconds() -> str:
    return str(time.time_ns() // 1_000_000)


def from_person(name: str, user: str = AN, **fields: object) -> dict[str, object]:
    return {
        "app_id": APP_ID,
        "sender": {"id": user},
        "user_id_by_app": "552177279717587730",
        "recipient": {"id": OA_ID},
        "event_name": name,
        "timestamp": milliseconds(),
        **fields,
    }


def says(text: str, user: str = AN, **fields: object) -> dict[str, object]:
    message = {"text": text, "msg_id": message_id()} | fields
    return from_person("user_send_text", user, message=message)


def sends(
    kind: str, payload: dict[str, object], user: str = AN, text: str = ""
) -> dict[str, object]:
    message: dict[str, object] = {
        "msg_id": message_id(),
        "attachments": [{"type": kind, "payload": payload}],
    }
    if text:
        message["text"] = text
    return from_person(f"user_send_{kind}", user, message=message)


def sends_image(url: str, user: str = AN, text: str = "") -> dict[str, object]:
    return sends("image", {"url": url, "thumbnail": url}, user, text)


def follows(user: str = AN) -> dict[str, object]:
    return {
        "oa_id": OA_ID,
        "follower": {"id": user},
        "user_id_by_app": "552177279717587730",
        "event_name": "follow",
        "source": "oa_profile",
        "app_id": APP_ID,
        "timestamp": milliseconds(),
    }


def unfollows(user: str = AN) -> dict[str, object]:
    return follows(user) | {"event_name": "unfollow"}


def opens_chat(user: str = AN) -> dict[str, object]:
    return {
        "user_id": user,
        "oa_id": OA_ID,
        "app_id": APP_ID,
        "user_id_by_app": "552177279717587730",
        "event_name": "user_click_chatnow",
        "timestamp": milliseconds(),
    }


def echo(text: str, user: str = AN, admin: str = "") -> dict[str, object]:
    sender = {"id": OA_ID} | ({"admin_id": admin} if admin else {})
    fields = {"sender": sender, "recipient": {"id": user}}
    return says(text) | fields | {"event_name": "oa_send_text"}


def was_seen(*ids: str, user: str = AN) -> dict[str, object]:
    swapped = {"sender": {"id": OA_ID}, "recipient": {"id": user}}
    return from_person("user_seen_message", message={"msg_ids": list(ids)}) | swapped


def was_received(id: str, user: str = AN) -> dict[str, object]:
    swapped = {"sender": {"id": OA_ID}, "recipient": {"id": user}}
    return from_person("user_received_message", message={"msg_id": id}) | swapped


def packed(event: dict[str, object]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def signed(event: dict[str, object], secret: str = OA_SECRET) -> tuple[bytes, dict[str, str]]:
    """Return the bytes of an event and the headers under which Zalo posts them."""
    body = packed(event)
    mac = sign(str(event["app_id"]), body, str(event["timestamp"]), secret)
    return body, {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}
