"""How well the facts of a message are read: place, office, official, time, money.

Scoring, where there is a choice:

- A place is right when it means the same units of today, however it was written: "Phường Sài Gòn
  (Thành phố Hồ Chí Minh)"; of a split ward or a district all the communes it became, with bars
  between; "?" where they are too many to name.
- A time is its day, where the words mean one day; else the words, without diacritics.
- An office and an official's role are their ids, an amount is in đồng.
- What is told twice counts once. F1 is micro-averaged over all facts of all rows: a fact that is
  not there costs as much as one that was missed. ``rows_right`` counts rows without either.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.evaluation.figures import f1_over, micro_f1, share, with_diacritics
from bot.evaluation.files import Line, read_table
from bot.evaluation.result import Result
from bot.evaluation.tables import Table
from bot.evaluation.talk import Understander
from bot.vietnamese import fold

KINDS = ("place", "office", "role", "time", "money")
MANY = "?"  # a place's name that too many communes bear

Fact = tuple[str, str]
"""A kind and what is told: ("money", "500000")."""


class Told(Struct, frozen=True):
    """A labelled message: the day on which it was written, and the facts that it tells."""

    id: str
    text: str
    on: date
    facts: frozenset[Fact]


Read = tuple[Told, frozenset[Fact]]


def read_told(path: Path) -> list[Told]:
    """Read id, text, on (the day it was written) and a column per kind of fact. Raises BadFile."""
    return [_told(line) for line in read_table(path, ("id", "text", "on"))]


def _told(line: Line) -> Told:
    try:
        on = date.fromisoformat(line["on"])
    except ValueError:
        raise line.bad(f"on is {line['on']!r}, no day such as 2026-11-18") from None
    facts = ((kind, one.strip()) for kind in KINDS for one in line[kind].split(";"))
    return Told(line["id"], line["text"], on, frozenset(_fact(*fact) for fact in facts if fact[1]))


async def measure_entities(rows: Iterable[Told], assistant: Understander) -> list[Read]:
    """Have every message read as if it were written on its day."""
    return [(row, facts(await assistant.parse(row.text, row.on))) for row in rows]


def facts(parse: Mapping[str, Any]) -> frozenset[Fact]:
    """Return what is scored among the entities of a parse."""
    entities = [one for one in parse.get("entities") or () if one.get("entity") in KINDS]
    return frozenset(_fact(one["entity"], _meant(one)) for one in entities)


def _fact(kind: str, told: str) -> Fact:
    return kind, fold(told) if kind == "time" else told


def _meant(entity: Mapping[str, Any]) -> str:
    if entity["entity"] == "place":
        return place_meant(entity["unit"])
    return str(entity.get("date") or entity["value"])


def place_meant(unit: Mapping[str, Any]) -> str:
    """Name the units of today that a place means, as the labelled files write them."""
    if unit["level"] == "province":
        return str(unit["name"])
    province = unit["province"]
    if unit["name"]:
        return f"{unit['name']} ({province})"
    candidates = unit["candidates"]
    if not province:
        return " | ".join(sorted(f"{c['name']} ({c['province']})" for c in candidates)) or MANY
    return " | ".join(sorted(c["name"] for c in candidates)) + f" ({province})"


def entity_result(read: Sequence[Read]) -> Result:
    """Count."""
    pairs = [(row.facts, got) for row, got in read]
    accented = [(row.facts, got) for row, got in read if with_diacritics(row.text)]
    plain = [(row.facts, got) for row, got in read if not with_diacritics(row.text)]
    of_kind = {kind: [(_only(kind, m), _only(kind, g)) for m, g in pairs] for kind in KINDS}
    return Result(
        n=len(read),
        figures={
            "entity_f1": f1_over(pairs, micro_f1),
            "rows_right": share(meant == got for meant, got in pairs),
            **{f"{kind}_f1": f1_over(some, micro_f1) for kind, some in of_kind.items()},
            "entity_f1_with_diacritics": f1_over(accented, micro_f1),
            "entity_f1_without_diacritics": f1_over(plain, micro_f1),
        },
        wrong=Table(
            ("id", "text", "missed", "not there"),
            [
                (row.id, row.text, _said(row.facts - got), _said(got - row.facts))
                for row, got in read
                if row.facts != got
            ],
        ),
    )


def _only(kind: str, some: Iterable[Fact]) -> frozenset[Fact]:
    return frozenset(fact for fact in some if fact[0] == kind)


def _said(some: Iterable[Fact]) -> str:
    return "; ".join(f"{kind} {told}" for kind, told in sorted(some))
