"""Overdue dossiers (hồ sơ trễ hạn): which offices let how many wait, and which dossiers these are.

A list shows codes, procedures, offices and days; nothing here names an applicant. A dossier's
address carries its key sealed: what is in an address is in logs and histories.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web
from multidict import MultiDict, MultiMapping
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import overdue_texts
from bot.console.acting import actor_of, area_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, Console, Page, Place, allowed, render
from bot.console.office_places import is_seen, place_name
from bot.console.table_file import send_table
from bot.dossiers import overdue
from bot.dossiers.overdue import Apology, OfOffice, Overdue, Sought
from bot.feedback import audit
from bot.feedback.models import Kind
from bot.staff.models import StaffRole
from bot.storage.vault import CannotOpen, Vault
from bot.vietnamese import fold
from bot.working_time.calendar import vietnam
from bot.working_time.zone import VIETNAM

OVERDUE = f"{HOME}/ho-so-tre-han"
LIST = f"{OVERDUE}/danh-sach"
MOST_OFFICES = 200  # on the page
AT_ONCE = 500  # dossiers read and written together
only_handlers = allowed(StaffRole.SUPERVISOR, StaffRole.LEAD)


@dataclass(frozen=True)
class Wanted:
    """What the address of the list asks for; no office: of all. One may have an empty name."""

    office: str | None = None
    late: int = overdue_texts.LATE[0]
    apology: Apology | None = Apology.NEEDED

    def query(self, **more: str) -> str:
        """Write it as an address does."""
        pairs = [] if self.office is None else [("office", self.office)]
        pairs += [("late", str(self.late)), ("apology", self.apology.value if self.apology else "")]
        return urlencode([*pairs, *more.items()])


def read_wanted(query: MultiMapping[str]) -> Wanted:
    """Read an address; one that is mangled by hand filters as if nothing had been said."""
    late = query.get("late", "")
    named = query.get("apology", Apology.NEEDED.value)
    return Wanted(
        office=query.get("office"),
        late=int(late) if late in map(str, overdue_texts.LATE) else overdue_texts.LATE[0],
        apology=next((each for each in Apology if each.value == named), None),
    )


@only_handlers
async def show_offices(request: web.Request) -> web.Response:
    """The offices that let dossiers wait, as far as somebody looks after them."""
    today = today_of(request)
    async with request.app[CONSOLE].sessions() as session:
        found = await _offices(session, request, today)
    sought = request.query.get("q", "").strip()
    named = [each for each in found if fold(sought) in fold(each.office)]
    context = {
        "words": overdue_texts.OFFICES,
        "list_words": overdue_texts.LIST,
        "rows": [_office_row(each, today) for each in named[:MOST_OFFICES]],
        "more": max(0, len(named) - MOST_OFFICES),
        "sought": sought,
        "all": f"{LIST}?{Wanted().query()}",
    }
    return render(request, "overdue_offices.html", context)


@only_handlers
async def show_list(request: web.Request) -> web.Response:
    """The dossiers that the address asks for, the longest overdue first."""
    console, wanted, today = request.app[CONSOLE], read_wanted(request.query), today_of(request)
    after = _read_place(console.vault, request.query.get("after", ""))
    async with console.sessions() as session:
        sought = await _sought(session, request, wanted, today)
        found, following = await overdue.page(session, sought, today, after)
        count = await overdue.count(session, sought, today)
    next_page = ""
    if following is not None:
        place = _sealed(console.vault, f"{following[0].isoformat()} {following[1]}")
        next_page = f"{LIST}?{wanted.query(after=place)}"
    context = {
        "words": overdue_texts.LIST,
        "offices": overdue_texts.OFFICES,
        "wanted": wanted,
        "rows": [_row(console.vault, each, today) for each in found],
        "count": count,
        "next": next_page,
        "first": f"{LIST}?{wanted.query()}" if after else "",
        "query": wanted.query(),
        "apologies": overdue_texts.APOLOGIES,
        "late_choices": overdue_texts.LATE,
    }
    return render(request, "overdue.html", context)


@only_handlers
async def export(request: web.Request) -> web.StreamResponse:
    """Send the list from which the form came, whole; that it left is an event of the chain."""
    console, today = request.app[CONSOLE], today_of(request)
    wanted = read_wanted(MultiDict(parse_qsl(request[FORM].get("query", ""), True)))
    account, now = request[ACCOUNT], console.now()
    async with console.sessions() as session, session.begin():
        sought = await _sought(session, request, wanted, today)
        rows = await overdue.count(session, sought, today)
        note = overdue_texts.EXPORTED.format(rows=rows, offices=_of_which(wanted, sought))
        by = actor_of(account)
        await audit.record(session, console.vault, Kind.EXPORTED, by, now, note=note)
    pages = (
        [_cells(each, today) for each in some] async for some in _pages(console, sought, today)
    )
    return await send_table(request, "ho-so-tre-han", now, overdue_texts.COLUMNS, pages)


async def _pages(console: Console, sought: Sought, today: date) -> AsyncIterator[Sequence[Overdue]]:
    after: overdue.Place | None = None
    while True:
        async with console.sessions() as session:
            found, after = await overdue.page(session, sought, today, after, AT_ONCE)
        yield found
        if after is None:
            return


def today_of(request: web.Request) -> date:
    """Return the day in Vietnam."""
    return request.app[CONSOLE].now().astimezone(VIETNAM).date()


def key_in(request: web.Request) -> str:
    """Open the key of the dossier that an address is about. Raises HTTPNotFound."""
    key = _opened(request.app[CONSOLE].vault, request.match_info["dossier"])
    if key is None:
        raise web.HTTPNotFound
    return key


def address_of(vault: Vault, key: str) -> str:
    """Return the address of a dossier's page; it tells nobody which dossier it is."""
    return f"{OVERDUE}/ho-so/{_sealed(vault, key)}"


