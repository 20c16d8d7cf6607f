"""What somebody wants to see of the queue, as the query string of a page says it. Pure.

    scope     open (when it is not said), done or all
    state, category, channel, province, commune     each as often as one likes: any of them
    who       me, nobody, or @ and an account
    due       overdue or soon
    office    words of the office
    q         words of the story, the place or the office; or the number of a case

An empty value says nothing. Names that are not listed here are somebody else's and left alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import TypeVar

from bot.feedback.category import Category
from bot.feedback.errors import BadFilter
from bot.feedback.ranking import Lane, lane_of
from bot.feedback.states import State
from bot.vietnamese import clean

LONGEST_WORDS = 200  # characters
MOST_VALUES = 30  # of one name
LARGEST_NUMBER = 2**63 - 1

_CODE = re.compile(r"\d{1,8}", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CASE_NUMBER = re.compile(r"#?\s?(\d{1,19})", re.ASCII)
_E = TypeVar("_E", bound=Enum)


class Scope(Enum):
    """Which lanes of the queue."""

    OPEN = "open"
    DONE = "done"
    ALL = "all"


class Due(Enum):
    """How the clock that is due next stands."""

    OVERDUE = "overdue"
    SOON = "soon"


_LANES = {
    Scope.OPEN: frozenset({Lane.RUNNING, Lane.WAITING}),
    Scope.DONE: frozenset({Lane.DONE}),
    Scope.ALL: frozenset(Lane),
}


@dataclass(frozen=True)
class Filter:
    """A list of cases; an empty set of values is any value."""

    scope: Scope = Scope.OPEN
    state: frozenset[State] = frozenset()
    category: frozenset[Category] = frozenset()
    channel: frozenset[str] = frozenset()
    province: frozenset[str] = frozenset()
    commune: frozenset[str] = frozenset()
    who: str = ""
    due: Due | None = None
    office: str = ""
    q: str = ""

    @property
    def number(self) -> int | None:
        """The number of the case, when that is what is looked for, wherever it stands."""
        match = _CASE_NUMBER.fullmatch(self.q)
        number = int(match[1]) if match else 0
        return number if 0 < number <= LARGEST_NUMBER else None

    @property
    def lanes(self) -> frozenset[Lane]:
        """The lanes in which there can be such a case; states that are named say it themselves."""
        if self.due is not None:
            lanes = frozenset({Lane.RUNNING})
        else:
            lanes = _LANES[Scope.ALL if self.state else self.scope]
        return lanes & {lane_of(state) for state in self.state or State}

    def account(self, me: str) -> str | None:
        """Return whose cases are meant; None when that does not matter or nobody has them."""
        if self.who == "me":
            return me
        return self.who[1:] if self.who.startswith("@") else None

    def query(self) -> list[tuple[str, str]]:
        """Return the pairs of the query string that says this; read again, they are the same."""
        pairs = []
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                said = value if isinstance(value, frozenset) else [value]
                pairs += [(each.name, word) for word in sorted(_word(one) for one in said)]
        return pairs


def read_filter(pairs: Iterable[tuple[str, str]]) -> Filter:
    """Return what a query string asks for; raises BadFilter, which names what is wrong."""
    said = _by_name(pairs)
    return Filter(
        scope=_one_of(Scope, said, "scope") or Scope.OPEN,
        state=_some_of(State, said, "state"),
        category=_some_of(Category, said, "category"),
        channel=_matching(_NAME, said, "channel"),
        province=_matching(_CODE, said, "province"),
        commune=_matching(_CODE, said, "commune"),
        who=_who(said),
        due=_one_of(Due, said, "due"),
        office=_text(said, "office"),
        q=_text(said, "q"),
    )


def _word(value: Enum | str) -> str:
    return str(value.value) if isinstance(value, Enum) else value


def _by_name(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    said: dict[str, list[str]] = {each.name: [] for each in fields(Filter)}
    for name, value in pairs:
        if name in said and value.strip():
            said[name].append(value.strip())
            if len(said[name]) > MOST_VALUES:
                raise BadFilter(name, f"more than {MOST_VALUES} values")
    return said


def _some_of(enum: type[_E], said: Mapping[str, list[str]], name: str) -> frozenset[_E]:
    known = {member.value: member for member in enum}
    if any(value not in known for value in said[name]):
        raise BadFilter(name, f"one of {', '.join(sorted(known))}")
    return frozenset(known[value] for value in said[name])


def _single(said: Mapping[str, list[str]], name: str) -> str:
    if len(set(said[name])) > 1:
        raise BadFilter(name, "one value")
    return said[name][0] if said[name] else ""


def _one_of(enum: type[_E], said: Mapping[str, list[str]], name: str) -> _E | None:
    _single(said, name)
    return next(iter(_some_of(enum, said, name)), None)


def _matching(shape: re.Pattern[str], said: Mapping[str, list[str]], name: str) -> frozenset[str]:
    if not all(map(shape.fullmatch, said[name])):
        raise BadFilter(name, "a code")
    return frozenset(said[name])


def _who(said: Mapping[str, list[str]]) -> str:
    who = _single(said, "who")
    if who in ("", "me", "nobody") or (who.startswith("@") and _NAME.fullmatch(who[1:])):
        return who
    raise BadFilter("who", "me, nobody, or @ and an account")


def _text(said: Mapping[str, list[str]], name: str) -> str:
    text = clean(_single(said, name))
    if len(text) > LONGEST_WORDS:
        raise BadFilter(name, f"at most {LONGEST_WORDS} characters")
    return text
