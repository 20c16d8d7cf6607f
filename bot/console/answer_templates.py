"""Templates of answers (mẫu trả lời): read by those who answer, written by leads."""

from aiohttp import web

from bot.console import case_texts
from bot.console.acting import actor_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, Page, Place, allowed, lead_to, render
from bot.feedback.errors import BadTemplate
from bot.feedback.own_templates import drop_template, own_names, save_template, templates
from bot.feedback.templates import Template, TemplateUse
from bot.staff.models import StaffRole

_AT = "/mau-tra-loi"


@allowed(StaffRole.SUPERVISOR, StaffRole.LEAD)
async def show_templates(request: web.Request) -> web.Response:
    """All templates; a lead also sees the form, with ``?mau=`` filled with one of them."""
    return await _page(request, None)


@allowed(StaffRole.LEAD)
async def save(request: web.Request) -> web.Response:
    """Keep a template; what cannot be kept stays in the form."""
    console, form = request.app[CONSOLE], request[FORM]
    uses = {use.value: use for use in TemplateUse}
    typed = Template(
        form.get("name", ""),
        uses.get(form.get("use", ""), TemplateUse.ANSWER),
        form.get("text", "").replace("\r\n", "\n"),
    )
    try:
        async with console.sessions() as session, session.begin():
            by = actor_of(request[ACCOUNT])
            await save_template(session, console.vault, typed, by, console.now())
    except BadTemplate as bad:
        return await _page(request, typed, _in_words(bad), status=422)
    return lead_to(HOME + _AT, notice="template_saved")


@allowed(StaffRole.LEAD)
async def drop(request: web.Request) -> web.Response:
    """Take a template of a lead away; that it is gone already is no fault."""
    console, name = request.app[CONSOLE], request[FORM].get("name", "")
    async with console.sessions() as session, session.begin():
        if name in await own_names(session):
            by = actor_of(request[ACCOUNT])
            await drop_template(session, console.vault, name, by, console.now())
    return lead_to(HOME + _AT, notice="template_dropped")


def _in_words(bad: BadTemplate) -> str:
    problems = case_texts.ANSWER_TEMPLATES["problems"]
    if bad.placeholders:
        return str(problems["unknown"]).format(names=", ".join(bad.placeholders))
    return str(problems["other"])


async def _page(
    request: web.Request, typed: Template | None, problem: str = "", *, status: int = 200
) -> web.Response:
    async with request.app[CONSOLE].sessions() as session:
        there = await templates(session)
        own = await own_names(session)
    wanted = [each for each in there if each.name == request.query.get("mau")]
    context = {
        "words": case_texts.ANSWER_TEMPLATES,
        "uses": case_texts.USES,
        "templates": there,
        "own": own,
        "typed": typed or next(iter(wanted), Template("", TemplateUse.ANSWER, "")),
        "problem": problem,
        "writes": request[ACCOUNT].role is StaffRole.LEAD,
    }
    return render(request, "answer_templates.html", context, status=status)


PAGE = Page(
    (
        web.get(_AT, show_templates),
        web.post(_AT, save),
        web.post(f"{_AT}/xoa", drop),
    ),
    Place.TEMPLATES,
)
