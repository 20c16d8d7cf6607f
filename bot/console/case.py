"""The page of one case (phản ánh): everything of it, and what can be done next."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from bot.console import case_texts, texts
from bot.console.acting import actor_of, responsible
from bot.console.case_acts import ACTS, Act, Doing, NotResponsible, TextHasGap
from bot.console.case_view import Typed, View, case_for, view_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, Page, allowed, lead_to, render
from bot.doors.http import Refused
from bot.feedback import evidence
from bot.feedback.category import Category
from bot.feedback.errors import (
    BadDetails,
    CaseChanged,
    FeedbackError,
    IllegalMove,
    NoSuchCase,
    NoSuchEvidence,
    NotPublishable,
    Obstacle,
    UnknownAccount,
)
from bot.feedback.redaction import pieces, redacted
from bot.feedback.states import Move
from bot.feedback.timeline import Entry
from bot.feedback.versions import hold_at, is_done, version_of
from bot.questions.stripping import strip
from bot.staff import services as staff
from bot.staff.models import StaffRole

_CASE = r"/cases/{case_id:[1-9][0-9]{0,17}}"
_staff_only = (StaffRole.SUPERVISOR, StaffRole.LEAD)


@allowed(*_staff_only)
async def show_case(request: web.Request) -> web.Response:
    """The page of a case; opening it is an event."""
    return await _page(request, Typed())


@allowed(*_staff_only, counts=False)
async def show_fresh(request: web.Request) -> web.Response:
    """The same page, as its script fetches it when something new was written."""
    return await _page(request, Typed())


@allowed(*_staff_only, counts=False)
async def tell_version(request: web.Request) -> web.Response:
    """The version that the case has now, for a page that is open on an older one."""
    async with request.app[CONSOLE].sessions() as session:
        case = await case_for(session, request[ACCOUNT], _number(request))
        version = await version_of(session, case.id)
    return web.json_response({"version": version})


@allowed(*_staff_only)
async def lead_back(request: web.Request) -> web.Response:
    """Lead to the case who loads the address of a form that could not be carried out."""
    if request.match_info["act"] not in ACTS:
        raise web.HTTPNotFound
    return lead_to(_address(request))


@allowed(*_staff_only)
async def act(request: web.Request) -> web.Response:
    """Do one thing with the case as it was seen; when it cannot be done, keep what was typed."""
    name = request.match_info["act"]
    asked = ACTS.get(name)
    if asked is None:
        raise web.HTTPNotFound
    fields = {key: value.replace("\r\n", "\n") for key, value in request[FORM].items()}
    try:
        await _do(request, asked, fields)
    except CaseChanged as changed:
        typed = Typed(name, fields, case_texts.CASE["changed"], changed.version)
        return await _page(request, typed, status=409)
    except (FeedbackError, TextHasGap, NotResponsible) as problem:
        return await _page(request, Typed(name, fields, _in_words(problem)), status=422)
    return lead_to(_address(request), notice=asked.notice)


async def _do(request: web.Request, asked: Act, fields: Mapping[str, str]) -> None:
    console, account, case_id = request.app[CONSOLE], request[ACCOUNT], _number(request)
    version = _version(fields)
    async with console.sessions() as session, session.begin():
        await case_for(session, account, case_id)
        try:
            case = await hold_at(session, console.vault, case_id, version)
        except CaseChanged:
            brought = [fields.get(name, "") for name in asked.brings]
            by = actor_of(account)
            if await is_done(session, console.vault, case_id, version, by, asked.did, brought):
                return
            raise
        names = frozenset(each.name for each in responsible(await staff.everybody(session), case))
        await asked.does(
            Doing(
                session,
                console.desk,
                case,
                account,
                names,
                fields,
                console.now(),
                console.outcomes_at,
            )
        )


def _version(fields: Mapping[str, str]) -> int:
    version = fields.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 18:
        raise Refused(400, "wrong_shape", "the form does not say which version of the case it saw")
    return int(version)


def _in_words(problem: Exception) -> str:
    """Say a refusal so that whoever typed knows what to change."""
    problems = case_texts.CASE["problems"]
    match problem:
        case IllegalMove(why=why):
            return case_texts.FORBIDDEN[why]
        case UnknownAccount(names=names):
            return str(problems["unknown_account"]).format(names=", ".join(names))
        case NotPublishable(obstacle=obstacle, found=found):
            return case_texts.OBSTACLES[obstacle].format(found="; ".join(found))
        case TextHasGap():
            return str(problems["gap"])
        case NotResponsible():
            return str(problems["no_account"])
        case NoSuchCase():
            return str(problems["no_original"])
        case BadDetails():
            return str(problems["no_text"])
    return str(problems["details"])


async def _page(request: web.Request, typed: Typed, *, status: int = 200) -> web.Response:
    console, account = request.app[CONSOLE], request[ACCOUNT]
    async with console.sessions() as session, session.begin():
        view = await view_of(session, console, account, _number(request))
    context = _context(view, typed) | _asked_for(request, view)
    return render(request, "case.html", context, status=status)


def _asked_for(request: web.Request, view: View) -> dict[str, object]:
    """Return what the address asks for, where no script opens forms and inserts templates."""
    form, name = request.query.get("form", ""), request.query.get("template", "")
    inserted = [filled for template, filled in view.templates if template.name == name]
    return {
        "asked_form": request.match_info.get("act", form),
        "inserted": {form: inserted[0]} if inserted else {},
        "wanted_original": request.query.get("original", ""),
    }


def _context(view: View, typed: Typed) -> dict[str, object]:
    return {
        "words": case_texts.CASE,
        "texts": texts,
        "named": case_texts,
        "view": view,
        "case": view.case,
        "typed": typed,
        "since": view.since(typed.changed_since) if typed.changed_since else [],
        "pieces": pieces,
        "happened": partial(happened, names=view.names),
        "said": str,
        "Move": Move,
        "improper": Category.IMPROPER_DEMAND,
        "same_person": Obstacle.SAME_PERSON,
    }


def happened(entry: Entry, names: Mapping[str, str]) -> str:
    """Say what an entry of the timeline tells; ``names``: of the accounts in it."""
    content = entry.content
    rejection = case_texts.REJECTIONS[content.rejection] if content.rejection else ""
    if entry.move is Move.ASSIGN and content.assignee == entry.by.account:
        return case_texts.TAKEN
    if entry.move is Move.TRIAGE and content.category:
        return case_texts.TRIAGED.format(category=texts.CATEGORIES[content.category].lower())
    return case_texts.HAPPENED[entry.move or entry.kind].format(
        assignee=names.get(content.assignee, content.assignee),
        files=len(content.evidence),
        body=content.body,
        original=content.original,
        rejection=rejection,
        rating=content.rating,
    )


# -- print ----------------------------------------------------------------------------------------


@allowed(*_staff_only)
async def show_print(request: web.Request) -> web.Response:
    """The case on paper: without personal data, unless that is asked for."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    personal = request.query.get("personal") == "yes"
    async with console.sessions() as session, session.begin():
        view = await view_of(session, console, account, _number(request))
    context = _context(view, Typed()) | {
        "print": case_texts.PRINT,
        "personal": personal,
        "said": (lambda text: text) if personal else (lambda text: redacted(text, strip)),
        "now": console.now(),
    }
    return render(request, "case_print.html", context)


