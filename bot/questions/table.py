"""Questions as tables: out to a volunteer's spreadsheet and back, and out as rows to learn from.

Tab-separated, one header line. A spreadsheet takes a cell that begins with "=", "+", "-" or "@" for
a formula, and what citizens type may begin with anything: such cells get an apostrophe in front,
and lose it when they come back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from bot.questions.errors import BadLabel, Problem
from bot.questions.models import Question
from bot.questions.question import DISMISS, Label, Meant, State

WITH_PROCEDURES = frozenset({"ask_procedure", "ask_place"})  # intents whose label may carry codes
ASKED = (
    "id",
    "text",
    "times_asked",
    "understood",
    "confidence",
    "decision",
    "best_code",
    "chance",
)
FILLED_IN = ("intent", "kind", "codes", "note")
ABOUT_LABEL = ("labelled_by", "labelled_on")
INTENT_ROWS = ("id", "text", "intent", "detail")
PROCEDURE_ROWS = ("id", "text", "kind", "codes", "aspects")

_FORMULA = ("=", "+", "-", "@", "'")


class Known(Struct, frozen=True):
    """What a label may name."""

    intents: Collection[str]
    codes: Collection[str]


class Mark(Struct, frozen=True):
    """One line that somebody filled in; without a label it dismisses the question."""

    line: int
    id: int
    text: str
    label: Label | None


def as_line(cells: Sequence[str]) -> str:
    """Write one line; white space within a cell becomes a space, and no cell is a formula."""
    return "\t".join(_safe(" ".join(cell.split())) for cell in cells) + "\n"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def to_label(questions: Sequence[Question]) -> Iterator[str]:
    """Write questions for a volunteer, with empty columns to fill in where there is no label."""
    yield as_line((*ASKED, *FILLED_IN, *ABOUT_LABEL))
    for question in questions:
        day = f"{question.labelled_at:%Y-%m-%d}" if question.labelled_at else ""
        dismissed = question.state is State.DISMISSED
        yield as_line(
            (
                str(question.id),
                question.text,
                str(question.times_asked),
                question.intent,
                f"{question.confidence:.2f}",
                question.decision,
                question.best_code,
                f"{question.chance:.2f}",
                DISMISS if dismissed else question.label_intent,
                question.label_meant.value if question.label_meant else "",
                question.label_codes,
                question.label_note,
                question.labelled_by,
                day,
            )
        )


def intent_rows(questions: Sequence[Question]) -> Iterator[str]:
    """Write labelled questions in the columns of nlu/evaluation/intents.tsv; detail stays empty."""
    yield as_line(INTENT_ROWS)
    for question in questions:
        yield as_line((f"q-{question.id}", question.text, question.label_intent, ""))


def procedure_rows(questions: Sequence[Question]) -> Iterator[str]:
    """Write those of which somebody said what the search should find, as in procedures.tsv.

    bot/procedures/data/search-questions.tsv has the same columns but the last, which stays empty.
    """
    yield as_line(PROCEDURE_ROWS)
    for question in questions:
        if question.label_meant is not None:
            kind = question.label_meant.value
            yield as_line((f"q-{question.id}", question.text, kind, question.label_codes, ""))


def read_mark(line: int, cells: Mapping[str, str], known: Known) -> Mark | None:
    """Read one line of a file that came back; None when its intent is empty. Raises BadLabel."""
    given = {name: _unsafe(cell.strip()) for name, cell in cells.items()}
    intent = given.get("intent", "")
    if not intent:
        return None
    if not given.get("id", "").isdecimal():
        raise BadLabel(Problem.UNKNOWN_QUESTION)
    label = None if intent == DISMISS else _read_label(intent, given, known)
    return Mark(line, int(given["id"]), given.get("text", ""), label)


def _read_label(intent: str, given: Mapping[str, str], known: Known) -> Label:
    codes = tuple(code.strip() for code in given.get("codes", "").split(",") if code.strip())
    kind = given.get("kind", "")
    try:
        meant = Meant(kind) if kind else None
    except ValueError:
        raise BadLabel(Problem.UNKNOWN_MEANING) from None
    return checked(Label(intent, meant, codes, " ".join(given.get("note", "").split())), known)


def checked(label: Label, known: Known) -> Label:
    """Return a label that keeps the rules; codes alone mean that one of them is the answer.

    Raises BadLabel.
    """
    if label.intent not in known.intents:
        raise BadLabel(Problem.UNKNOWN_INTENT, label.intent[:40])
    for code in label.codes:
        if code not in known.codes:
            raise BadLabel(Problem.UNKNOWN_CODE, code[:20])
    if (label.codes or label.meant) and label.intent not in WITH_PROCEDURES:
        raise BadLabel(Problem.CODES_WITHOUT_PROCEDURE)
    meant = label.meant or (Meant.ANSWER if label.codes else None)
    if meant is Meant.NONE and label.codes:
        raise BadLabel(Problem.CODES_BUT_NONE)
    if meant in (Meant.ANSWER, Meant.CLARIFY) and not label.codes:
        raise BadLabel(Problem.NO_CODES)
    return Label(label.intent, meant, tuple(dict.fromkeys(label.codes)), label.note)
