"""The users (người dùng): who may sign in, as what and for which places. For admins."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import account_texts, texts
from bot.console.acting import actor_of, teller
from bot.console.areas import names_of, read_places
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, Page, Place, allowed, lead_to, render
from bot.doors.http import Refused
from bot.places.units import units
from bot.staff import services
from bot.staff.errors import BadAccount, NameTaken, NoSuchAccount
from bot.staff.happening import Tell
from bot.staff.models import Account, StaffRole
from bot.staff.services import Rights

USERS = f"{HOME}/nguoi-dung"
only_admins = allowed(StaffRole.ADMIN)


@dataclass(frozen=True)
class Filled:
    """What stands in the form of an account."""

    name: str = ""
    full_name: str = ""
    role: str = StaffRole.SUPERVISOR.value
    everywhere: bool = False
    places: str = ""


@only_admins
async def show_users(request: web.Request) -> web.Response:
    """Everybody, those who may sign in first."""
    console = request.app[CONSOLE]
    async with console.sessions() as session:
        accounts = await services.everybody(session)
    rows = [(each, names_of(units(), each.places)) for each in accounts]
    return render(
        request, "users.html", {"words": account_texts.USERS, "rows": rows, "roles": texts.ROLES}
    )


@only_admins
async def show_new(request: web.Request) -> web.Response:
    """The form for a new account."""
    return _form_page(request, Filled())


@only_admins
async def add(request: web.Request) -> web.Response:
    """Make an account and show its one-time password, this once."""
    console, filled = request.app[CONSOLE], _filled(request)
    try:
        rights = _rights(request, filled)
        async with console.sessions() as session, session.begin():
            account, password = await services.add(
                session,
                console.staff,
                filled.name,
                filled.full_name,
                rights,
                console.now(),
                _tell(request, session),
            )
    except BadPlaces as bad:
        return _form_page(request, filled, problem=str(bad))
    except BadAccount:
        return _form_page(request, filled, problem=account_texts.USERS["problems"]["bad"])
    except NameTaken:
        return _form_page(request, filled, problem=account_texts.USERS["problems"]["taken"])
    return _password_page(request, account.name, password)


@only_admins
async def show_user(request: web.Request) -> web.Response:
    """One account: its rights, and what an admin can do for it."""
    account = await _find(request)
    return _form_page(request, _as_filled(request, account), account)


@only_admins
async def change(request: web.Request) -> web.Response:
    """Give an account other rights."""
    account, filled = await _find(request), _filled(request)
    try:
        rights = _rights(request, filled)
        if account.name == request[ACCOUNT].name and rights.role is not account.role:
            return _form_page(
                request, filled, account, problem=account_texts.USERS["problems"]["own"]
            )
        async with request.app[CONSOLE].sessions() as session, session.begin():
            await services.change_rights(
                session, account.name, filled.full_name, rights, _tell(request, session)
            )
    except BadPlaces as bad:
        return _form_page(request, filled, account, problem=str(bad))
    except BadAccount:
        problem = account_texts.USERS["problems"]["bad"]
        return _form_page(request, filled, account, problem=problem)
    return lead_to(f"{USERS}/tai-khoan/{account.name}", notice="user_changed")


@only_admins
async def reset_password(request: web.Request) -> web.Response:
    """Give an account a one-time password and show it, this once."""
    console, account = request.app[CONSOLE], await _find(request)
    async with console.sessions() as session, session.begin():
        password = await services.reset_password(
            session, console.staff, account.name, _tell(request, session)
        )
    return _password_page(request, account.name, password)


async def _do(
    request: web.Request,
    notice: str,
    service: Callable[[AsyncSession, str, Tell], Awaitable[None]],
) -> web.Response:
    """Do something to another account than one's own, so that an admin always remains."""
    account = await _find(request)
    if account.name == request[ACCOUNT].name:
        raise Refused(403, "own_account", "another admin has to do that")
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await service(session, account.name, _tell(request, session))
    return lead_to(f"{USERS}/tai-khoan/{account.name}", notice=notice)