# -- evidence -------------------------------------------------------------------------------------


@allowed(*_staff_only)
async def show_evidence(request: web.Request) -> web.Response:
    """One picture or file; opening it is an event."""
    console, account, case_id = request.app[CONSOLE], request[ACCOUNT], _number(request)
    async with console.sessions() as session, session.begin():
        await case_for(session, account, case_id)
        try:
            opened = await evidence.open_evidence(
                session,
                console.vault,
                case_id,
                request.match_info["id"],
                actor_of(account),
                console.now(),
            )
        except NoSuchEvidence:
            raise Refused(404, "not_found", "no such evidence") from None
    return _file(opened.content, opened.piece.media.value, opened.piece.name)


@allowed(*_staff_only, counts=False)
async def show_thumbnail(request: web.Request) -> web.Response:
    """A small picture of a piece of evidence, for the page of the case."""
    console, account, case_id = request.app[CONSOLE], request[ACCOUNT], _number(request)
    async with console.sessions() as session:
        await case_for(session, account, case_id)
        try:
            small = await evidence.thumbnail_of_case(
                session, console.vault, case_id, request.match_info["id"]
            )
        except NoSuchEvidence:
            raise Refused(404, "not_found", "no such evidence") from None
    if not small:
        raise Refused(404, "not_found", "this evidence has no thumbnail")
    return _file(small, "image/jpeg", "bang-chung.jpg")


def _file(content: bytes, media: str, name: str) -> web.Response:
    """Serve a citizen's file so that a browser shows or saves it, and never runs it."""
    kind = "inline" if media.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f'{kind}; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.Response(body=content, content_type=media, headers=headers)


def _number(request: web.Request) -> int:
    return int(request.match_info["case_id"])


def _address(request: web.Request) -> str:
    return f"{HOME}/cases/{_number(request)}"


PAGE = Page(
    (
        web.get(_CASE, show_case),
        web.get(_CASE + "/fresh", show_fresh),
        web.get(_CASE + "/version", tell_version),
        web.get(_CASE + "/print", show_print),
        web.get(_CASE + "/evidence/{id:[0-9a-f]{32}}", show_evidence),
        web.get(_CASE + "/evidence/{id:[0-9a-f]{32}}/small", show_thumbnail),
        web.get(_CASE + "/{act:[a-z_]+}", lead_back),
        web.post(_CASE + "/{act:[a-z_]+}", act),
    )
)
