"""The audit (nhật ký): who read or changed what; for admins, and for leads within their area."""

from aiohttp import web

from bot.console import account_texts, texts
from bot.console.acting import area_of
from bot.console.areas import names_of
from bot.console.frame import ACCOUNT, CONSOLE, Console, Page, Place, allowed, render
from bot.doors.http import Refused, read_number
from bot.feedback import audit
from bot.feedback.area import EVERYWHERE
from bot.feedback.audit import PAGE as ROWS
from bot.feedback.audit import Sought
from bot.feedback.models import CaseEvent, Kind
from bot.places.units import units
from bot.staff.models import LONGEST_NAME, StaffRole


@allowed(StaffRole.ADMIN, StaffRole.LEAD)
async def show_audit(request: web.Request) -> web.Response:
    """Events, the newest first; `?account=` and `?case=` filter, `?before=` pages."""
    console, query = request.app[CONSOLE], request.query
    account = query.get("account", "").strip().lower()[:LONGEST_NAME]
    case_id, before = _number(query.get("case")), _number(query.get("before"))
    everywhere = request[ACCOUNT].role is StaffRole.ADMIN
    area = EVERYWHERE if everywhere else area_of(request[ACCOUNT])
    async with console.sessions() as session:
        found = await audit.events(session, Sought(account, case_id, area), before=before)
    context = {
        "words": account_texts.AUDIT,
        "rows": [(event, _what(event), _details(console, event)) for event in found],
        "account_sought": account,
        "case_sought": case_id or "",
        "older": found[-1].number if len(found) == ROWS else None,
        "before": before,
    }
    return render(request, "audit.html", context)


def _number(typed: str | None) -> int | None:
    """Read a number from the address; one that is mangled by hand filters nothing."""
    try:
        return read_number(typed, "number")
    except Refused:
        return None


def _what(event: CaseEvent) -> str:
    """Say what happened."""
    word: str = event.move.value if event.move else event.kind.value
    return account_texts.EVENTS.get(word, word)


def _details(console: Console, event: CaseEvent) -> str:
    """Say what an event of the house tells beside: rights in words, else its note as it is."""
    note = audit.note_of(console.vault, event)
    if event.kind is Kind.TEMPLATE_SAVED:
        return note.partition("\n")[0]
    if event.kind not in (Kind.ACCOUNT_ADDED, Kind.ACCOUNT_CHANGED):
        return note
    role, _, codes = note.partition(" ")
    if codes == "*":
        places = [account_texts.OWN_ACCOUNT["everywhere"]]
    else:
        places = names_of(units(), frozenset(codes.split(",")))
    return "; ".join([texts.ROLES[StaffRole(role)], *places])


PAGE = Page((web.get("/nhat-ky", show_audit),), Place.AUDIT)
