"""/console itself: leads to the first page that somebody may open."""

from aiohttp import web

from bot.console import texts
from bot.console.frame import ACCOUNT, NAVIGATION, Page, allowed, lead_to, render


@allowed()
async def show_home(request: web.Request) -> web.Response:
    """Lead on, with the notice that it was reached with; greet whom no page is for yet."""
    notice = request.query.get("notice", "")
    for page in request.app[NAVIGATION]:
        if page.is_for(request[ACCOUNT]):
            return lead_to(page.path, notice=notice)
    return render(request, "home.html", {"words": texts.HOME})


PAGE = Page((web.get("", show_home), web.get("/", show_home)))