@only_admins
async def remove_factor(request: web.Request) -> web.Response:
    """Let somebody in without the second factor, who has lost it."""
    return await _do(request, "factor_removed", services.remove_factor)


@only_admins
async def disable(request: web.Request) -> web.Response:
    """Let somebody in no more."""
    now = request.app[CONSOLE].now()

    async def service(session: AsyncSession, name: str, tell: Tell) -> None:
        await services.disable(session, name, now, tell)

    return await _do(request, "user_disabled", service)


@only_admins
async def enable(request: web.Request) -> web.Response:
    """Let somebody in again."""
    return await _do(request, "user_enabled", services.enable)


# -- reading and showing ------------------------------------------------------------------------


class BadPlaces(Exception):
    """Lines that name no place, or several; the message is Vietnamese and for the page."""


def _filled(request: web.Request) -> Filled:
    form = request[FORM]
    return Filled(
        name=form.get("name", "").strip().lower(),
        full_name=form.get("full_name", ""),
        role=form.get("role", ""),
        everywhere=form.get("area") == "everywhere",
        places=form.get("places", ""),
    )


def _rights(request: web.Request, filled: Filled) -> Rights:
    """Read the rights; raises BadPlaces, BadAccount."""
    try:
        role = StaffRole(filled.role)
    except ValueError:
        raise BadAccount("there is no such role") from None
    if filled.everywhere:
        return Rights(role, everywhere=True)
    read = read_places(units(), filled.places)
    problems = account_texts.USERS["problems"]
    said = [problems["unknown"].format(lines="; ".join(read.unknown))] if read.unknown else []
    if read.ambiguous:
        said.append(problems["ambiguous"].format(lines="; ".join(read.ambiguous)))
    if said:
        raise BadPlaces(" ".join(said))
    return Rights(role, provinces=read.provinces, communes=read.communes)


def _as_filled(request: web.Request, account: Account) -> Filled:
    places = "\n".join(names_of(units(), account.places))
    return Filled(account.name, account.full_name, account.role.value, account.everywhere, places)


async def _find(request: web.Request) -> Account:
    async with request.app[CONSOLE].sessions() as session:
        try:
            return await services.find(session, request.match_info["name"])
        except NoSuchAccount:
            raise web.HTTPNotFound from None


def _tell(request: web.Request, session: AsyncSession) -> Tell:
    console = request.app[CONSOLE]
    return teller(session, console.vault, actor_of(request[ACCOUNT]), console.now())


def _form_page(
    request: web.Request, filled: Filled, user: Account | None = None, *, problem: str = ""
) -> web.Response:
    context = {
        "words": account_texts.USERS,
        "roles": [(role.value, texts.ROLES[role]) for role in StaffRole],
        "filled": filled,
        "user": user,
        "own": user is not None and user.name == request[ACCOUNT].name,
        "problem": problem,
    }
    return render(request, "user.html", context, status=422 if problem else 200)


def _password_page(request: web.Request, name: str, password: str) -> web.Response:
    """Show a one-time password in the answer itself: it is kept nowhere to lead to."""
    context = {"words": account_texts.USERS, "name": name, "password": password}
    return render(request, "one_time_password.html", context)


PAGE = Page(
    (
        web.get("/nguoi-dung", show_users),
        web.get("/nguoi-dung/them", show_new),
        web.post("/nguoi-dung/them", add),
        web.get("/nguoi-dung/tai-khoan/{name}", show_user),
        web.post("/nguoi-dung/tai-khoan/{name}", change),
        web.post("/nguoi-dung/tai-khoan/{name}/mat-khau", reset_password),
        web.post("/nguoi-dung/tai-khoan/{name}/hai-lop", remove_factor),
        web.post("/nguoi-dung/tai-khoan/{name}/khoa", disable),
        web.post("/nguoi-dung/tai-khoan/{name}/mo", enable),
    ),
    Place.USERS,
)