async def _offices(session: AsyncSession, request: web.Request, today: date) -> Sequence[OfOffice]:
    area = area_of(request[ACCOUNT])
    found = await overdue.by_office(session, today)
    return found if area.everywhere else [each for each in found if is_seen(each.office, area)]


async def _sought(
    session: AsyncSession, request: web.Request, wanted: Wanted, today: date
) -> Sought:
    """Return what an address asks for, within what somebody looks after."""
    area = area_of(request[ACCOUNT])
    offices: Iterable[str] | None = None if wanted.office is None else [wanted.office]
    if not area.everywhere:
        if offices is None:
            offices = [each.office for each in await overdue.by_office(session, today)]
        offices = [office for office in offices if is_seen(office, area)]
    return Sought(None if offices is None else tuple(offices), wanted.late, wanted.apology)


def _of_which(wanted: Wanted, sought: Sought) -> str:
    if wanted.office is not None:
        return wanted.office
    every = overdue_texts.EXPORTED_ALL
    return every if sought.offices is None else overdue_texts.EXPORTED_AREA


def _office_row(each: OfOffice, today: date) -> dict[str, Any]:
    return {
        "office": each,
        "place": place_name(each.office),
        "days": vietnam().working_days(each.oldest, today),
        "address": f"{LIST}?{Wanted(each.office).query()}",
    }


def _row(vault: Vault, each: Overdue, today: date) -> dict[str, Any]:
    return {
        "dossier": each,
        "address": address_of(vault, each.key),
        "days": vietnam().working_days(each.owed_on, today),
        "apology": apology_words(each, today),
        "needed": each.apology(today) is Apology.NEEDED,
    }


def apology_words(each: Overdue, today: date) -> str:
    """Say where the apology for a dossier stands."""
    if each.promised_on is None or each.apologised_on is None:
        return str(overdue_texts.LIST["needed"])
    words = overdue_texts.LIST["sent" if each.promised_on >= today else "again"]
    return str(words).format(
        on=f"{each.apologised_on:%d/%m/%Y}", new=f"{each.promised_on:%d/%m/%Y}"
    )


def _cells(each: Overdue, today: date) -> list[str]:
    days = (each.received_on, each.owed_on)
    apology = (each.apologised_on, each.promised_on, each.imported_at.astimezone(VIETNAM).date())
    return [
        *(each.code, each.procedure_code, each.procedure_name, each.office),
        *(day.isoformat() if day else "" for day in days),
        str(vietnam().working_days(each.owed_on, today)),
        each.status_words,
        *(day.isoformat() if day else "" for day in apology),
    ]


def _sealed(vault: Vault, text: str) -> str:
    return urlsafe_b64encode(vault.seal(text.encode())).decode().rstrip("=")


def _opened(vault: Vault, sealed: str) -> str | None:
    try:
        padded = sealed + "=" * (-len(sealed) % 4)
        return vault.open(urlsafe_b64decode(padded.encode("ascii"))).decode()
    except (CannotOpen, ValueError):
        return None


def _read_place(vault: Vault, sealed: str) -> overdue.Place | None:
    opened = _opened(vault, sealed) if sealed else None
    if opened is None:
        return None
    day, _, key = opened.partition(" ")
    try:
        return date.fromisoformat(day), key
    except ValueError:
        return None


PAGE = Page(
    (
        web.get("/ho-so-tre-han", show_offices),
        web.get("/ho-so-tre-han/danh-sach", show_list),
        web.post("/ho-so-tre-han/csv", export),
    ),
    Place.DOSSIERS,
)
