"""Who called me (nhắc tên): the notes that name this account and were not seen yet."""

from aiohttp import web

from bot.console import case_texts
from bot.console.frame import ACCOUNT, CONSOLE, Page, Place, allowed, render
from bot.feedback.notes import unread_mentions
from bot.staff.models import StaffRole


@allowed(StaffRole.SUPERVISOR, StaffRole.LEAD)
async def show_mentions(request: web.Request) -> web.Response:
    """The list; opening a case takes it off."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    async with console.sessions() as session:
        called = await unread_mentions(session, account.name)
    context = {"words": case_texts.MENTIONS, "case": case_texts.CASE["case"], "called": called}
    return render(request, "mentions.html", context)


PAGE = Page((web.get("/nhac-ten", show_mentions),), Place.MENTIONS)
