"""Answers about procedures (thủ tục hành chính): pure functions from a record to what is said.

Every answer names the record's code, source and date, and fits into one message of every
messenger (``BUDGET`` characters); what is longer is offered in parts.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from msgspec import Struct

from bot.procedures import facts, wording
from bot.procedures.aspect import Aspect
from bot.procedures.facts import FormUrl, no_form_file
from bot.procedures.parts import Line, card_body, cut, fact, item, paragraph, plain
from bot.procedures.procedure import Kind, Origin, Procedure

BUDGET = 1800  # characters in one message; the tightest messenger shows about 2,000
MAX_BUTTONS = 6
MAX_CHOICES = 5
_NAME_LENGTH = 300
_BRIEF_LENGTH = 220
_CODE_LENGTH = 60


class Button(Struct, frozen=True):
    """What can be tapped; ``payload`` is in Rasa's form, /intent{"entity": "value"}."""

    title: str
    payload: str


class Answer(Struct, frozen=True):
    """What is said: complete plain text, buttons, and the same facts as a card for the web page.

    ``choices`` are what may be picked by number or words, in order, with full titles: all cases or
    procedures when the answer asks which one (buttons show the first ones), else the next part.
    """

    text: str
    buttons: tuple[Button, ...]
    card: dict[str, Any]
    choices: tuple[Button, ...] = ()


class Choice(Protocol):
    """A found procedure that may be the one asked for."""

    @property
    def code(self) -> str:
        """The national code."""

    @property
    def name(self) -> str:
        """The official name."""


def overview(procedure: Procedure, fee_notes: Sequence[str] = ()) -> Answer:
    """Say what a procedure is, who handles it, how long, how much and how to file."""
    brief = wording.shorten
    lines = [
        fact(wording.DECIDED_BY, brief(facts.decider(procedure), _BRIEF_LENGTH)),
        fact(wording.FILE_AT, brief(facts.filing_place(procedure), _BRIEF_LENGTH)),
        fact(wording.TAKES, brief(facts.duration_in_brief(procedure), _BRIEF_LENGTH)),
        fact(wording.COSTS, brief(facts.fee_in_brief(procedure), _BRIEF_LENGTH)),
        fact(wording.FILE_BY, facts.ways_in_brief(procedure)),
        *(paragraph(note) for note in fee_notes),
    ]
    buttons = [_aspect_button(procedure, aspect) for aspect in _worth_asking(procedure, ())]
    lead = brief(procedure.summary, _BRIEF_LENGTH)
    return _compose(procedure, lines, tuple(buttons[:MAX_BUTTONS]), lead=lead)


def answer(
    procedure: Procedure,
    aspects: Sequence[Aspect] = (),
    case: int | None = None,
    part: int = 1,
    form_url: FormUrl = no_form_file,
    fee_notes: Sequence[str] = (),
) -> Answer:
    """Say the asked aspects in the order asked; none asked gives the overview.

    Where one message is too little for them, the short ones come first.

    ``case`` and ``part`` count from 1; a part beyond the last is the last. ``fee_notes`` are told
    beside the fees.
    """
    if not aspects:
        return overview(procedure, fee_notes)
    said = [_say(procedure, aspect, case, form_url, fee_notes) for aspect in aspects]
    lines = [line for some in said for line in some]
    parts = cut(lines, BUDGET - _frame_length(procedure))
    if len(parts) > 1:  # then what is short is not left to the end of what is long
        lines = [line for some in sorted(said, key=_length) for line in some]
        parts = cut(lines, BUDGET - _frame_length(procedure))
    part = min(max(part, 1), len(parts))
    shown = parts[part - 1]
    following = _next_button(procedure, aspects, case, part, len(parts))
    buttons = [
        *_case_buttons(procedure, shown)[: MAX_BUTTONS - len(following)],
        *following,
        *(_aspect_button(procedure, a) for a in _worth_asking(procedure, aspects)[:3]),
    ]
    choices = _case_choices(procedure) if _asks_for_case(lines) else following
    lead = wording.PART.format(part=part, parts=len(parts)) if len(parts) > 1 else ""
    return _compose(procedure, shown, tuple(buttons[:MAX_BUTTONS]), choices, lead)


def _say(
    procedure: Procedure,
    aspect: Aspect,
    case: int | None,
    form_url: FormUrl,
    fee_notes: Sequence[str],
) -> list[Line]:
    notes = fee_notes if aspect is Aspect.FEE else ()
    said = facts.say(procedure, aspect, case, form_url)
    return [*said, *(paragraph(note) for note in notes)]


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def choose(found: Sequence[Choice], aspects: Collection[Aspect] = ()) -> Answer:
    """Ask which of up to five procedures is meant; the asked aspects go along."""
    choices = tuple(Button(hit.name, ask_payload(hit.code, aspects)) for hit in found[:MAX_CHOICES])
    names = [
        f"{wording.shorten(hit.name, _NAME_LENGTH // 2)} (mã {wording.shorten(hit.code, 20)})"
        for hit in found[:MAX_CHOICES]
    ]
    lines = [item(name, choice=n) for n, name in enumerate(names, 1)]
    text = "\n".join([wording.WHICH_PROCEDURE, plain(lines), "", wording.PICK_BY_NUMBER])
    card = {
        "heading": wording.WHICH_PROCEDURE,
        **card_body([*lines, paragraph(wording.PICK_BY_NUMBER)]),
        "source": {"name": wording.OFFICIAL, "url": wording.PORTAL},
    }
    return Answer(text, _numbered(choices), card, choices)


