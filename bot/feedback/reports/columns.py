"""The stints in memory, a column each: what is counted of 200,000 of them takes milliseconds.

A gateway keeps one `Shelf`. It reads all stints when they are first asked for, and from then on
those that changed: each names the event up to which the chain was read for it. Some 80 bytes a
stint, so 200,000 take 16 MB.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback.category import Category
from bot.feedback.reports.models import Beginning, Reading, Stint
from bot.feedback.states import State
from bot.vietnamese import fold, normalise

Array = npt.NDArray[Any]

NEVER = 2**62  # an instant that has not come
AT_ONCE = 20_000  # rows read from the database together
_NUMBERS = 1 << 16  # a key is the case's number, and behind it that of its stint


@dataclass(frozen=True)
class Columns:
    """Stints in the order of their keys; instants in seconds, NEVER where there is none."""

    key: Array
    place: Array  # of Names.places
    office: Array  # of Names.offices
    category: Array  # of CATEGORIES
    begun_by: Array  # of BEGINNINGS
    begun_at: Array
    acted_at: Array
    acted_in: Array  # NaN where nobody acted
    ended_at: Array
    ended_in: Array  # of STATES, -1 while it is open
    took: Array  # NaN while it is open
    due_at: Array
    rating: Array  # 0 without one
    rated_at: Array

    @property
    def case_id(self) -> Array:
        """The numbers of the cases."""
        return self.key // _NUMBERS

    def only(self, mask: Array) -> "Columns":
        """Return the stints that are marked."""
        return Columns(*(getattr(self, each.name)[mask] for each in fields(self)))


CATEGORIES: tuple[Category, ...] = tuple(Category)
STATES: tuple[State, ...] = tuple(State)
BEGINNINGS: tuple[Beginning, ...] = tuple(Beginning)

_TYPES: dict[str, Any] = {
    "key": np.int64,
    "place": np.int32,
    "office": np.int32,
    "category": np.int8,
    "begun_by": np.int8,
    "begun_at": np.int64,
    "acted_at": np.int64,
    "acted_in": np.float64,
    "ended_at": np.int64,
    "ended_in": np.int8,
    "took": np.float64,
    "due_at": np.int64,
    "rating": np.int8,
    "rated_at": np.int64,
}


class Names:
    """What columns hold numbers for, in the order in which it was first met."""

    def __init__(self) -> None:
        self.places: list[tuple[str | None, str | None]] = []  # codes of province and commune
        self.offices: list[str] = []  # as first spelt
        self._place: dict[tuple[str | None, str | None], int] = {}
        self._office: dict[str, int] = {}
        self._spelt: dict[str, int] = {}

    def place(self, province: str | None, commune: str | None) -> int:
        """Return the number of a place."""
        known = self._place.setdefault((province, commune), len(self.places))
        if known == len(self.places):
            self.places.append((province, commune))
        return known

    def office(self, words: str) -> int:
        """Return the number of an office; however it was capitalised, accented and spelt."""
        known = self._spelt.get(words)
        if known is None:
            known = self._office.setdefault(fold(normalise(words)), len(self.offices))
            if known == len(self.offices):
                self.offices.append(words)
            self._spelt[words] = known
        return known


@dataclass(frozen=True)
class Held:
    """The stints, and up to which event the chain was read for them."""

    columns: Columns
    names: Names
    upto: int


class Shelf:
    """Holds the columns of this process."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._lock = asyncio.Lock()
        self._held = Held(_empty(), Names(), 0)

    async def held(self) -> Held:
        """Return the stints as the database has them now."""
        async with self._lock, self._sessions() as session:
            upto = await session.scalar(select(Reading.number).where(Reading.id == 1)) or 0
            if upto < self._held.upto:  # they were emptied and are made anew
                self._held = Held(_empty(), Names(), 0)
            if upto > self._held.upto:
                await self._read_on(session, upto)
            return self._held

    async def _read_on(self, session: AsyncSession, upto: int) -> None:
        held, pieces, after = self._held, [], (0, -1)
        changed = Stint.event_number > held.upto
        while True:
            rows = (await session.execute(_query(after).where(changed))).all()
            if rows:
                pieces.append(await asyncio.to_thread(_columns, rows, held.names))
                after = (rows[-1].case_id, rows[-1].number)
            if len(rows) < AT_ONCE:
                break
        columns = await asyncio.to_thread(_merged, held.columns, pieces)
        self._held = Held(columns, held.names, upto)


def _query(after: tuple[int, int]) -> Select[Any]:
    """Return the query of the rows behind a key; enums as their values, which takes no time."""
    case_id, number = after
    behind = (Stint.case_id > case_id) | ((Stint.case_id == case_id) & (Stint.number > number))
    return (
        select(
            Stint.case_id,
            Stint.number,
            Stint.province_code,
            Stint.commune_code,
            Stint.office,
            type_coerce(Stint.category, String).label("category"),
            type_coerce(Stint.begun_by, String).label("begun_by"),
            Stint.begun_at,
            Stint.acted_at,
            Stint.acted_in,
            Stint.ended_at,
            type_coerce(Stint.ended_in, String).label("ended_in"),
            Stint.took,
            Stint.due_at,
            Stint.rating,
            Stint.rated_at,
        )
        .where(Stint.case_id >= case_id, behind)
        .order_by(Stint.case_id, Stint.number)
        .limit(AT_ONCE)
    )


def _numbered(enums: Iterable[Enum]) -> dict[str | None, int]:
    return {each.value: number for number, each in enumerate(enums)} | {None: -1}


_CATEGORY = _numbered(CATEGORIES)
_STATE = _numbered(STATES)
_BEGINNING = _numbered(BEGINNINGS)


def _columns(rows: Sequence[Any], names: Names) -> Columns:
    (
        case_ids, numbers, provinces, communes, offices, categories, begun_by, begun_at,
        acted_at, acted_in, ended_at, ended_in, took, due_at, rating, rated_at,
    ) = zip(*rows, strict=True)  # fmt: skip
    values: dict[str, Iterable[Any]] = {
        "key": (case * _NUMBERS + n for case, n in zip(case_ids, numbers, strict=True)),
        "place": map(names.place, provinces, communes),
        "office": map(names.office, offices),
        "category": map(_CATEGORY.__getitem__, categories),
        "begun_by": map(_BEGINNING.__getitem__, begun_by),
        "begun_at": begun_at,
        "acted_at": map(_instant, acted_at),
        "acted_in": map(_length, acted_in),
        "ended_at": map(_instant, ended_at),
        "ended_in": map(_STATE.__getitem__, ended_in),
        "took": map(_length, took),
        "due_at": map(_instant, due_at),
        "rating": (each or 0 for each in rating),
        "rated_at": map(_instant, rated_at),
    }
    count = len(rows)
    return Columns(**{name: np.fromiter(v, _TYPES[name], count) for name, v in values.items()})


def _instant(seconds: int | None) -> int:
    return NEVER if seconds is None else seconds


def _length(days: float | None) -> float:
    return float("nan") if days is None else days


def _empty() -> Columns:
    return Columns(**{name: np.empty(0, kind) for name, kind in _TYPES.items()})


def _merged(held: Columns, pieces: Sequence[Columns]) -> Columns:
    """Return new columns in which the pieces, each in order, have replaced what they hold anew."""
    if not pieces:
        return held
    kept = held.only(~np.isin(held.key, np.concatenate([each.key for each in pieces])))
    parts = [kept, *pieces]
    joined = Columns(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _TYPES}
    )
    return joined.only(np.argsort(joined.key, kind="stable"))
