"""The way in and out: the sign-in page, the first password of one's own, the sign-out."""

from aiohttp import web

from bot.console import texts
from bot.console.frame import (
    ACCOUNT,
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
from bot.staff import services, sessions
from bot.staff.errors import SignInRefused, WeakPassword


@open_to_all
async def show_sign_in(request: web.Request) -> web.Response:
    """The form for name and password; `?back=` is where it leads afterwards."""
    return _sign_in_page(request, request.query.get("back", ""))


@open_to_all
async def sign_in(request: web.Request) -> web.Response:
    """Let somebody in under a new secret, so that one planted before is worth nothing."""
    console, form = request.app[CONSOLE], request[FORM]
    name, back = form.get("name", ""), form.get("back", "")
    try:
        async with console.sessions() as session, session.begin():
            _, token = await services.sign_in(
                session, console.passwords, name, form.get("password", ""), console.now()
            )
            await sessions.end(session, request[TOKEN])
    except SignInRefused:
        return _sign_in_page(request, back, name=name, problem="wrong", status=403)
    answer = lead_to(own_path(back) or HOME)
    keep(request, answer, token)
    return answer


def _sign_in_page(
    request: web.Request, back: str, *, name: str = "", problem: str = "", status: int = 200
) -> web.Response:
    words = texts.SIGN_IN
    context = {
        "words": words,
        "back": back,
        "name": name,
        "problem": words["problems"][problem] if problem else "",
    }
    page = render(request, "sign_in.html", context, status=status)
    if token_of(request) is None:
        keep(request, page, request[TOKEN])  # the form's token is bound to it
    return page


def own_path(path: str) -> str:
    """Return a path of the console as it is, and nothing for an address of anybody else."""
    inside = path == HOME or path.startswith((f"{HOME}/", f"{HOME}?"))
    return path if inside and path.isprintable() and "\\" not in path and path.isascii() else ""


@allowed(while_changing=True)
async def sign_out(request: web.Request) -> web.Response:
    """End this session."""
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await sessions.end(session, request[TOKEN])
    answer = lead_to(SIGN_IN, notice="signed_out")
    answer.del_cookie(COOKIE, path=HOME)
    return answer


@allowed(while_changing=True)
async def show_change(request: web.Request) -> web.Response:
    """The form for a new password; after the first sign-in there is no way around it."""
    return _change_page(request)


@allowed(while_changing=True)
async def change_password(request: web.Request) -> web.Response:
    """Replace the password; every session ends, and this browser gets a new one."""
    console, form = request.app[CONSOLE], request[FORM]
    new = form.get("new", "")
    if new != form.get("again", ""):
        return _change_page(request, problem="differ")
    try:
        async with console.sessions() as session, session.begin():
            account = await services.find(session, request[ACCOUNT].name)
            await services.change_password(
                session, console.passwords, account, form.get("old", ""), new
            )
            token = await sessions.begin(session, account, console.now())
    except SignInRefused:
        return _change_page(request, problem="old")
    except WeakPassword as weak:
        return _change_page(request, problem=weak.weakness.name.lower())
    answer = lead_to(HOME, notice="password_changed")
    keep(request, answer, token)
    return answer


def _change_page(request: web.Request, *, problem: str = "") -> web.Response:
    words = texts.PASSWORD
    context = {"words": words, "problem": words["problems"][problem] if problem else ""}
    return render(request, "password.html", context, status=422 if problem else 200)


PAGE = Page(
    (
        web.get("/dang-nhap", show_sign_in),
        web.post("/dang-nhap", sign_in),
        web.post("/dang-xuat", sign_out),
        web.get("/doi-mat-khau", show_change),
        web.post("/doi-mat-khau", change_password),
    )
)
