"""One overdue dossier: its letter of apology, made and then marked as sent."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import overdue_texts
from bot.console.acting import actor_of, area_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, Page, lead_to, render
from bot.console.office_places import is_seen, place_name
from bot.console.overdue import (
    LIST,
    Wanted,
    address_of,
    apology_words,
    key_in,
    only_handlers,
    today_of,
)
from bot.dossiers import apologies, letter_text, overdue
from bot.dossiers.apologies import Happening, Promise, Tell, proposed_day, read_new_day
from bot.dossiers.errors import ApologisedMeanwhile, BadDay, NotOwed
from bot.dossiers.letter import filled
from bot.dossiers.overdue import Apology, Overdue
from bot.feedback import audit
from bot.feedback.models import Kind
from bot.working_time.calendar import vietnam
from bot.working_time.zone import VIETNAM

LONGEST = 2000  # characters of a field
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Typed:
    """What stands in the form of the letter."""

    to: str = ""
    sender: str = ""
    place: str = ""
    reason: str = ""
    new_day: str = ""


@only_handlers
async def show(request: web.Request) -> web.Response:
    """The dossier, with a letter that waits for its name and reason."""
    async with request.app[CONSOLE].sessions() as session:
        dossier = await _find(session, request)
    return _page(request, dossier, _proposed(request, dossier))


@only_handlers
async def write(request: web.Request) -> web.Response:
    """Make the letter, and send it as a file; a name stands in it, so this is an event."""
    console, typed, today = request.app[CONSOLE], _typed(request), today_of(request)
    async with console.sessions() as session, session.begin():
        dossier = await _find(session, request)
        if not (typed.to and typed.reason):
            return _page(request, dossier, typed, overdue_texts.NO_NAME)
        try:
            new_day = read_new_day(typed.new_day, today, vietnam())
        except BadDay as bad:
            return _page(request, dossier, typed, overdue_texts.FAULTS[bad.fault])
        await apologies.write(session, dossier, new_day, _tell(request, session))
    told = _told(dossier, typed, today, new_day)
    letter = await asyncio.to_thread(filled, console.letter, told)
    name = f'attachment; filename="xin-loi-{dossier.key}.docx"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return web.Response(body=letter, content_type=_DOCX, headers=headers)


@only_handlers
async def mark_sent(request: web.Request) -> web.Response:
    """Record that the letter was sent, with the day that it names."""
    console, typed, today = request.app[CONSOLE], _typed(request), today_of(request)
    problem = ""
    async with console.sessions() as session, session.begin():
        dossier = await _find(session, request)
        try:
            new_day = read_new_day(typed.new_day, today, vietnam())
            promise = Promise(request[ACCOUNT].name, today, new_day)
            tell = _tell(request, session)
            await apologies.apologise(session, dossier.key, promise, _seen(request), tell)
        except BadDay as bad:
            problem = overdue_texts.FAULTS[bad.fault]
        except ApologisedMeanwhile:
            problem = overdue_texts.MEANWHILE
        except NotOwed:
            raise web.HTTPNotFound from None
    if not problem:
        return lead_to(address_of(console.vault, dossier.key), notice="apologised")
    return _page(request, dossier, typed, problem)


async def _find(session: AsyncSession, request: web.Request) -> Overdue:
    """Return the dossier of the address, for whoever looks after its office."""
    dossier = await overdue.find(session, key_in(request), today_of(request))
    if dossier is None or not is_seen(dossier.office, area_of(request[ACCOUNT])):
        raise web.HTTPNotFound
    return dossier


def _typed(request: web.Request) -> Typed:
    form = request[FORM]
    return Typed(**{name: form.get(name, "").strip()[:LONGEST] for name in Typed.__annotations__})


def _proposed(request: web.Request, dossier: Overdue) -> Typed:
    day = proposed_day(today_of(request), vietnam())
    place = place_name(dossier.office).partition(",")[0]
    return Typed(sender=dossier.office, place=place, new_day=day.isoformat())


def _seen(request: web.Request) -> date | None:
    """Return the new day that was on record when the page was opened."""
    try:
        return date.fromisoformat(request[FORM].get("seen", ""))
    except ValueError:
        return None


def _tell(request: web.Request, session: AsyncSession) -> Tell:
    console = request.app[CONSOLE]
    by = actor_of(request[ACCOUNT])

    async def tell(happening: Happening, note: str) -> None:
        kind = Kind(happening.value)
        await audit.record(session, console.vault, kind, by, console.now(), note=note)

    return tell


def _told(dossier: Overdue, typed: Typed, today: date, new_day: date) -> Mapping[str, str]:
    """Return what stands in the letter."""
    received = dossier.received_on
    return {
        "co_quan": typed.sender,
        "dia_danh": typed.place,
        "ngay": letter_text.WRITTEN_DAY.format(on=today),
        "nguoi_nhan": typed.to,
        "ma_ho_so": dossier.code,
        "thu_tuc": dossier.procedure_name,
        "ngay_tiep_nhan": f"{received:%d/%m/%Y}" if received else letter_text.UNKNOWN_DAY,
        "ngay_hen": f"{dossier.owed_on:%d/%m/%Y}",
        "so_ngay_tre": str(vietnam().working_days(dossier.owed_on, today)),
        "ly_do": typed.reason,
        "ngay_hen_lai": f"{new_day:%d/%m/%Y}",
    }


def _page(request: web.Request, dossier: Overdue, typed: Typed, problem: str = "") -> web.Response:
    vault, today = request.app[CONSOLE].vault, today_of(request)
    context = {
        "words": overdue_texts.DOSSIER,
        "dossier": dossier,
        "at": address_of(vault, dossier.key),
        "back": f"{LIST}?{Wanted(dossier.office).query()}",
        "days": vietnam().working_days(dossier.owed_on, today),
        "source_day": dossier.imported_at.astimezone(VIETNAM).date(),
        "apology": apology_words(dossier, today),
        "again": dossier.promised_on is not None and dossier.apology(today) is Apology.NEEDED,
        "typed": typed,
        "problem": problem,
    }
    return render(request, "apology.html", context, status=422 if problem else 200)


PAGE = Page(
    (
        web.get("/ho-so-tre-han/ho-so/{dossier}", show),
        web.post("/ho-so-tre-han/ho-so/{dossier}/thu", write),
        web.post("/ho-so-tre-han/ho-so/{dossier}/da-gui", mark_sent),
    )
)
