"""Somebody's own notifications: by which way, of what, and when to keep quiet."""

from collections.abc import Sequence
from datetime import time

from aiohttp import web
from multidict import MultiDict

from bot.console import texts
from bot.console.frame import ACCOUNT, CONSOLE, FORM, Page, allowed, lead_to, render
from bot.doors.http import Refused
from bot.notifications.errors import BadWishes
from bot.notifications.models import Occasion
from bot.notifications.post import leave_trial
from bot.notifications.wishes import (
    CHOSEN,
    OF_CASES,
    OF_CHANNELS,
    Choice,
    Wish,
    keep_wish,
    wish_of,
)
from bot.staff.models import StaffRole

PATH = "/console/thong-bao"
# What each role is offered to hear of: cases are for who handles them, channels for who mends them.
OFFERED = {
    StaffRole.SUPERVISOR: OF_CASES,
    StaffRole.LEAD: CHOSEN,
    StaffRole.ADMIN: OF_CHANNELS,
}


@allowed(*OFFERED)
async def show_wishes(request: web.Request) -> web.Response:
    """The form, filled in with what is kept."""
    console = request.app[CONSOLE]
    async with console.sessions() as session:
        wish = await wish_of(session, console.vault, request[ACCOUNT].name)
    return _page(request, wish)


@allowed(*OFFERED)
async def keep_wishes(request: web.Request) -> web.Response:
    """Keep what was filled in; the button below also sends something for trial."""
    console, form = request.app[CONSOLE], request[FORM]
    wish = _filled_in(form, OFFERED[request[ACCOUNT].role])
    try:
        async with console.sessions() as session, session.begin():
            await keep_wish(session, console.vault, request[ACCOUNT].name, wish)
            if "trial" in form:
                leave_trial(session, request[ACCOUNT].name, wish.media, console.now())
    except BadWishes as wrong:
        return _page(request, wish, problem=wrong.code)
    return lead_to(PATH, notice="wishes_tried" if "trial" in form else "wishes_kept")


def _filled_in(form: MultiDict[str], offered: Sequence[Occasion]) -> Wish:
    try:
        return Wish(
            telegram=form["telegram"].strip(),
            email=form["email"].strip(),
            quiet_from=time.fromisoformat(form["quiet_from"]),
            quiet_until=time.fromisoformat(form["quiet_until"]),
            digest_at=time.fromisoformat(form["digest_at"]),
            choices={occasion: Choice(form[occasion.value]) for occasion in offered},
        )
    except (KeyError, ValueError):
        raise Refused(400, "wrong_shape", "a field is missing or holds something else") from None


def _page(request: web.Request, wish: Wish, *, problem: str = "") -> web.Response:
    words = texts.WISHES
    context = {
        "words": words,
        "wish": wish,
        "occasions": [
            (occasion.value, words["occasions"][occasion], wish.choices.get(occasion, Choice.OFF))
            for occasion in OFFERED[request[ACCOUNT].role]
        ],
        "choices": [(choice, words["choices"][choice]) for choice in Choice],
        "problem": words["problems"][problem] if problem else "",
        "wrong": problem,
    }
    return render(request, "notifications.html", context, status=422 if problem else 200)


PAGE = Page((web.get("/thong-bao", show_wishes), web.post("/thong-bao", keep_wishes)))
