"""Where everything of the console is found."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.console.frame import (
    ASSETS,
    CONSOLE,
    HOME,
    NAVIGATION,
    TEMPLATES,
    Access,
    Console,
    Page,
    Place,
    access_to,
    day,
    moment,
    open_to_all,
)
from bot.console.guard import guard, say_refusals
from bot.console.pages import PAGES
from bot.doors.assets import load_assets
from bot.doors.guard import secured

HERE = Path(__file__).parent


def add_console(app: web.Application, console: Console, pages: Iterable[Page] = PAGES) -> None:
    """Put the console below /console of an application. Raises ValueError for an open handler."""
    inner = web.Application(middlewares=[say_refusals, guard])
    pages = tuple(pages)
    inner[CONSOLE] = console
    inner[ASSETS] = load_assets(HERE / "static", f"{HOME}/assets/")
    inner[NAVIGATION] = tuple(page for place in Place for page in pages if page.place is place)
    aiohttp_jinja2.setup(
        inner,
        app_key=TEMPLATES,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        filters={"moment": moment, "day": day},
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inner.on_response_prepare.append(partial(_secure, console))
    inner.add_routes([web.get("/assets/{name}", show_asset)])
    for page in pages:
        inner.add_routes(page.routes)
    _check_guarded(inner)
    app.add_subapp(HOME, inner)


def _check_guarded(inner: web.Application) -> None:
    for route in inner.router.routes():
        if access_to(route.handler) == Access():
            raise ValueError(f"{route.handler.__name__} says neither @allowed nor @open_to_all")


@open_to_all
async def show_asset(request: web.Request) -> web.Response:
    """One file of the pages; its address carries its digest, so browsers keep it for good."""
    asset = request.app[ASSETS].get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    return asset.response()


async def _secure(console: Console, request: web.Request, response: web.StreamResponse) -> None:
    secured(response.headers, https=console.is_https(request))
