"""What the page's script calls: send a message, read the conversation, listen to it."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bot.channels.base import StorageDown
from bot.channels.web.cookie import Visitor, visitor_of
from bot.channels.web.site import MESSAGE_BYTES, MOST_ATTACHMENTS, NAME, PAGE_LINES, SITE
from bot.channels.web.stream import hello, stream_lines
from bot.doors.guard import refuse_other_sites
from bot.doors.http import Refused, read_body, read_json, read_number

Upload = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]


class Message(Struct):
    """A message as the script sends it."""

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{8,64}$")]
    text: str
    payload: Annotated[str, Meta(max_length=4096)] = ""  # of the tapped button `text`
    conversation: str = ""  # the one on the page; another tab may have begun a new one
    attachments: Annotated[tuple[Upload, ...], Meta(max_length=MOST_ATTACHMENTS)] = ()


async def take_message(request: web.Request) -> web.Response:
    """Keep a message; 202 means stored. Sent again under the same id, it is stored once."""
    site = request.app[SITE]
    refuse_other_sites(request, site.chat.public_origin)
    if request.content_type != "application/json":
        raise Refused(415, "not_json", "send application/json")
    message = read_json(await read_body(request, MESSAGE_BYTES), Message)
    visitor = this_visitor(request, message.conversation)
    kept = await site.put(
        visitor,
        message.id,
        message.text,
        payload=message.payload,
        attachments=message.attachments,
    )
    return web.json_response({"id": message.id, "repeated": kept.repeated}, status=202)


async def show_history(request: web.Request) -> web.Response:
    """Lines past `?after=`, or the last ones (before `?before=`), oldest first."""
    visitor = this_visitor(request)
    lines = await request.app[SITE].lines(
        visitor,
        after=read_number(request.query.get("after"), "after"),
        before=read_number(request.query.get("before"), "before"),
        limit=_limit(request),
    )
    body = msgspec.json.encode({"conversation": visitor.conversation, "lines": lines})
    answer = web.Response(body=body, content_type="application/json")
    answer.enable_compression()
    return answer


def _limit(request: web.Request) -> int:
    asked = read_number(request.query.get("limit"), "limit")
    return PAGE_LINES if asked is None else max(1, min(asked, PAGE_LINES))


async def show_stream(request: web.Request) -> web.StreamResponse:
    """Lines as they come, for as long as the browser listens."""
    site = request.app[SITE]
    visitor = this_visitor(request)
    last = request.headers.get("Last-Event-ID") or request.query.get("after")
    after = read_number(last, "after")
    async with site.streams.one(visitor.address):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.headers["X-Accel-Buffering"] = "no"  # nginx would hold the lines back
        await response.prepare(request)
        try:
            await response.write(hello(visitor.conversation))
            await stream_lines(response, site.chat.journal, NAME, visitor.address, after)
        except (ConnectionError, StorageDown):
            pass  # gone, or to be asked again: the browser comes back past its last line
        return response


def this_visitor(request: web.Request, conversation: str = "") -> Visitor:
    """Return whose call this is. Raises Refused (409) when the page must be loaded again."""
    visitor = visitor_of(request)
    if visitor is None:
        raise Refused(409, "no_conversation", "load the page first: it sets a cookie")
    if conversation not in ("", visitor.conversation):
        raise Refused(409, "conversation_changed", "this browser has begun another conversation")
    return visitor
