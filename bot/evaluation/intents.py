"""How well messages are understood: intent, feedback category, aspects.

Scoring, where the contract leaves a choice:

- The intent is what a turn would act on; ``nlu_fallback`` is never right.
- ``category_accuracy`` counts every report_complaint row with a category, and looks at the
  category that was heard whether or not the intent was. A message that was so little taken for a
  complaint that no category was read has a wrong one.
- ``subtype_accuracy`` counts the rows whose detail names a subtype ("improper_demand/extra_papers")
  and needs category and subtype right.
- ``aspect_f1`` is micro-averaged over the ask_procedure rows that name aspects.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.evaluation.figures import Figure, f1_over, macro_f1, micro_f1, share, with_diacritics
from bot.evaluation.files import Line, read_table
from bot.evaluation.result import Result
from bot.evaluation.tables import Table
from bot.evaluation.talk import Understander
from bot.vietnamese import fold

COMPLAINT = "report_complaint"
PROCEDURE_QUESTION = "ask_procedure"
FALLBACK = "nlu_fallback"


class Utterance(Struct, frozen=True):
    """A labelled message: what it means, and in detail where that is given."""

    id: str
    text: str
    intent: str
    category: str = ""
    subtype: str = ""
    aspects: tuple[str, ...] = ()


class Understood(Struct, frozen=True):
    """What was understood of a message.

    ``intent`` is what a turn acts on; ``likeliest`` and ``confidence`` are the best reading
    before the fallback had its say.
    """

    intent: str
    likeliest: str
    confidence: float
    category: str = ""
    subtype: str = ""
    aspects: tuple[str, ...] = ()


Heard = tuple[Utterance, Understood]


def read_utterances(path: Path) -> list[Utterance]:
    """Read id, text, intent and, where given, detail. Raises BadFile."""
    return [_utterance(line) for line in read_table(path, ("id", "text", "intent"))]


def _utterance(line: Line) -> Utterance:
    intent = line["intent"]
    category, _, subtype = line["detail"].partition("/") if intent == COMPLAINT else ("", "", "")
    aspects = line.parts("detail") if intent == PROCEDURE_QUESTION else ()
    return Utterance(line["id"], line["text"], intent, category.strip(), subtype.strip(), aspects)


async def measure_intents(rows: Iterable[Utterance], assistant: Understander) -> list[Heard]:
    """Have every message understood."""
    return [(row, understood(await assistant.parse(row.text))) for row in rows]


def stripped(rows: Iterable[Utterance]) -> list[Utterance]:
    """The messages with diacritics as their writers would type them without.

    Sentences that were written either way differ in more than their typing; the same ones do not.
    """
    typed = (row for row in rows if with_diacritics(row.text))
    return [replace(row, text=fold(row.text)) for row in typed]


def understood(parse: Mapping[str, Any]) -> Understood:
    """Read what is scored out of the shape of ``/model/parse``."""
    intent = parse.get("intent") or {}
    readings = [one for one in parse.get("intent_ranking") or () if one.get("name") != FALLBACK]
    best = readings[0] if readings else intent
    category = parse.get("feedback_category") or {}
    return Understood(
        intent=intent.get("name") or "",
        likeliest=best.get("name") or "",
        confidence=float(best.get("confidence") or 0.0),
        category=category.get("name") or "",
        subtype=(category.get("subtype") or {}).get("name") or "",
        aspects=heard_aspects(parse),
    )


def heard_aspects(parse: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the aspects among the entities; one entity may list several with commas."""
    values = (
        str(entity.get("value"))
        for entity in parse.get("entities") or ()
        if entity.get("entity") == "aspect"
    )
    return tuple(dict.fromkeys(name.strip() for value in values for name in value.split(",")))


def intent_result(heard: Sequence[Heard], bare: Sequence[Heard] = ()) -> Result:
    """Count; ``bare``: those with diacritics heard again without (see ``stripped``)."""
    return Result(
        n=len(heard),
        figures={
            **intent_figures(heard),
            "macro_f1_stripped": f1_over(intent_pairs(bare), macro_f1),
        },
        wrong=Table(
            ("id", "text", "meant", "understood"),
            [
                (row.id, row.text, _meaning(row), f"{_meaning(got)} ({got.confidence:.2f})")
                for row, got in heard
                if not _is_right(row, got)
            ],
        ),
    )


def intent_figures(heard: Sequence[Heard]) -> dict[str, Figure]:
    """The contract's figures, and the two ways of typing apart."""
    with_category = [(row, got) for row, got in heard if row.category]
    with_subtype = [(row, got) for row, got in heard if row.subtype]
    aspects = [(row.aspects, got.aspects) for row, got in heard if row.aspects]
    accented = [pair for pair in heard if with_diacritics(pair[0].text)]
    plain = [pair for pair in heard if not with_diacritics(pair[0].text)]
    return {
        "accuracy": _accuracy(heard),
        "macro_f1": f1_over(intent_pairs(heard), macro_f1),
        "category_accuracy": share(row.category == got.category for row, got in with_category),
        "subtype_accuracy": share(
            (row.category, row.subtype) == (got.category, got.subtype) for row, got in with_subtype
        ),
        "aspect_f1": f1_over(aspects, micro_f1),
        "accuracy_with_diacritics": _accuracy(accented),
        "accuracy_without_diacritics": _accuracy(plain),
        "macro_f1_with_diacritics": f1_over(intent_pairs(accented), macro_f1),
        "macro_f1_without_diacritics": f1_over(intent_pairs(plain), macro_f1),
    }


def intent_pairs(heard: Iterable[Heard]) -> list[tuple[str, str]]:
    """Return meant and understood intents."""
    return [(row.intent, got.intent) for row, got in heard]


def category_pairs(heard: Iterable[Heard]) -> list[tuple[str, str]]:
    """Return meant and understood categories, with subtypes where they were meant."""
    return [
        (_label(row.category, row.subtype), _label(got.category, got.subtype))
        for row, got in heard
        if row.category
    ]


def _accuracy(heard: Iterable[Heard]) -> Figure:
    return share(meant == guess for meant, guess in intent_pairs(heard))


def _is_right(row: Utterance, got: Understood) -> bool:
    return (
        row.intent == got.intent
        and row.category in ("", got.category)
        and row.subtype in ("", got.subtype)
        and (not row.aspects or set(row.aspects) == set(got.aspects))
    )


def _meaning(one: Utterance | Understood) -> str:
    detail = {COMPLAINT: _label(one.category, one.subtype)}.get(one.intent, ",".join(one.aspects))
    return f"{one.intent} {detail}".strip()


def _label(category: str, subtype: str) -> str:
    return f"{category}/{subtype}" if subtype else category or "—"
