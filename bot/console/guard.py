"""Who is let through to a page: the session, the form's token, the role. All in one place."""

import hmac
import logging
import re
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import MultiDict
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import texts
from bot.console.acting import HANDLE_CASES, area_of
from bot.console.frame import (
    ACCOUNT,
    CONSOLE,
    FORM,
    HOME,
    TOKEN,
    TOKEN_FIELD,
    TOKEN_HEADER,
    WAITING,
    Access,
    Console,
    Waiting,
    access_to,
    render,
)
from bot.doors.guard import refuse_other_sites
from bot.doors.http import Refused, read_body, refusal, storage_down
from bot.feedback.notes import count_unread_mentions
from bot.feedback.queue import Looker
from bot.staff import sessions
from bot.staff.models import Account

logger = logging.getLogger(__name__)

COOKIE = "danhoi_console"
SIGN_IN = f"{HOME}/dang-nhap"
CHANGE_PASSWORD = f"{HOME}/doi-mat-khau"
FORM_BYTES = 256 * 1024
FORM_FIELDS = 1000  # a bulk action on a whole page of the queue

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
# Fields that a refusal does not show again: a sentence makes a good password.
_SECRETS = frozenset({"password", "old", "new", "again", "code", TOKEN_FIELD})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through to its handler, with its account and the form that it brings."""
    access = access_to(request.match_info.handler)
    if request.match_info.http_exception is not None:
        access = Access(to_all=True)  # nothing is there: that may be said to anybody
    request[TOKEN] = token_of(request) or sessions.new_token()
    posted = request.method not in _READS
    if posted:
        await _read_posted(request)
    if not access.to_all:
        await _sign_in_first(request, access)
    if posted:
        _check_token(request)
    return await handler(request)


async def _sign_in_first(request: web.Request, access: Access) -> None:
    console = request.app[CONSOLE]
    async with console.sessions() as session, session.begin():
        now = console.now()
        found = await sessions.find(session, request[TOKEN], now, console.lifetime)
        if found is None or found[1].awaits_code:
            raise _to_sign_in(request)
        account, seen = found
        if access.counts:
            await sessions.see(session, seen, now)
            if account.role in HANDLE_CASES:
                request[WAITING] = await _waiting_for(session, console, account, now)
    request[ACCOUNT] = account
    if account.must_change and not access.while_changing:
        raise web.HTTPSeeOther(CHANGE_PASSWORD)
    if account.role not in access.roles:
        raise Refused(403, "not_yours", "your role may not do this")


async def _waiting_for(
    session: AsyncSession, console: Console, account: Account, now: datetime
) -> Waiting:
    """Count what waits for somebody: by one look into an index, and what the queue counted last."""
    counted = await console.tally.of(session, Looker(account.name, area_of(account), now))
    return Waiting(counted.mine, await count_unread_mentions(session, account.name))


def _to_sign_in(request: web.Request) -> Exception:
    if wants_json(request):
        return Refused(401, "signed_out", "sign in first")
    if request.method not in _READS:
        return Refused(401, "signed_out", "sign in first; nothing was changed")
    back = "" if request.path.rstrip("/") == HOME else request.path_qs
    return web.HTTPSeeOther(f"{SIGN_IN}?{urlencode({'back': back})}" if back else SIGN_IN)


async def _read_posted(request: web.Request) -> None:
    """Read a form from our own site; whatever is then refused, its words are not lost."""
    refuse_other_sites(request, request.app[CONSOLE].public_origin)
    if request.content_type == "application/x-www-form-urlencoded":
        request[FORM] = _read_form(await read_body(request, FORM_BYTES))


def _check_token(request: web.Request) -> None:
    """Check that the post comes from a page of this session. Raises Refused."""
    shown = request.headers.get(TOKEN_HEADER)
    if FORM in request:
        shown = shown or request[FORM].get(TOKEN_FIELD)
    expected = sessions.form_token(request[TOKEN]).encode()
    if not hmac.compare_digest((shown or "").encode("utf-8", "replace"), expected):
        raise Refused(403, "old_form", "the form's token is not of this session")


def _read_form(body: bytes) -> MultiDict[str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=FORM_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise Refused(400, "wrong_shape", "the body is not a form") from None
    return MultiDict((name, value.replace("\0", "")) for name, value in pairs)


# -- the cookie -------------------------------------------------------------------------------


def token_of(request: web.Request) -> str | None:
    """Return the secret of the browser's cookie; None when it has none that can be one."""
    secret = request.cookies.get(COOKIE, "")
    return secret if _SECRET.fullmatch(secret) else None


def keep(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Have the browser keep a secret until it is closed, for the console only."""
    response.set_cookie(
        COOKIE,
        token,
        path=HOME,
        httponly=True,
        # Not Strict: a notification's link must find whoever is signed in. No GET changes anything.
        samesite="Lax",
        secure=request.app[CONSOLE].is_https(request),
    )


# -- refusals ---------------------------------------------------------------------------------


def wants_json(request: web.Request) -> bool:
    """Tell whether a script asks, rather than somebody who reads the answer."""
    return TOKEN_HEADER in request.headers or "text/html" not in request.headers.get(
        "Accept", "text/html"
    )


@web.middleware
async def say_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say every refusal on a page in Vietnamese, to a script in JSON."""
    try:
        return await handler(request)
    except (OperationalError, InterfaceError) as error:
        logger.error("%s: no database: %s", request.path, type(error.orig).__name__)
        return _said(request, storage_down())
    except Exception as error:
        return _said(request, refusal(request, error))


def _said(request: web.Request, refused: Refused) -> web.Response:
    if wants_json(request):
        return refused.response()
    words = texts.REFUSALS.get(refused.error) or texts.REFUSALS["other"]
    context = {"refusal": words, "written": _written(request)}
    page = render(request, "refusal.html", context, status=refused.status)
    page.headers.update(refused.headers)
    return page


def _written(request: web.Request) -> list[str]:
    """Return the sentences of a refused form: nobody should have to think of them again."""
    form = request.get(FORM, MultiDict[str]())
    return [text for name, text in form.items() if name not in _SECRETS and " " in text.strip()]
