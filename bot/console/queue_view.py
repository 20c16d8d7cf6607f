"""What the page of the queue shows, gathered once for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot.console import queue_texts, texts
from bot.console.frame import day
from bot.console.placing import communes_by_code, place_words, provinces_by_code
from bot.console.timing import left
from bot.feedback.clocks import Urgency
from bot.feedback.deadlines import Clock, Deadlines
from bot.feedback.filters import Due, Filter, Scope
from bot.feedback.models import SavedView
from bot.feedback.queue import Band, Counts, Listed
from bot.feedback.states import State
from bot.places.unit import Commune, Province
from bot.staff.models import Account

_URGENCY = {Band.OVERDUE: Urgency.OVERDUE, Band.SOON: Urgency.SOON}
_WORDS = queue_texts.QUEUE


@dataclass(frozen=True)
class Row:
    """A case in the table."""

    case: Listed
    place: str
    urgency: Urgency
    clock: str  # "còn 2 ngày làm việc"
    assignee: str

    @property
    def running(self) -> bool:
        """Whether the case has a date by which it is due."""
        return self.case.band not in (Band.WAITING, Band.DONE)


@dataclass(frozen=True)
class Tab:
    """A list that is one tap away."""

    name: str
    address: str
    here: bool
    count: int | None = None
    view: SavedView | None = None


@dataclass(frozen=True)
class Chip:
    """One condition of the list in words, and the address without it."""

    words: str
    without: str


def rows(
    cases: Iterable[Listed], names: dict[str, str], deadlines: Deadlines, now: datetime
) -> list[Row]:
    """Return the cases as they stand in the table."""
    return [
        Row(
            case=case,
            place=place_words(case.province_code, case.commune_code) or case.place_words,
            urgency=_URGENCY.get(case.band, Urgency.CALM),
            clock=_clock(case, deadlines, now),
            assignee=names.get(case.assignee or "", case.assignee or ""),
        )
        for case in cases
    ]


def _clock(case: Listed, deadlines: Deadlines, now: datetime) -> str:
    if case.band is Band.DONE:
        return str(_WORDS["done"]).format(at=day(case.rank_at))
    if case.band is Band.WAITING:
        return str(_WORDS["waiting"]).format(since=day(case.rank_at))
    rule = deadlines.rule(Clock.ANSWER, case.category, case.province_code, case.received_at)
    return left(now, case.rank_at, rule.calendar)


def tabs(here: Filter, counts: Counts, saved: Sequence[SavedView], at: str) -> list[Tab]:
    """Return the lists that everybody has, and those that somebody saved."""
    built_in = (
        ("open", Filter(), counts.open),
        ("new", Filter(state=frozenset({State.NEW})), counts.new),
        ("mine", Filter(who="me"), counts.mine),
        ("nobody", Filter(who="nobody"), counts.nobody),
        ("overdue", Filter(due=Due.OVERDUE), counts.overdue),
        ("waiting", Filter(state=frozenset({State.NEED_INFO})), counts.waiting),
        ("done", Filter(scope=Scope.DONE), None),
    )
    names: dict[str, str] = _WORDS["tabs"]
    made = [
        Tab(names[name], address(at, wanted), wanted == here, count)
        for name, wanted, count in built_in
    ]
    here_query = urlencode(here.query())
    made += [Tab(v.name, f"{at}?{v.query}", v.query == here_query, view=v) for v in saved]
    return made


def chips(wanted: Filter, names: dict[str, str], at: str) -> list[Chip]:
    """Return what the list is filtered by, one chip for each condition."""
    found = []
    if wanted.scope is not Scope.OPEN:
        chip = replace(wanted, scope=Scope.OPEN)
        found.append(Chip(queue_texts.SCOPES[wanted.scope], address(at, chip)))
    for field, words in _SETS.items():
        values: frozenset[Any] = getattr(wanted, field)
        for value in sorted(values, key=str):
            others: Any = {field: values - {value}}
            found.append(Chip(words(value), address(at, replace(wanted, **others))))
    if wanted.who:
        found.append(Chip(_who(wanted.who, names), address(at, replace(wanted, who=""))))
    if wanted.due is not None:
        found.append(Chip(queue_texts.DUES[wanted.due], address(at, replace(wanted, due=None))))
    if wanted.office:
        words_of_office = str(_WORDS["at_office"]).format(words=wanted.office)
        found.append(Chip(words_of_office, address(at, replace(wanted, office=""))))
    if wanted.q:
        said = str(_WORDS["said"]).format(words=wanted.q)
        found.append(Chip(said, address(at, replace(wanted, q=""))))
    return found


def address(at: str, wanted: Filter, **more: str) -> str:
    """Return the address of a list."""
    pairs = [*wanted.query(), *more.items()]
    return f"{at}?{urlencode(pairs)}" if pairs else at


def channel_words(name: str) -> str:
    """Say by which channel a story came."""
    return texts.CHANNELS.get(name, name)


def _who(who: str, names: dict[str, str]) -> str:
    if who in ("me", "nobody"):
        return str(_WORDS[who])
    return str(_WORDS["of"]).format(name=names.get(who[1:], who[1:]))


def _province(code: str) -> str:
    return place_words(code, None) or code


def _commune(code: str) -> str:
    unit = communes_by_code().get(code)
    return unit.name if unit else code


_SETS: dict[str, Any] = {
    "state": lambda value: texts.STATES[value].lower(),
    "category": lambda value: texts.CATEGORIES[value].lower(),
    "channel": channel_words,
    "province": _province,
    "commune": _commune,
}


def provinces(account: Account) -> list[tuple[str, str]]:
    """Return codes and names of the provinces in which somebody has cases."""
    own = (communes_by_code().get(code) for code in account.communes)
    codes = account.provinces | {unit.province.code for unit in own if unit}
    found = provinces_by_code().values()
    return _by_name(unit for unit in found if account.everywhere or unit.code in codes)


def communes(account: Account, wanted: Filter) -> list[tuple[str, str]]:
    """Return codes and names of the communes to choose from: of the provinces that are chosen."""
    known = communes_by_code()
    codes = wanted.commune | account.communes
    if wanted.province:
        codes |= {code for code, unit in known.items() if unit.province.code in wanted.province}
    return _by_name(known[code] for code in codes if code in known)


def _by_name(found: Iterable[Province | Commune]) -> list[tuple[str, str]]:
    return sorted(((unit.code, unit.name) for unit in found), key=lambda pair: pair[1])
