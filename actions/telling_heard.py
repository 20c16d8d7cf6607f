"""What a message tells of a story, read from what understanding made of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from actions.heard import Choice, Heard, read_payload
from actions.picking import pick
from bot.feedback.telling.draft import Candidate, Question
from bot.feedback.telling.said import Answer, DaySaid, PlaceSaid, Said
from bot.places import units

COMPLAINT = "report_complaint"
TOLD = "told"  # the entity by which our buttons answer: "question:value"


def answer_payload(question: Question, value: str) -> str:
    """Write what a button sends to answer a question."""
    return f'/{COMPLAINT}{{"{TOLD}": "{question.value}:{value}"}}'


def read_said(heard: Heard, today: date) -> Said:
    """Read one message with everything that it tells."""
    message = heard.message
    picked = pick(heard.text, heard.choices)
    answer = read_answer(heard) or (_answer_of(picked) if picked else None)
    text = "" if answer else heard.whole
    found = message.get("entities") or ()
    return Said(
        today=today,
        text=text,
        answer=answer,
        intent=heard.intent,
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        complaint=next((r.confidence for r in heard.readings if r.intent == COMPLAINT), 0.0),
        guesses=tuple(_guesses(message.get("feedback_category") or {})),
        places=tuple(_place(each) for each in found if _is(each, "place") and each.get("unit")),
        office=next(_words(found, "office", heard.text), ""),
        days=tuple(_day(each) for each in found if _is(each, "time")),
        phone=heard.entity("phone"),
        evidence=heard.attachments,
    )


def read_answer(heard: Heard) -> Answer | None:
    """Return the answer that a button of ours sent; None for any other message."""
    return _answer(heard.entity(TOLD)) if not heard.text else None


def _answer_of(choice: Choice) -> Answer | None:
    return _answer(read_payload(choice.payload)[1].get(TOLD, ""))


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


def _words(found: Sequence[Mapping[str, Any]], entity: str, text: str) -> Iterator[str]:
    for each in found:
        if _is(each, entity) and "start" in each:
            yield text[each["start"] : each["end"]]


def _day(entity: Mapping[str, Any]) -> DaySaid:
    told = entity.get("date")
    day = date.fromisoformat(told) if told else None
    return DaySaid(str(entity["value"]), int(entity.get("start") or 0), day)


def _place(entity: Mapping[str, Any]) -> PlaceSaid:
    unit = entity["unit"]
    is_province = unit["level"] == "province"
    candidates = [
        Candidate(each["code"], each["name"], _province_of().get(each["code"], ""))
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
