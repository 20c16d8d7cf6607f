"""How well questions about procedures are answered, by whole turns in fresh conversations.

What counts is what a citizen is shown: the ``procedure_codes`` and the ``decision`` that the
replies carry. A question that was taken for something else shows no procedure.

- answer: right at 1 (at 3) when an accepted code is ranked first (among the first three), also
  when the bot still asks which one, or says that it is not sure and shows what is nearest.
- clarify: right when the bot asks which one, and an accepted code is among the choices.
- none: right when no procedure is offered as the answer. ``none_silent`` is stricter: nothing is
  offered to choose from either.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from bot.conversation.contracts import Reply
from bot.evaluation.figures import Figure, f1_over, micro_f1, share, with_diacritics
from bot.evaluation.files import Line, read_table
from bot.evaluation.intents import PROCEDURE_QUESTION, heard_aspects
from bot.evaluation.result import Result
from bot.evaluation.tables import Table
from bot.evaluation.talk import OpenTalk, Understander
from bot.procedures.evaluation import CHOICES
from bot.procedures.search import Decision


class Question(Struct, frozen=True):
    """A labelled question; ``codes`` are all the procedures that are accepted."""

    id: str
    text: str
    kind: Decision
    codes: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()


class Shown(Struct, frozen=True):
    """What a citizen was shown: the decision and the ranked codes; and how it was understood."""

    decision: Decision
    codes: tuple[str, ...] = ()
    intent: str = ""
    aspects: tuple[str, ...] = ()


Asked = tuple[Question, Shown]


def read_questions(path: Path) -> list[Question]:
    """Read id, text, kind, codes and, where given, aspects. Raises BadFile."""
    return [_question(line) for line in read_table(path, ("id", "text", "kind"))]


def _question(line: Line) -> Question:
    try:
        kind = Decision(line["kind"])
    except ValueError:
        raise line.bad(f"kind is {line['kind']!r}, not answer, clarify or none") from None
    codes = line.parts("codes")
    if not codes and kind is not Decision.NONE:
        raise line.bad(f"kind is {kind.value}, but no accepted code is named")
    return Question(line["id"], line["text"], kind, codes, line.parts("aspects"))


async def measure_procedures(
    rows: Iterable[Question], open_talk: OpenTalk, assistant: Understander
) -> list[Asked]:
    """Ask every question in a conversation of its own."""
    asked = []
    for row in rows:
        async with open_talk(f"question {row.id}") as talk:
            decision, codes = shown(await talk.say(row.text))
        parse = await assistant.parse(row.text)
        intent = (parse.get("intent") or {}).get("name") or ""
        asked.append((row, Shown(decision, codes, intent, heard_aspects(parse))))
    return asked


def shown(replies: Iterable[Reply]) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision and the ranked codes of the first reply about procedures."""
    for reply in replies:
        if "decision" in reply.custom:
            codes = tuple(reply.custom.get("procedure_codes") or ())
            return Decision(reply.custom["decision"]), codes
    return Decision.NONE, ()


def procedure_result(asked: Sequence[Asked]) -> Result:
    """Count."""
    return Result(
        n=len(asked),
        figures=procedure_figures(asked),
        wrong=Table(
            ("id", "text", "wanted", "shown", "ranked", "taken for"),
            [
                (row.id, row.text, " ".join([row.kind.value, *row.codes[:3]]), got.decision.value,
                 " ".join(got.codes[:3]), got.intent)
                for row, got in asked
                if not is_right(row, got)
            ],
        ),
        counts={"taken_for_other": sum(_taken_for_other(row, got) for row, got in asked)},
    )  # fmt: skip


def procedure_figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    """The contract's figures, and the two ways of typing apart."""
    answers = [pair for pair in asked if pair[0].kind is Decision.ANSWER]
    accented = [pair for pair in answers if with_diacritics(pair[0].text)]
    plain = [pair for pair in answers if not with_diacritics(pair[0].text)]
    nothing = [got for row, got in asked if row.kind is Decision.NONE]
    aspects = [(row.aspects, got.aspects) for row, got in asked if row.aspects]
    return {
        "recall_at_1": _recall(answers, 1),
        "recall_at_3": _recall(answers, 3),
        "clarify_ok": share(is_right(*pair) for pair in asked if pair[0].kind is Decision.CLARIFY),
        "none_ok": share(got.decision is not Decision.ANSWER for got in nothing),
        "none_silent": share(got.decision is Decision.NONE and not got.codes for got in nothing),
        "answered_outright": share(got.decision is Decision.ANSWER for _, got in answers),
        "aspect_f1": f1_over(aspects, micro_f1),
        "recall_at_1_with_diacritics": _recall(accented, 1),
        "recall_at_1_without_diacritics": _recall(plain, 1),
    }


def is_right(row: Question, got: Shown) -> bool:
    """Whether a question counts as right (an answer row: accepted code first)."""
    match row.kind:
        case Decision.ANSWER:
            return _accepted(row, got, 1)
        case Decision.CLARIFY:
            return got.decision is Decision.CLARIFY and _accepted(row, got, CHOICES)
        case Decision.NONE:
            return got.decision is not Decision.ANSWER


def _taken_for_other(row: Question, got: Shown) -> bool:
    """Whether a question with an answer was shown nothing because of its intent."""
    return row.kind is not Decision.NONE and not got.codes and got.intent != PROCEDURE_QUESTION


def out_of_reach(rows: Iterable[Question], catalogue: Collection[str]) -> int:
    """Count the questions of which the catalogue holds no accepted code."""
    return sum(bool(row.codes) and not set(row.codes) & set(catalogue) for row in rows)


def _recall(asked: Iterable[Asked], among: int) -> Figure:
    return share(_accepted(row, got, among) for row, got in asked)


def _accepted(row: Question, got: Shown, among: int) -> bool:
    return any(code in row.codes for code in got.codes[:among])
