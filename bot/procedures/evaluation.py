"""How well a search answers: figures over labelled questions, with their uncertainty."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt
from statistics import NormalDist

from msgspec import Struct

from bot.procedures.search import Decision, Outcome

CHOICES = 5  # how many procedures a citizen is offered to choose from


class Row(Struct, frozen=True):
    """A labelled question; ``codes`` are all the procedures that are accepted."""

    id: str
    text: str
    kind: Decision
    codes: tuple[str, ...] = ()


class Share(Struct, frozen=True):
    """How many of how many, with the 95 % confidence interval of Wilson (0..1)."""

    right: int
    of: int
    value: float | None  # None when there was nothing to count
    low: float
    high: float


class Wrong(Struct, frozen=True):
    """A row that went wrong, with what was decided and ranked instead."""

    row: Row
    decision: Decision
    ranked: tuple[str, ...]


class Figures(Struct, frozen=True):
    """The contract's figures, and how often an answer was given outright."""

    n: int
    recall_at_1: Share
    recall_at_3: Share
    clarify_ok: Share
    none_ok: Share
    answered_outright: Share  # answer rows decided ANSWER: the others were asked "which one"
    wrong: tuple[Wrong, ...]


class BadRow(Exception):
    """A line of the file cannot be used; the message names the line and the reason."""


def read_rows(text: str) -> list[Row]:
    """Read labelled questions: id, text, kind (answer, clarify, none), codes with commas between.

    Further columns are left alone. Raises BadRow.
    """
    lines = list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_read_row(number, line) for number, line in enumerate(lines, 2)]


def _read_row(number: int, line: Mapping[str, str | None]) -> Row:
    codes = tuple(code.strip() for code in (line.get("codes") or "").split(",") if code.strip())
    try:
        kind = Decision(line.get("kind"))
    except ValueError:
        raise BadRow(f"line {number}: kind must be answer, clarify or none") from None
    if (kind is Decision.NONE) == bool(codes) or not line.get("text"):
        raise BadRow(f"line {number}: needs a text, and codes exactly when something is accepted")
    return Row(line.get("id") or str(number), line["text"] or "", kind, codes)


def evaluate(rows: Iterable[Row], find: Callable[[str], Outcome]) -> Figures:
    """Ask ``find`` every question and count.

    An answer row is right at 1 (at 3) when an accepted code is ranked first (among the first
    three); a clarify row when the decision is CLARIFY and an accepted code is among the choices;
    a none row when the decision is NONE.
    """
    found = [(row, find(row.text)) for row in rows]
    answers = [pair for pair in found if pair[0].kind is Decision.ANSWER]
    clarify = [pair for pair in found if pair[0].kind is Decision.CLARIFY]
    nothing = [pair for pair in found if pair[0].kind is Decision.NONE]
    return Figures(
        n=len(found),
        recall_at_1=_share([_accepted(row, outcome, 1) for row, outcome in answers]),
        recall_at_3=_share([_accepted(row, outcome, 3) for row, outcome in answers]),
        clarify_ok=_share([is_right(row, outcome) for row, outcome in clarify]),
        none_ok=_share([is_right(row, outcome) for row, outcome in nothing]),
        answered_outright=_share([o.decision is Decision.ANSWER for _, o in answers]),
        wrong=tuple(
            Wrong(row, outcome.decision, tuple(hit.code for hit in outcome.hits[:CHOICES]))
            for row, outcome in found
            if not is_right(row, outcome)
        ),
    )


def is_right(row: Row, outcome: Outcome) -> bool:
    """Whether the row counts as right (an answer row: accepted code first)."""
    match row.kind:
        case Decision.ANSWER:
            return _accepted(row, outcome, 1)
        case Decision.CLARIFY:
            return outcome.decision is Decision.CLARIFY and _accepted(row, outcome, CHOICES)
        case Decision.NONE:
            return outcome.decision is Decision.NONE


def wilson(right: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """The confidence interval of a share; (0, 1) when nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def _accepted(row: Row, outcome: Outcome, among: int) -> bool:
    return any(hit.code in row.codes for hit in outcome.hits[:among])


def _share(rights: Sequence[bool]) -> Share:
    right, of = sum(rights), len(rights)
    return Share(right, of, right / of if of else None, *wilson(right, of))
