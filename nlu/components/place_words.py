"""What the table of places (``places.tsv``) says, made ready for a quick look."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.places import KINDS, Level, Unit, key, units
from bot.vietnamese import fold
from nlu.components.phrases import Lexicon, read_table

AREA, WAY, PERSON, NO_PLACE = "nơi", "hướng", "người", "không"
_COMPANY, _COMPANY_IF_BARE = "kèm", "kèm-không-dấu"
_LEADS = (AREA, WAY, PERSON, NO_PLACE)
_OPENING = (AREA, WAY, NO_PLACE, *KINDS)  # a person's word only stands before what is no place
_ROLES = (*_LEADS, _COMPANY, _COMPANY_IF_BARE)


class Called(NamedTuple):
    """One writing of a province's name, and the provinces, new and old, so called."""

    writing: str
    units: tuple[Unit, ...]


class Vocabulary(NamedTuple):
    """The rows of ``places.tsv``; provinces go by their key, with each of its writings."""

    openers: frozenset[str]
    province_openers: frozenset[str]
    leads: Lexicon
    dotted: frozenset[str]
    aliases: dict[str, tuple[Unit, ...]]
    provinces: dict[str, tuple[Called, ...]]
    company: frozenset[str]
    company_if_bare: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The one copy of a process. Raises ValueError when a row names no province."""
    rows = read_table("places.tsv")
    aliases = [
        Called(phrase, _provinces_called(meaning))
        for meaning, phrase in rows
        if meaning not in _ROLES and meaning not in KINDS
    ]
    known: tuple[Unit, ...] = (*units().provinces, *units().old)
    official = {
        unit.short: Called(unit.short, _provinces_called(unit.short))
        for unit in known
        if unit.level == Level.PROVINCE
    }
    provinces: dict[str, tuple[Called, ...]] = {}
    for called in (*official.values(), *aliases):
        name = key(called.writing)
        provinces[name] = (*provinces.get(name, ()), called)
    return _with_openers(rows, aliases, provinces)


def _with_openers(
    rows: Sequence[tuple[str, str]],
    aliases: Sequence[Called],
    provinces: dict[str, tuple[Called, ...]],
) -> Vocabulary:
    shorts = {phrase for _, phrase in rows}
    firsts = frozenset(
        fold(called.writing).split()[0] for calleds in provinces.values() for called in calleds
    )
    return Vocabulary(
        openers=Lexicon([row for row in rows if row[0] in _OPENING]).openers
        | firsts
        | {*provinces},
        province_openers=firsts | {*provinces},
        leads=Lexicon([row for row in rows if row[0] in _LEADS or row[0] in KINDS]),
        dotted=frozenset(s[:-1] for s in shorts if s.endswith(".") and s[:-1] not in shorts),
        aliases={key(called.writing): called.units for called in aliases},
        provinces=provinces,
        company=frozenset(key(phrase) for meaning, phrase in rows if meaning == _COMPANY),
        company_if_bare=frozenset(
            key(phrase) for meaning, phrase in rows if meaning == _COMPANY_IF_BARE
        ),
    )


def _provinces_called(name: str) -> tuple[Unit, ...]:
    """Raises ValueError when there is no such province, new or old: the table has a slip."""
    found = tuple(unit for unit in units().find(name) if unit.level == Level.PROVINCE)
    if not found:
        raise ValueError(f"places.tsv names no province: {name}")
    return found
