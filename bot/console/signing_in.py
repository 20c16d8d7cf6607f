"""The way in and out: name and password, the code of the second factor, the sign-out."""

import asyncio
import math

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import texts
from bot.console.acting import STRANGER, actor_of, teller
from bot.console.frame import (
    CONSOLE,
    FORM,
    HOME,
    TOKEN,
    Page,
    allowed,
    lead_to,
    open_to_all,
    render,
)
from bot.console.guard import COOKIE, SIGN_IN, keep, token_of
from bot.doors.caller import address_of
from bot.staff import sessions
from bot.staff.errors import SignInRefused, TooManyTries
from bot.staff.happening import Tell
from bot.staff.models import Account
from bot.staff.signing_in import Door

CODE = f"{HOME}/ma-xac-thuc"


@open_to_all
async def show_sign_in(request: web.Request) -> web.Response:
    """The form for name and password; `?back=` is where it leads afterwards."""
    return _page(request, "sign_in.html", back=request.query.get("back", ""))


@open_to_all
async def sign_in(request: web.Request) -> web.Response:
    """Take name and password, and go on to the code; who has no second factor passes it unasked."""
    form = request[FORM]
    name, back = form.get("name", ""), form.get("back", "")
    began = asyncio.get_running_loop().time()
    try:
        let_in = await _door(request).show_password(name, form.get("password", ""))
    except (SignInRefused, TooManyTries) as refused:
        await _take_as_long_as_any(request, began)
        return _page(request, "sign_in.html", back=back, name=name, refused=refused)
    back = own_path(back)
    answer = lead_to(CODE, back=back) if let_in.awaits_code else lead_to(back or HOME)
    keep(request, answer, let_in.token)  # a new secret: one planted before is worth nothing
    return answer


@open_to_all
async def show_code(request: web.Request) -> web.Response:
    """The form for the code of the authenticator app."""
    return _page(request, "code.html", back=request.query.get("back", ""))


@open_to_all
async def take_code(request: web.Request) -> web.Response:
    """Let in whoever shows the code; again under a new secret."""
    form = request[FORM]
    try:
        let_in = await _door(request).show_code(request[TOKEN], form.get("code", ""))
    except (SignInRefused, TooManyTries) as refused:
        return _page(request, "code.html", back=form.get("back", ""), refused=refused)
    answer = lead_to(own_path(form.get("back", "")) or HOME)
    keep(request, answer, let_in.token)
    return answer


@allowed(while_changing=True)
async def sign_out(request: web.Request) -> web.Response:
    """End this session."""
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await sessions.end(session, request[TOKEN])
    answer = lead_to(SIGN_IN, notice="signed_out")
    answer.del_cookie(COOKIE, path=HOME)
    return answer


def _door(request: web.Request) -> Door:
    console, now = request.app[CONSOLE], request.app[CONSOLE].now()

    def tell_of(session: AsyncSession, account: Account | None) -> Tell:
        return teller(session, console.vault, actor_of(account) if account else STRANGER, now)

    address = address_of(request)
    return Door(console.sessions, console.staff, console.lifetime, address, now, tell_of)


async def _take_as_long_as_any(request: web.Request, began: float) -> None:
    """Wait, so that the time of a refusal does not tell whether there is such an account."""
    took = asyncio.get_running_loop().time() - began
    await asyncio.sleep(request.app[CONSOLE].least_pause - took)


def _page(
    request: web.Request,
    template: str,
    *,
    back: str,
    name: str = "",
    refused: SignInRefused | TooManyTries | None = None,
) -> web.Response:
    words = texts.SIGN_IN if template == "sign_in.html" else texts.CODE
    problem, status = "", 200
    if isinstance(refused, TooManyTries):
        minutes = math.ceil(refused.wait.total_seconds() / 60)
        problem, status = texts.TOO_MANY_TRIES.format(minutes=minutes), 429
    elif refused:
        problem, status = words["wrong"], 403
    context = {"words": words, "back": back, "name": name, "problem": problem}
    page = render(request, template, context, status=status)
    if isinstance(refused, TooManyTries):
        page.headers["Retry-After"] = str(math.ceil(refused.wait.total_seconds()))
    if token_of(request) is None:
        keep(request, page, request[TOKEN])  # the form's token is bound to it
    return page


def own_path(path: str) -> str:
    """Return a path of the console as it is, and nothing for an address of anybody else."""
    inside = path == HOME or path.startswith((f"{HOME}/", f"{HOME}?"))
    return path if inside and path.isprintable() and "\\" not in path and path.isascii() else ""


PAGE = Page(
    (
        web.get("/dang-nhap", show_sign_in),
        web.post("/dang-nhap", sign_in),
        web.get("/ma-xac-thuc", show_code),
        web.post("/ma-xac-thuc", take_code),
        web.post("/dang-xuat", sign_out),
    )
)
