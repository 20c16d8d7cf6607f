"""What a message tells of a story, read from what understanding made of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from actions.heard import Heard, read_payload
from actions.picking import pick, place_in_list
from bot.feedback.telling.question import Candidate, Question
from bot.feedback.telling.said import Answer, DaySaid, PlaceSaid, Said
from bot.places import Commune, OldUnit, units
from bot.vietnamese import fold, words

COMPLAINT = "report_complaint"
OFFERED = "offered"  # the answer that begins with what was written before
TOLD = "told"  # the entity by which our buttons answer: "question:value"


LONGEST_NAME = 8  # words
_LEADING = re.compile(r"^((dạ|da|ở|o|tại|tai|bên|ben|trên|tren|ngoài|ngoai)\s+)+", re.IGNORECASE)
# What others answer in the middle of a telling.
ELSEWHERE = frozenset(
    {
        *("ask_procedure", "ask_rights", "ask_place", "check_dossier", "track_feedback"),
        *("help", "ask_human", "out_of_scope", "thank", "goodbye"),
    }
)


def answer_payload(question: Question, value: str) -> str:
    """Write what a button sends to answer a question."""
    return f'/{COMPLAINT}{{"{TOLD}": "{question.value}:{value}"}}'


def read_said(
    heard: Heard,
    today: date,
    *,
    evidence: Sequence[str] = (),
    about: str = "",
    known: bool = True,
    names_place: bool = False,
) -> Said:
    """Read one message with everything that it tells.

    ``evidence``: the files to take along; ``about``: the question about telling itself that it
    asks; ``known``: whether anybody else could answer what it seems to ask; ``names_place``:
    whether a bare name ("cầu giấy") is one of a place.
    """
    message = heard.message
    confidence = float((message.get("intent") or {}).get("confidence") or 0.0)
    answer = read_answer(heard) or _picked(heard)
    text = "" if answer else heard.whole
    found = message.get("entities") or ()
    return Said(
        today=today,
        text=text,
        answer=answer,
        intent=heard.intent,
        elsewhere=confidence if known and heard.intent in ELSEWHERE else 0.0,
        about=about,
        complaint=next((r.confidence for r in heard.readings if r.intent == COMPLAINT), 0.0),
        guesses=tuple(_guesses(message.get("feedback_category") or {})),
        places=tuple(_places(found)) or (_named(text) if names_place else ()),
        office=_office(found, heard.text),
        days=tuple(_day(each) for each in found if _is(each, "time")),
        phone=heard.entity("phone"),
        evidence=tuple(evidence),
    )


def read_answer(heard: Heard) -> Answer | None:
    """Return the answer that a button of ours sent; None for any other message."""
    return _answer(heard.entity(TOLD)) if not heard.text else None


def _picked(heard: Heard) -> Answer | None:
    """Return the choice that a message picks, by number or by its very words.

    No other words: "không đồng ý" has most of those of "Đồng ý và gửi".
    """
    picked = pick(heard.text, heard.choices)
    if picked is None or not (
        place_in_list(heard.text) is not None or fold(heard.text) == fold(picked.title)
    ):
        return None
    return _answer(read_payload(picked.payload)[1].get(TOLD, ""))


def _answer(told: str) -> Answer | None:
    question, colon, value = told.partition(":")
    known = {each.value for each in Question}
    return Answer(Question(question), value) if colon and question in known else None


def _is(entity: Mapping[str, Any], name: str) -> bool:
    return entity.get("entity") == name


def _guesses(category: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    best, subtype = category.get("name"), category.get("subtype")
    for row in category.get("ranking") or ():
        name, confidence = str(row["name"]), float(row["confidence"])
        label = f"{name}/{subtype['name']}" if subtype and name == best else name
        yield label, confidence


def _office(found: Sequence[Mapping[str, Any]], text: str) -> str:
    """The office in the citizen's words; "ra phường" names none beside the place."""
    for each in found:
        if _is(each, "office") and each["value"] != "commune_office" and "start" in each:
            return text[each["start"] : each["end"]]
    return ""


def _day(entity: Mapping[str, Any]) -> DaySaid:
    told = entity.get("date")
    day = date.fromisoformat(told) if told else None
    return DaySaid(str(entity["value"]), int(entity.get("start") or 0), day)


def _places(found: Sequence[Mapping[str, Any]]) -> Iterator[PlaceSaid]:
    return (_place(each) for each in found if _is(each, "place") and each.get("unit"))


def _named(text: str) -> tuple[PlaceSaid, ...]:
    """The place of a bare name, perhaps with its province: "cầu giấy", "dạ ở Cầu Giấy, Hà Nội"."""
    name, _, area = _LEADING.sub("", text).partition(",")
    if not name or len(words(text)) > LONGEST_NAME:
        return ()
    communes = _communes(name)
    within = {unit.code for unit in units().find(area)} if area else set()
    communes = [each for each in communes if each.province.code in within] or communes
    candidates = tuple(
        Candidate(each.code, each.name, each.province.code, each.province.name) for each in communes
    )
    return (PlaceSaid(text, candidates=candidates),) if candidates else ()


def _communes(name: str) -> list[Commune]:
    """The communes of today that are so called, else those that old units so called became."""
    found = units().find(name)
    today = [unit for unit in found if isinstance(unit, Commune)]
    old = [unit for unit in found if isinstance(unit, OldUnit)]
    became = {heir.code: heir for unit in old for heir in units().now(unit)}
    return today or list(became.values())


def _place(entity: Mapping[str, Any]) -> PlaceSaid:
    unit = entity["unit"]
    is_province = unit["level"] == "province"
    candidates = [
        Candidate(
            each["code"], each["name"], _province_of().get(each["code"], ""), each["province"]
        )
        for each in unit["candidates"]
    ]
    code = unit["code"]
    province = code if is_province else _province_of().get(code)
    if not province and unit["province"]:
        province = _provinces().get(unit["province"])
    return PlaceSaid(
        words=str(entity["value"]),
        start=int(entity.get("start") or 0),
        province_code=province or None,
        commune_code=None if is_province else code or None,
        name=", ".join(filter(None, (unit["name"], unit["province"] if not is_province else ""))),
        candidates=tuple(candidates),
    )


@cache
def _province_of() -> dict[str, str]:
    """The province's code by that of the commune."""
    return {commune.code: commune.province.code for commune in units().communes}


@cache
def _provinces() -> dict[str, str]:
    return {province.name: province.code for province in units().provinces}
