"""One's own account: the password, the second factor, the sessions in other browsers."""

from aiohttp import web

from bot.console import account_texts, texts
from bot.console.acting import actor_of, teller
from bot.console.areas import names_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, TOKEN, Page, allowed, lead_to, render
from bot.console.guard import CHANGE_PASSWORD, keep
from bot.places.units import units
from bot.staff import factor, services, sessions
from bot.staff.errors import SignInRefused, WeakPassword

ACCOUNT_PAGE = f"{HOME}/tai-khoan"


# -- the password -------------------------------------------------------------------------------


@allowed(while_changing=True)
async def show_change(request: web.Request) -> web.Response:
    """The form for a new password; after the first sign-in there is no way around it."""
    return _change_page(request)


@allowed(while_changing=True)
async def change_password(request: web.Request) -> web.Response:
    """Replace the password; every session ends, and this browser gets a new one."""
    console, form, name = request.app[CONSOLE], request[FORM], request[ACCOUNT].name
    old, new = form.get("old", ""), form.get("new", "")
    if new != form.get("again", ""):
        return _change_page(request, problem="differ")
    now = console.now()
    try:
        async with console.sessions() as session, session.begin():
            tell = teller(session, console.vault, actor_of(request[ACCOUNT]), now)
            account = await services.change_password(session, console.staff, name, old, new, tell)
            token = await sessions.begin(session, account, now)
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


# -- everything else ----------------------------------------------------------------------------


@allowed()
async def show_account(request: web.Request) -> web.Response:
    """Who I am here, what I may do, and how I prove it."""
    return await _account_page(request)


async def _account_page(request: web.Request, *, problem: str = "") -> web.Response:
    console, account = request.app[CONSOLE], request[ACCOUNT]
    async with console.sessions() as session:
        others = len(await sessions.of(session, account.name)) - 1
    context = {
        "words": account_texts.OWN_ACCOUNT,
        "places": names_of(units(), account.places),
        "others": others,
        "secret": services.pending_secret(console.staff, account),
        "problem": account_texts.OWN_ACCOUNT["problems"][problem] if problem else "",
    }
    return render(request, "own_account.html", context, status=422 if problem else 200)


@allowed()
async def prepare_factor(request: web.Request) -> web.Response:
    """Make the secret that the app is to scan."""
    console, form = request.app[CONSOLE], request[FORM]
    try:
        async with console.sessions() as session, session.begin():
            await services.prepare_factor(
                session, console.staff, request[ACCOUNT].name, form.get("password", "")
            )
    except SignInRefused:
        return await _account_page(request, problem="password")
    return lead_to(ACCOUNT_PAGE)


@allowed()
async def show_qr_code(request: web.Request) -> web.Response:
    """The secret that waits for its first code, as the app scans it."""
    secret = services.pending_secret(request.app[CONSOLE].staff, request[ACCOUNT])
    if secret is None:
        raise web.HTTPNotFound
    drawn = factor.qr_code(secret, request[ACCOUNT].name)
    return web.Response(body=drawn, content_type="image/svg+xml")


@allowed()
async def confirm_factor(request: web.Request) -> web.Response:
    """Take the first code; from now on one is asked for, and sessions without one end."""
    console, form, name = request.app[CONSOLE], request[FORM], request[ACCOUNT].name
    now = console.now()
    try:
        async with console.sessions() as session, session.begin():
            tell = teller(session, console.vault, actor_of(request[ACCOUNT]), now)
            await services.confirm_factor(
                session, console.staff, name, form.get("code", ""), now, tell
            )
            await sessions.end_all(session, name, but=request[TOKEN])
    except SignInRefused:
        return await _account_page(request, problem="code")
    return lead_to(ACCOUNT_PAGE, notice="factor_added")


@allowed()
async def remove_factor(request: web.Request) -> web.Response:
    """Ask for no code any more, at the wish of whoever knows the password."""
    console, form = request.app[CONSOLE], request[FORM]
    try:
        async with console.sessions() as session, session.begin():
            account = await services.find(session, request[ACCOUNT].name)
            await services.check_password(console.staff, account, form.get("password", ""))
            tell = teller(session, console.vault, actor_of(account), console.now())
            await services.remove_factor(session, account.name, tell)
    except SignInRefused:
        return await _account_page(request, problem="password")
    return lead_to(ACCOUNT_PAGE, notice="factor_removed")


@allowed()
async def end_others(request: web.Request) -> web.Response:
    """End the sessions in all other browsers."""
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await sessions.end_all(session, request[ACCOUNT].name, but=request[TOKEN])
    return lead_to(ACCOUNT_PAGE, notice="others_ended")


PAGE = Page(
    (
        web.get("/tai-khoan", show_account),
        web.get(CHANGE_PASSWORD.removeprefix(HOME), show_change),
        web.post(CHANGE_PASSWORD.removeprefix(HOME), change_password),
        web.post("/tai-khoan/hai-lop", prepare_factor),
        web.get("/tai-khoan/hai-lop/ma.svg", show_qr_code),
        web.post("/tai-khoan/hai-lop/xac-nhan", confirm_factor),
        web.post("/tai-khoan/hai-lop/tat", remove_factor),
        web.post("/tai-khoan/phien-khac", end_others),
    )
)
