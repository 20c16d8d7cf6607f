"""A list of the queue as a file (CSV): every case that its filter finds, streamed as it is read.

What leaves is what the page shows: first words without personal data, no story, no name, no
number. That it left is an event of the chain, committed before the first byte goes out.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict

from bot.console import queue_texts, texts
from bot.console.acting import actor_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, Console, Page, allowed
from bot.console.placing import communes_by_code, provinces_by_code
from bot.console.queue import STAFF_ONLY, looker_of, queue_page
from bot.console.queue_view import channel_words
from bot.console.table_file import send_table
from bot.feedback import audit
from bot.feedback.errors import BadFilter
from bot.feedback.filters import Filter, read_filter
from bot.feedback.models import Kind
from bot.feedback.queue import Band, Cursor, Listed, Looker, arrived, page
from bot.staff import services as staff
from bot.working_time.zone import VIETNAM

AT_ONCE = 500  # cases read and written together
_PLACES = 20_000  # names of places and offices remembered without what is personal
_RUNNING = {Band.OVERDUE, Band.SOON, Band.NEW, Band.MINE, Band.OTHERS}


@allowed(*STAFF_ONLY)
async def export(request: web.Request) -> web.StreamResponse:
    """Send the list from which the form came, whole."""
    console, form = request.app[CONSOLE], request[FORM]
    back = MultiDict(parse_qsl(form.get("back", "")))
    try:
        wanted = read_filter(back.items())
    except BadFilter:
        return await queue_page(request, back)
    looker = looker_of(request)
    names = await _tell(request, console, looker, wanted)
    bare = lru_cache(_PLACES)(console.desk.strip)  # places and offices come again and again
    pages = (_rows(some, names, bare) async for some in _pages(console, looker, wanted))
    return await send_table(request, "phan-anh", looker.now, queue_texts.COLUMNS, pages)


async def _tell(
    request: web.Request, console: Console, looker: Looker, wanted: Filter
) -> dict[str, str]:
    """Note in the chain who takes which list away; return the full names of the staff."""
    async with console.sessions() as session, session.begin():
        names = {each.name: each.full_name for each in await staff.everybody(session)}
        count = await arrived(session, console.vault, looker, wanted, after_id=0)
        note = queue_texts.EXPORTED.format(rows=count, filter=_without_words(wanted))
        by = actor_of(request[ACCOUNT])
        await audit.record(session, console.vault, Kind.EXPORTED, by, looker.now, note=note)
    return names


def _without_words(wanted: Filter) -> str:
    """Return what the list is filtered by; that words were looked for, not which."""
    told = [(name, "…" if name in ("q", "office") else value) for name, value in wanted.query()]
    return "&".join(f"{name}={value}" for name, value in told)


async def _pages(
    console: Console, looker: Looker, wanted: Filter
) -> AsyncIterator[tuple[Listed, ...]]:
    after: Cursor | None = None
    while True:
        async with console.sessions() as session:
            found = await page(session, console.vault, looker, wanted, after, AT_ONCE)
        yield found.cases
        after = found.next
        if after is None:
            return


def _rows(
    cases: Iterable[Listed], names: Mapping[str, str], bare: Callable[[str], str]
) -> Iterable[list[str]]:
    for case in cases:
        commune = communes_by_code().get(case.commune_code or "")
        province = (
            commune.province if commune else provinces_by_code().get(case.province_code or "")
        )
        yield [
            str(case.id),
            texts.CATEGORIES[case.category],
            texts.STATES[case.state],
            province.name if province else "",
            commune.name if commune else "",
            bare(case.place_words),
            bare(case.office_words),
            channel_words(case.channel),
            _moment(case.received_at),
            _moment(case.rank_at) if case.band in _RUNNING else "",
            queue_texts.BANDS[case.band],
            names.get(case.assignee or "", case.assignee or ""),
            case.excerpt,
        ]


def _moment(at: datetime) -> str:
    """Write an instant in Vietnam so that every program reads it alike: 2026-11-25 14:05."""
    return f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"


PAGE = Page((web.post("/hang-cho/csv", export),))