def ask_payload(
    code: str, aspects: Collection[Aspect] = (), case: int | None = None, part: int | None = None
) -> str:
    """Write what a button sends to ask about a procedure."""
    said = {
        "procedure_code": code,
        "aspect": ",".join(aspect.value for aspect in aspects),
        "case": str(case or ""),
        "part": str(part or ""),
    }
    entities = {key: value for key, value in said.items() if value}
    return "/ask_procedure" + json.dumps(entities, ensure_ascii=False)


# --- buttons --------------------------------------------------------------------------------

_ORDER = (
    Aspect.DOCUMENTS,
    Aspect.STEPS,
    Aspect.FEE,
    Aspect.PLACE,
    Aspect.FORM,
    Aspect.ONLINE,
    Aspect.CONDITIONS,
    Aspect.DURATION,
    Aspect.RESULT,
    Aspect.LEGAL_BASIS,
)


def _worth_asking(procedure: Procedure, asked: Collection[Aspect]) -> list[Aspect]:
    return [a for a in _ORDER if a not in asked and facts.has(procedure, a)]


def _aspect_button(procedure: Procedure, aspect: Aspect) -> Button:
    return Button(wording.ASPECT_BUTTONS[aspect], ask_payload(procedure.code, [aspect]))


def _next_button(
    procedure: Procedure, aspects: Collection[Aspect], case: int | None, part: int, parts: int
) -> tuple[Button, ...]:
    if part >= parts:
        return ()
    title = wording.NEXT_PART.format(part=part + 1, parts=parts)
    return (Button(title, ask_payload(procedure.code, aspects, case, part + 1)),)


def _asks_for_case(lines: Collection[Line]) -> bool:
    return any(line.choice for line in lines)


def _case_choices(procedure: Procedure) -> tuple[Button, ...]:
    return tuple(
        Button(name, ask_payload(procedure.code, [Aspect.DOCUMENTS], case=n))
        for n, name in enumerate(facts.case_names(facts.cases_of(procedure)), 1)
    )


def _case_buttons(procedure: Procedure, shown: Collection[Line]) -> tuple[Button, ...]:
    numbers = [line.choice for line in shown if line.choice]
    buttons = _numbered(_case_choices(procedure)) if numbers else ()
    return tuple(buttons[n - 1] for n in numbers)


def _numbered(choices: Sequence[Button]) -> tuple[Button, ...]:
    """Give choices short titles: a number, and what comes after the words that all share."""
    titles = _without_shared_opening([choice.title for choice in choices])
    return tuple(
        Button(wording.shorten(f"{n}. {title}", wording.BUTTON_LENGTH), choice.payload)
        for n, (title, choice) in enumerate(zip(titles, choices, strict=True), 1)
    )


def _without_shared_opening(titles: Sequence[str]) -> list[str]:
    split = [title.split() for title in titles]
    shared = 0
    while len(split) > 1 and all(len(w) > shared + 1 for w in split):
        if len({w[shared].lower() for w in split}) > 1:
            break
        shared += 1
    return [" ".join(w[shared:]) for w in split]


# --- the frame around the facts -------------------------------------------------------------


def _compose(
    procedure: Procedure,
    lines: Sequence[Line],
    buttons: tuple[Button, ...],
    choices: tuple[Button, ...] = (),
    lead: str = "",
) -> Answer:
    """Frame lines with the name above and warnings, source and link around them."""
    warnings = notices(procedure)
    blocks = [
        "\n".join(filter(None, [_head(procedure), lead])),
        *warnings,
        plain(lines),
        f"{_source_line(procedure)}\n{facts.page_of(procedure)}",
    ]
    body = card_body(lines)
    card = {
        "heading": wording.shorten(procedure.name, _NAME_LENGTH),
        "lead": lead,
        **body,
        "paragraphs": [*warnings, *body["paragraphs"]],
        "source": _source(procedure),
    }
    return Answer("\n\n".join(blocks), buttons, card, choices)


def _frame_length(procedure: Procedure) -> int:
    fixed = [
        _head(procedure),
        wording.PART,
        *notices(procedure),
        _source_line(procedure),
        facts.page_of(procedure),
    ]
    return sum(len(text) + 2 for text in fixed)


def _head(procedure: Procedure) -> str:
    name = wording.shorten(procedure.name, _NAME_LENGTH)
    return wording.HEADING.format(name=name, code=procedure.code)


def _source(procedure: Procedure) -> dict[str, str]:
    """Name where the facts come from: the source, the code, the day of the data, the page."""
    name = wording.BUILTIN if procedure.origin is Origin.BUILTIN else wording.OFFICIAL
    if procedure.decision:
        decision = wording.shorten(procedure.decision, _CODE_LENGTH)
        name = wording.DECISION.format(name=name, decision=decision)
    return {
        "name": name,
        "code": procedure.code,
        "date": wording.day(procedure.record_on),
        "url": facts.page_of(procedure),
    }


def _source_line(procedure: Procedure) -> str:
    said = _source(procedure)
    return wording.SOURCE.format(name=said["name"], code=said["code"], day=said["date"])


def notices(procedure: Procedure) -> list[str]:
    """Say what a reader has to know before trusting the record."""
    said = []
    if procedure.kind is Kind.INTERNAL:
        said.append(wording.INTERNAL_NOTICE)
    if procedure.kind is Kind.PROVINCIAL and procedure.publisher:
        publisher = wording.shorten(procedure.publisher, 100)
        said.append(wording.PROVINCIAL_NOTICE.format(publisher=publisher))
    if procedure.names_district:
        centre = wording.centre(procedure.levels)
        said.append(wording.DISTRICT_NOTICE.format(centre=centre))
    decided_on = procedure.decided_on
    if decided_on is not None and decided_on < wording.DISTRICTS_ENDED_ON:
        said.append(wording.OLD_DECISION_NOTICE.format(year=decided_on.year))
    return said
