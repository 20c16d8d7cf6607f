"""The queue (hàng chờ): what needs me now on top; filtered, searched, done in bulk, and live."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from bot.console import queue_texts, texts
from bot.console.acting import area_of
from bot.console.arrivals import newest
from bot.console.frame import ACCOUNT, CONSOLE, HOME, Page, Place, allowed, render
from bot.console.queue_view import address, channel_words, chips, communes, provinces, rows, tabs
from bot.feedback.bulk import Outcome
from bot.feedback.category import Category
from bot.feedback.errors import BadFilter, FeedbackError, IllegalMove, NoSuchCase, UnknownAccount
from bot.feedback.filters import Due, Filter, Scope, read_filter
from bot.feedback.queue import Cursor, Looker, page
from bot.feedback.states import State
from bot.feedback.views import views_of
from bot.staff import services as staff
from bot.staff.models import Account, StaffRole

QUEUE = f"{HOME}/hang-cho"
STAFF_ONLY = (StaffRole.SUPERVISOR, StaffRole.LEAD)
_WORDS = queue_texts.QUEUE


@allowed(*STAFF_ONLY)
async def show_queue(request: web.Request) -> web.Response:
    """The list that the address asks for."""
    return await queue_page(request, request.query)


def looker_of(request: web.Request) -> Looker:
    account = request[ACCOUNT]
    return Looker(account.name, area_of(account), request.app[CONSOLE].now())


def _read(query: MultiMapping[str]) -> tuple[Filter, Cursor | None, str]:
    """Return list and place in it; the third names a field that could not be read."""
    try:
        wanted = read_filter(query.items())
        after = query.get("after", "")
        return wanted, Cursor.read(after) if after else None, ""
    except BadFilter as bad:
        return Filter(), None, bad.field


async def queue_page(
    request: web.Request,
    query: MultiMapping[str],
    *,
    outcomes: Sequence[Outcome] = (),
    problem: str = "",
) -> web.Response:
    """Show a list; with what became of the cases with which something was to be done."""
    console, account, looker = request.app[CONSOLE], request[ACCOUNT], looker_of(request)
    wanted, after, bad_field = _read(query)
    async with console.sessions() as session:
        seen = await newest(session)
        found = await page(session, console.vault, looker, wanted, after)
        counts = await console.tally.of(session, looker)
        saved = await views_of(session, account.name)
        everybody = await staff.everybody(session)
    names = {each.name: each.full_name for each in everybody}
    failed = [(each.case_id, in_words(each.problem)) for each in outcomes if each.problem]
    following = address(QUEUE, wanted, after=str(found.next)) if found.next else ""
    context = {
        "words": _WORDS,
        "at": QUEUE,
        "here": address(QUEUE, wanted),
        "query": urlencode(wanted.query()),
        "wanted": wanted,
        "rows": rows(found.cases, names, console.desk.deadlines, looker.now),
        "ignored": found.ignored,
        "next": following,
        "first": address(QUEUE, wanted) if after else "",
        "tabs": tabs(wanted, counts, saved, QUEUE),
        "chips": chips(wanted, names, QUEUE),
        "everywhere": address(QUEUE, _everywhere(wanted)) if _everywhere(wanted) != wanted else "",
        "bad_field": _WORDS.get(bad_field, bad_field),
        "failed": failed,
        "outcomes": outcomes,
        "problem": problem,
        "seen": seen,
        "live": address(f"{QUEUE}/moi", wanted, seen=str(seen)),
        "people": _people(everybody, account),
        "choices": _choices(account, wanted, names),
        "categories": texts.CATEGORIES,
        "states": texts.STATES,
        "channel_words": channel_words,
    }
    status = 422 if problem or failed else 200
    return render(request, "queue.html", context, status=status)


def in_words(problem: FeedbackError) -> str:
    """Say why something could not be done with a case."""
    problems = queue_texts.PROBLEMS
    match problem:
        case IllegalMove(why=why):
            return problems[why]
        case NoSuchCase():
            return problems["none"]
        case UnknownAccount():
            return problems["account"]
    return problems["other"]


def _everywhere(wanted: Filter) -> Filter:
    if wanted.q or wanted.office:
        return Filter(scope=Scope.ALL, q=wanted.q, office=wanted.office)
    return wanted


def _people(everybody: Iterable[Account], account: Account) -> list[tuple[str, str]]:
    """Return accounts and names of those to whom cases can be given, oneself first."""
    others = [
        (each.name, each.full_name)
        for each in everybody
        if each.disabled_at is None and each.role in STAFF_ONLY and each.name != account.name
    ]
    return [(account.name, account.full_name), *others]


def _choices(
    account: Account, wanted: Filter, names: dict[str, str]
) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return the fields of the filter: name, label, and what can be chosen."""
    who = [("me", _WORDS["me"]), ("nobody", _WORDS["nobody"])]
    who += [(f"@{name}", full_name) for name, full_name in names.items()]
    fields: list[tuple[str, Iterable[tuple[str, str]], object]] = [
        ("scope", ((each.value, queue_texts.SCOPES[each]) for each in Scope), wanted.scope),
        ("state", ((each.value, texts.STATES[each]) for each in State), wanted.state),
        ("category", ((each.value, texts.CATEGORIES[each]) for each in Category), wanted.category),
        ("due", ((each.value, queue_texts.DUES[each]) for each in Due), wanted.due),
        ("who", who, wanted.who),
        ("province", provinces(account), wanted.province),
        ("commune", communes(account, wanted), wanted.commune),
        ("channel", texts.CHANNELS.items(), wanted.channel),
    ]
    return [
        (
            name,
            str(_WORDS[name]),
            [(value, words, _is_chosen(value, chosen)) for value, words in of],
        )
        for name, of, chosen in fields
    ]


def _is_chosen(value: str, chosen: object) -> bool:
    some = chosen if isinstance(chosen, frozenset) else {chosen}
    return value in {getattr(each, "value", each) for each in some}


PAGE = Page((web.get("/hang-cho", show_queue),), Place.QUEUE)
