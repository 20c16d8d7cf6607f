"""What a page learns without being loaded anew: new cases in its list, others at its case."""

from datetime import timedelta

from aiohttp import web
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.console.acting import area_of
from bot.console.frame import ACCOUNT, CONSOLE, Page, allowed
from bot.console.queue import STAFF_ONLY, looker_of
from bot.doors.http import Refused
from bot.feedback import presence
from bot.feedback.errors import BadFilter
from bot.feedback.filters import LARGEST_NUMBER, read_filter
from bot.feedback.models import Case
from bot.feedback.queue import arrived
from bot.staff import services as staff

STILL_HERE = 15.0  # seconds of silence after which a stream says that it lives
LONGEST = timedelta(minutes=5)  # then the page asks again, and its session is looked at
_CASE = r"/cases/{case_id:[1-9][0-9]{0,17}}"


@allowed(*STAFF_ONLY, counts=False)
async def stream(request: web.Request) -> web.StreamResponse:
    """Tell how many cases came into a list since a page was made, as they come."""
    console = request.app[CONSOLE]
    seen = _number(request.query.get("seen", ""))
    try:
        wanted = read_filter(request.query.items())
    except BadFilter:
        raise Refused(400, "wrong_shape", "the list is none") from None
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    until, known = console.now() + LONGEST, seen
    while console.now() < until:
        newer = await console.arrivals.newer_than(known, STILL_HERE)
        if newer == known:
            await response.write(b": still here\n\n")
            continue
        known = newer
        try:
            async with console.sessions() as session:
                looker = looker_of(request)
                count = await arrived(session, console.vault, looker, wanted, seen)
        except (OperationalError, InterfaceError):
            break  # the page asks again
        if count:
            await response.write(f"event: arrived\ndata: {count}\n\n".encode())
    return response


@allowed(*STAFF_ONLY, counts=False)
async def be_present(request: web.Request) -> web.Response:
    """Note that somebody has a case open; tell who else has."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    case_id = _number(request.match_info["case_id"])
    async with console.sessions() as session, session.begin():
        case = await session.get(Case, case_id)
        if case is None or not area_of(account).covers(case.province_code, case.commune_code):
            raise web.HTTPNotFound
        others = await presence.be_present(session, case_id, account.name, console.now())
        names = {each.name: each.full_name for each in await staff.everybody(session)}
    return web.json_response({"others": [names.get(other, other) for other in others]})


@allowed(*STAFF_ONLY, counts=False)
async def leave(request: web.Request) -> web.Response:
    """Note that somebody has closed a case."""
    case_id = _number(request.match_info["case_id"])
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await presence.leave(session, case_id, request[ACCOUNT].name)
    return web.Response(status=204)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_NUMBER:
        raise Refused(400, "wrong_shape", "the number of a case is missing")
    return int(text)


PAGE = Page(
    (
        web.get("/hang-cho/moi", stream),
        web.post(f"{_CASE}/presence", be_present),
        web.post(f"{_CASE}/left", leave),
    )
)
