"""The REST channel, in the shape of Rasa's: for programs that ask and wait for the answer."""

import asyncio
import hmac
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bot.channels.base import Incoming, Reply, storable
from bot.conversation.brains import BrainsDown
from bot.doors.caller import is_loopback
from bot.doors.http import Refused, answer_in_json, read_body, read_json

LARGEST_BODY = 512 * 1024  # bytes
LONGEST_WAIT = 30.0  # seconds


class RestMessage(Struct, forbid_unknown_fields=False):
    """The body of ``POST /webhooks/rest/webhook``.

    ``metadata.message_id``, a string of the caller's choice, makes sending again harmless.
    """

    sender: Annotated[str, Meta(min_length=1, max_length=200)]
    message: str
    metadata: dict[str, Any] | None = None


class RestText(Struct):
    """The body of ``POST /model/parse``."""

    text: str


class RestDoor(Struct, frozen=True):
    """What the REST routes need: somebody to ask, somebody to parse, and a token to ask for."""

    ask: Callable[[Incoming], Awaitable[Sequence[Reply]]]
    parse: Callable[[str], Awaitable[dict[str, Any]]]
    token: str = ""


T = TypeVar("T")
DOOR = web.AppKey("rest_door", RestDoor)


def add_rest(app: web.Application, door: RestDoor) -> None:
    """Add the REST routes to an application."""
    app[DOOR] = door
    answer_in_json(app)
    app.add_routes(
        [
            web.post("/webhooks/rest/webhook", answer_message),
            web.post("/model/parse", parse_text),
        ]
    )


async def answer_message(request: web.Request) -> web.Response:
    """Keep one message, wait for its turn, and return the replies."""
    door = request.app[DOOR]
    refuse_strangers(request, door.token)
    body = read_json(await read_body(request, LARGEST_BODY), RestMessage)
    replies = await _in_time(door.ask(_incoming(body)))
    return _json([_rasa_shape(body.sender, reply) for reply in replies])


async def parse_text(request: web.Request) -> web.Response:
    """Understand one text without a turn."""
    door = request.app[DOOR]
    refuse_strangers(request, door.token)
    body = read_json(await read_body(request, LARGEST_BODY), RestText)
    try:
        return _json(await _in_time(door.parse(storable(body.text))))
    except BrainsDown:
        raise Refused(503, "no_brain", "no brain is ready; try again", retry_after=5) from None


def refuse_strangers(request: web.Request, token: str) -> None:
    """Let in who shows the token or, when there is none, who calls from this machine itself.

    A request that a proxy passed on comes from this machine too, but not from here: without a
    token it is refused. Raises Refused (401, 403).
    """
    if token:
        shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, f"Bearer {token}".encode()):
            raise Refused(401, "unauthorized", "the bearer token is missing or wrong")
        return
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    if passed_on or not is_loopback(request.remote):
        raise Refused(403, "forbidden", "set BOT_TOKEN to serve callers from elsewhere")


def _incoming(body: RestMessage) -> Incoming:
    metadata = body.metadata or {}
    given = metadata.get("message_id")
    named = isinstance(given, str) and given != ""
    return Incoming(
        channel="rest",
        # Two callers may both count from one: a message id is only unique within its sender.
        update_id=f"{storable(body.sender)}\x1f{storable(str(given))}"
        if named
        else uuid.uuid4().hex,
        sender=storable(body.sender) or "\N{REPLACEMENT CHARACTER}",
        text=storable(body.message),
    )


async def _in_time(answer: Awaitable[T]) -> T:
    try:
        return await asyncio.wait_for(answer, LONGEST_WAIT)
    except TimeoutError:
        raise Refused(
            504, "no_answer_yet", "the message is kept; its answer takes too long", retry_after=5
        ) from None


def _rasa_shape(sender: str, reply: Reply) -> dict[str, Any]:
    shape: dict[str, Any] = {"recipient_id": sender}
    if reply.text:
        shape["text"] = reply.text
    if reply.buttons:
        shape["buttons"] = reply.buttons
    if reply.image:
        shape["image"] = reply.image
    if reply.custom:
        shape["custom"] = reply.custom
    return shape


def _json(value: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")
