"""What is done from the queue: one thing with many cases, and the lists that somebody keeps."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict, MultiMapping

from bot.console import queue_texts
from bot.console.acting import actor_of, area_of, responsible
from bot.console.frame import ACCOUNT, CONSOLE, FORM, Page, allowed, lead_to
from bot.console.queue import QUEUE, STAFF_ONLY, queue_page
from bot.console.queue_view import address
from bot.feedback.bulk import MOST, Outcome, move_each
from bot.feedback.category import Category
from bot.feedback.errors import BadDetails, BadFilter, FeedbackError, UnknownAccount
from bot.feedback.filters import Filter, read_filter
from bot.feedback.models import Case
from bot.feedback.services import Step
from bot.feedback.states import Move
from bot.feedback.views import forget_view, save_view
from bot.staff import services as staff
from bot.staff.models import Account

_NOTICES = {Move.TRIAGE: "bulk_triaged", Move.ASSIGN: "bulk_assigned"}
_LONGEST_BACK = 4000  # characters of the list's query string


@allowed(*STAFF_ONLY)
async def act(request: web.Request) -> web.Response:
    """Do one thing with the chosen cases; say of each that could not go along why."""
    form = request[FORM]
    back = _back(form)
    ids = [int(value) for value in form.getall("case", []) if _is_number(value)]
    step = _step(form, request[ACCOUNT])
    if step is None or not ids or len(ids) > MOST:
        problem = "unknown_act" if step is None else "too_many" if ids else "none_selected"
        words = queue_texts.QUEUE[problem].format(most=MOST)
        return await queue_page(request, back, problem=words)
    outcomes = await _move_each(request, ids, step)
    request.app[CONSOLE].tally.forget()
    if any(each.problem for each in outcomes):
        return await queue_page(request, back, outcomes=outcomes)
    return _lead_back(back, _NOTICES[step.move])


async def _move_each(request: web.Request, ids: list[int], step: Step) -> list[Outcome]:
    console, account = request.app[CONSOLE], request[ACCOUNT]
    async with console.sessions() as session:
        everybody = await staff.everybody(session)
    return await move_each(
        console.sessions,
        console.desk,
        area_of(account),
        ids,
        step,
        actor_of(account),
        console.now(),
        may=_may_have(step, everybody),
    )


def _may_have(step: Step, everybody: list[Account]) -> Callable[[Case], FeedbackError | None]:
    def may(case: Case) -> FeedbackError | None:
        names = {each.name for each in responsible(everybody, case)}
        if step.move is Move.ASSIGN and step.assignee not in names:
            return UnknownAccount([step.assignee])
        return None

    return may


def _step(form: Mapping[str, str], account: Account) -> Step | None:
    """Return what is to be done; None when the form does not say it."""
    assignee, category = form.get("assignee", ""), form.get("category", "")
    match form.get("act", ""):
        case "take":
            return Step(Move.ASSIGN, assignee=account.name)
        case "assign" if assignee:
            return Step(Move.ASSIGN, assignee=assignee)
        case "triage" if category in {each.value for each in Category}:
            return Step(Move.TRIAGE, category=Category(category))
    return None


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 18


def _back(form: Mapping[str, str]) -> MultiDict[str]:
    """Return the query of the list from which the form came."""
    return MultiDict(parse_qsl(form.get("back", "")[:_LONGEST_BACK]))


def _filter(query: MultiMapping[str]) -> Filter:
    try:
        return read_filter(query.items())
    except BadFilter:
        return Filter()


@allowed(*STAFF_ONLY)
async def save(request: web.Request) -> web.Response:
    """Keep the list under a name."""
    form = request[FORM]
    back = _back(form)
    try:
        async with request.app[CONSOLE].sessions() as session, session.begin():
            await save_view(session, request[ACCOUNT].name, form.get("name", ""), _filter(back))
    except BadDetails:
        return await queue_page(request, back, problem=queue_texts.QUEUE["view_refused"])
    return _lead_back(back, "view_saved")


@allowed(*STAFF_ONLY)
async def forget(request: web.Request) -> web.Response:
    """Take a kept list away."""
    number = request[FORM].get("view", "")
    async with request.app[CONSOLE].sessions() as session, session.begin():
        await forget_view(session, request[ACCOUNT].name, int(number) if _is_number(number) else 0)
    return lead_to(QUEUE, notice="view_forgotten")


def _lead_back(query: MultiMapping[str], notice: str) -> web.Response:
    where = address(QUEUE, _filter(query), notice=notice)
    return web.Response(status=303, headers={"Location": where})


PAGE = Page(
    (
        web.post("/hang-cho", act),
        web.post("/hang-cho/luu", save),
        web.post("/hang-cho/xoa", forget),
    )
)
