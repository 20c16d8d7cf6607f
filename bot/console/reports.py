"""Reports (báo cáo): what became of the cases of a period and a place, in figures and charts.

A chart is a picture of its own, under a policy of its own: it brings its style along, and no more.
"""

import asyncio

from aiohttp import web

from bot.console import report_file_texts as file_words
from bot.console import report_texts as words
from bot.console import report_view as view
from bot.console.acting import actor_of, area_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, Page, Place, allowed, moment, render
from bot.console.queue_view import provinces
from bot.console.report_charts import draw
from bot.console.report_document import document
from bot.console.report_sheets import workbook
from bot.console.report_tables import (
    period_days,
    period_name,
    place_name,
    said_cell,
    table,
    tables,
)
from bot.console.report_wish import BadWish, Wish, read_wish
from bot.doors.http import Refused
from bot.feedback import audit
from bot.feedback.models import Kind
from bot.feedback.reports.figures import Figures
from bot.feedback.reports.follower import behind
from bot.staff.models import StaffRole
from bot.working_time.zone import VIETNAM

READERS = (StaffRole.SUPERVISOR, StaffRole.LEAD, StaffRole.ADMIN)

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@allowed(*READERS)
async def show_reports(request: web.Request) -> web.Response:
    """The report that the address asks for."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    now = console.now()
    today = now.astimezone(VIETNAM).date()
    try:
        wish, bad_field = read_wish(request.query, today), ""
    except BadWish as bad:
        wish, bad_field = read_wish({}, today), words.PAGE[bad.field]
    figures = await console.reports.of(wish, area_of(account), now)
    async with console.sessions() as session:
        unread = await behind(session)
    period = wish.period
    context = {
        "words": words.PAGE,
        "wish": wish,
        "query": wish.query(),
        "bad_field": bad_field,
        "heading": period_name(period),
        "days": period_days(period),
        "until": moment(figures.until),
        "running": figures.until < period.ends_at,
        "unread": unread,
        "tabs": view.tabs(wish, today),
        "before": view.step(wish, period.before()),
        "after": view.step(wish, period.after()) if period.ends_at <= now else None,
        "spans": words.SPANS,
        "provinces": provinces(account),
        "communes": view.communes_of(account, wish),
        "tiles": view.tiles(figures.sums, figures.before),
        "summary": table("summary", figures),
        "charts": list(view.charts(figures)),
        "definitions": words.DEFINITIONS,
        "said": said_cell,
    }
    return render(request, "reports.html", context)


@allowed(*READERS, counts=False)
async def show_chart(request: web.Request) -> web.Response:
    """One chart of the report that the address asks for."""
    name = request.match_info["name"]
    if name not in words.CHARTS:
        raise web.HTTPNotFound
    _, figures = await counted(request)
    drawn = await asyncio.to_thread(draw, name, figures)
    headers = {
        "Content-Security-Policy": _POLICY,
        "Content-Disposition": f'inline; filename="{name}.svg"',
    }
    return web.Response(body=drawn, content_type="image/svg+xml", headers=headers)


@allowed(*READERS)
async def take_file(request: web.Request) -> web.Response:
    """The same report as a file; that it leaves is an event, committed before it does."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    kind = request[FORM].get("file", "")
    if kind not in _MEDIA:
        raise Refused(400, "wrong_shape", "there is no such file")
    wish, figures = await counted(request)
    period, place = view.heading(wish.period), place_name(wish.province, wish.commune)
    note = words.EXPORTED.format(kind=kind, period=period, place=place, count=figures.sums.total)
    async with console.sessions() as session, session.begin():
        by, now = actor_of(account), console.now()
        await audit.record(session, console.vault, Kind.EXPORTED, by, now, note=note)
    heading = [
        file_words.PERIOD.format(period=period),
        file_words.AREA.format(place=place),
        file_words.UNTIL.format(until=moment(figures.until)),
    ]
    if kind == "xlsx":
        top = [file_words.NAME, file_words.SUBJECT, *heading]
        written = await asyncio.to_thread(lambda: workbook(console.agency, top, tables(figures)))
    else:
        written = await asyncio.to_thread(document, console.agency, heading, figures)
    name = f"bao-cao-{wish.period.first.isoformat()}-{wish.period.last.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=written, content_type=_MEDIA[kind], headers=headers)


async def counted(request: web.Request) -> tuple[Wish, Figures]:
    """Return the report that an address asks for; raises Refused."""
    console, now = request.app[CONSOLE], request.app[CONSOLE].now()
    try:
        wish = read_wish(request.query, now.astimezone(VIETNAM).date())
    except BadWish:
        raise Refused(400, "wrong_shape", "the address asks for no report") from None
    return wish, await console.reports.of(wish, area_of(request[ACCOUNT]), now)


PAGE = Page(
    (
        web.get("/reports", show_reports),
        web.post("/reports", take_file),
        web.get("/reports/charts/{name:[a-z]+}.svg", show_chart),
    ),
    Place.REPORTS,
)
