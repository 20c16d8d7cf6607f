"""Pictures and files on the page: each is sent by itself, before the message that names it."""

import asyncio

from aiohttp import web

from bot.channels.web.calls import this_visitor
from bot.channels.web.site import NAME, SITE, not_taken
from bot.doors.guard import refuse_other_sites
from bot.doors.http import Refused, read_body
from bot.feedback.errors import Unfit
from bot.feedback.pictures import MOST_BYTES

SLOWEST = 180.0  # seconds; 12 MB over half a megabit

# In place of a thumbnail, for what is no picture.
SHEET = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
<path fill="#fff" stroke="#5c6f6c" stroke-width="4" d="M24 10h34l16 16v60H24z"/>
<path fill="none" stroke="#5c6f6c" stroke-width="4" d="M58 10v16h16M36 46h24M36 58h24M36 70h14"/>
</svg>"""


async def take_upload(request: web.Request) -> web.Response:
    """Keep the file that is the body; 201 with its id.

    The body is no form and no text, so that no page of another site can send it unasked.
    """
    site = request.app[SITE]
    refuse_other_sites(request, site.chat.public_origin)
    if request.content_type != "application/octet-stream":
        raise Refused(415, "not_bytes", "send application/octet-stream")
    visitor = this_visitor(request, request.query.get("conversation", ""))
    with site.room_for_a_file():
        id = await site.keep_file(visitor, await _read_file(request))
    return web.json_response({"id": id}, status=201)


async def show_thumbnail(request: web.Request) -> web.Response:
    """The thumbnail of a picture, to the browser that sent it and to nobody else."""
    visitor = this_visitor(request)
    uploads, id = request.app[SITE].chat.uploads, request.match_info["id"]
    thumbnail = await uploads.thumbnail(NAME, visitor.address, id)
    if thumbnail is None:
        raise Refused(404, "not_found", "no such picture")
    if not thumbnail:
        return web.Response(body=SHEET, content_type="image/svg+xml")
    return web.Response(body=thumbnail, content_type="image/jpeg")


async def discard_upload(request: web.Request) -> web.Response:
    """Forget a file that its sender took out of the message again."""
    site = request.app[SITE]
    refuse_other_sites(request, site.chat.public_origin)
    visitor = this_visitor(request)
    await site.chat.uploads.discard(NAME, visitor.address, request.match_info["id"])
    return web.Response(status=204)


async def _read_file(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(SLOWEST):
            return await read_body(request, MOST_BYTES)
    except TimeoutError:
        raise Refused(408, "too_slow", "the file took too long to arrive") from None
    except Refused as refused:
        raise not_taken(Unfit.TOO_LARGE) if refused.status == 413 else refused from None
