"""Where everything of the web chat is found."""

from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.channels.web import calls, pages, uploads
from bot.channels.web.site import SITE, TEMPLATES, Site, WebChat
from bot.doors.assets import load_assets
from bot.doors.guard import secured
from bot.doors.http import Refused, answer_in_json

HERE = Path(__file__).parent
OURS = ("/chat/", "/quyen-rieng-tu", "/ket-qua")


def add_web_chat(app: web.Application, chat: WebChat) -> None:
    """Put the chat page at `/` of an application, with its calls under `/chat/`."""
    site = Site(chat, load_assets(HERE / "static", "/chat/assets/"))
    app[SITE] = site
    aiohttp_jinja2.setup(
        app,
        app_key=TEMPLATES,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    answer_in_json(app)
    app.on_response_prepare.append(_secure)
    app.on_shutdown.append(site.streams.close)
    app.add_routes(
        [
            web.get("/", pages.show_page),
            web.get("/quyen-rieng-tu", pages.show_privacy),
            web.post("/chat/form", pages.take_form),
            web.post("/chat/new", pages.begin_anew),
            web.post("/chat/messages", calls.take_message),
            web.post("/chat/uploads", uploads.take_upload),
            web.get("/chat/uploads/{id}", uploads.show_thumbnail, allow_head=False),
            web.delete("/chat/uploads/{id}", uploads.discard_upload),
            web.get("/chat/history", calls.show_history, allow_head=False),
            web.get("/chat/stream", calls.show_stream, allow_head=False),
            web.get("/chat/assets/{name}", show_asset),
        ]
    )


async def show_asset(request: web.Request) -> web.Response:
    """One file of the page; its address carries its digest, so browsers keep it for good."""
    asset = request.app[SITE].assets.get(request.match_info["name"])
    if asset is None:
        raise Refused(404, "not_found", "no such file")
    return asset.response()


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    """Give our own answers their security headers; other rooms set theirs."""
    if request.path == "/" or request.path.startswith(OURS):
        secured(response.headers, https=request.app[SITE].chat.is_https(request))
