"""The queue (hàng chờ): the cases of an area, what needs somebody now on top.

The order, in bands from the top:

    overdue   its next deadline has passed; the longest ago first, whoever has it
    soon      the warning time of its next deadline has come; the earliest deadline first
    new       nobody has read it yet
    mine      I have it
    others    somebody else or nobody has it
    waiting   for its reporter, so nobody can do anything; the longest first
    done      the last changed first

New, mine and others go by their next deadline, too. A case has one such instant (``rank_at``) and
one lane, which the services set, so each band is a range of one index that holds all that lists
are filtered by: a page reads the cases that it shows and no other, and the next page goes on where
the last one ended (``Cursor``) without counting what came before. The cursor keeps the ``now`` of
the first page: while somebody pages, no case changes bands unless it is moved.

When words are looked for that few cases have, those cases are fetched and put in order here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.area import Area
from bot.feedback.category import Category
from bot.feedback.errors import BadFilter
from bot.feedback.filters import LARGEST_NUMBER, Due, Filter
from bot.feedback.finding import cases_with, has_words, rarest_first, told_words, word_hash
from bot.feedback.models import Case
from bot.feedback.ranking import Lane
from bot.feedback.states import State
from bot.storage.base import UtcTime
from bot.storage.vault import Vault

PAGE = 50  # cases
_FEW = 2000  # cases that are put in order here and not by the index
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Band(Enum):
    """A part of the queue, from the top down; the value stands in cursors."""

    OVERDUE = "o"
    SOON = "s"
    NEW = "n"
    MINE = "m"
    OTHERS = "t"
    WAITING = "w"
    DONE = "d"


_ORDER = {band: place for place, band in enumerate(Band)}
_LANE = {Band.WAITING: Lane.WAITING, Band.DONE: Lane.DONE}  # of the others: running
_BAND_OF_DUE = {Due.OVERDUE: Band.OVERDUE, Due.SOON: Band.SOON}


@dataclass(frozen=True)
class Looker:
    """Who looks at the queue, from where, and when."""

    account: str
    area: Area
    now: datetime


@dataclass(frozen=True)
class Listed:
    """A case as the queue shows it; ``excerpt`` is opened, and holds nothing personal."""

    id: int
    band: Band
    state: State
    category: Category
    province_code: str | None
    commune_code: str | None
    place_words: str
    office_words: str
    excerpt: str
    channel: str
    assignee: str | None
    received_at: datetime
    rank_at: datetime


@dataclass(frozen=True)
class Cursor:
    """The last case of a page: the next one begins behind it."""

    now: datetime  # of the first page
    band: Band
    rank_at: datetime
    id: int

    def __str__(self) -> str:
        """Return the text for an address; :meth:`read` takes it."""
        return f"{_micros(self.now)}.{self.band.value}.{_micros(self.rank_at)}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Return the cursor of a text; raises BadFilter."""
        try:
            now, band, rank_at, id = text.split(".")
            return cls(_instant(now), Band(band), _instant(rank_at), _number(id))
        except (ValueError, OverflowError):
            raise BadFilter("after", "what a page of the queue gave") from None


@dataclass(frozen=True)
class Page:
    """Some cases in order, where the next page begins, and which words nothing is found by."""

    cases: tuple[Listed, ...]
    next: Cursor | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """How many open cases of an area there are; ``mine`` and ``nobody`` are parts of ``open``."""

    open: int
    overdue: int
    soon: int
    new: int
    mine: int
    nobody: int
    waiting: int


def band_of(
    lane: Lane, state: State, rank_at: datetime, warn_at: datetime | None, mine: bool, now: datetime
) -> Band:
    """Return the band of a case; what the conditions of :func:`page` say to the database."""
    if lane is not Lane.RUNNING:
        return Band.WAITING if lane is Lane.WAITING else Band.DONE
    if rank_at < now:
        return Band.OVERDUE
    if warn_at is not None and warn_at <= now:
        return Band.SOON
    if state is State.NEW:
        return Band.NEW
    return Band.MINE if mine else Band.OTHERS


async def page(
    session: AsyncSession,
    vault: Vault,
    looker: Looker,
    wanted: Filter,
    after: Cursor | None = None,
    size: int = PAGE,
) -> Page:
    """Return the first cases, or those behind a cursor; raises CannotOpen.

    Words that are in nearly every story are ignored, and named; of only such words, nothing is
    found.
    """
    if after is not None:
        looker = Looker(looker.account, looker.area, after.now)
    hashes, ignored = _hashes(vault, wanted)
    if ignored and not hashes:
        return Page((), ignored=ignored)
    found = await _found(session, looker, wanted, hashes, after, size + 1)
    cases = await _listed(session, vault, found[:size])
    last = found[size - 1] if len(found) > size else None
    following = Cursor(looker.now, last.band, last.rank_at, last.id) if last else None
    return Page(cases, following, ignored)


async def counts(session: AsyncSession, looker: Looker) -> Counts:
    """Count the open cases of the area, exactly: one walk over them in the index.

    Who shows the figures on every page keeps them for some seconds.
    """
    running, overdue = Case.lane == Lane.RUNNING, Case.rank_at < looker.now
    soon = and_(running, ~overdue, Case.warn_at <= looker.now)
    counted = select(
        func.count(),
        _number_of(and_(running, overdue)),
        _number_of(soon),
        _number_of(Case.state == State.NEW),
        _number_of(Case.assignee == looker.account),
        _number_of(Case.assignee.is_(None)),
        _number_of(Case.lane == Lane.WAITING),
    ).where(Case.lane.in_([Lane.RUNNING, Lane.WAITING]), looker.area.where())
    return Counts(*(await session.execute(counted)).one())


async def arrived(
    session: AsyncSession, vault: Vault, looker: Looker, wanted: Filter, after_id: int
) -> int:
    """Count the cases of the list that were opened after the case of that number."""
    hashes, ignored = _hashes(vault, wanted)
    if ignored and not hashes:
        return 0
    conditions = [*_conditions(looker, wanted), *_in_lanes(wanted), *has_words(hashes)]
    conditions.append(Case.id > after_id)
    return await session.scalar(select(func.count()).where(*conditions)) or 0


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@dataclass(frozen=True)
class _Found:
    band: Band
    rank_at: datetime
    id: int


def _hashes(vault: Vault, wanted: Filter) -> tuple[list[int], tuple[str, ...]]:
    """Return the hashes of what is looked for, and the words that find nothing."""
    if wanted.number is not None:
        return [], ()
    hashes = [word_hash(vault, word) for word in told_words(wanted.q)]
    hashes += [word_hash(vault, word, of_office=True) for word in told_words(wanted.office)]
    said = [word for text in (wanted.q, wanted.office) for word in text.split()]
    return hashes, tuple(word for word in said if not told_words(word))


async def _found(
    session: AsyncSession,
    looker: Looker,
    wanted: Filter,
    hashes: Sequence[int],
    after: Cursor | None,
    limit: int,
) -> list[_Found]:
    few = await _few(session, wanted, hashes)
    if few is not None:
        conditions = [*_conditions(looker, wanted), *_in_lanes(wanted), Case.id.in_(few)]
        return await _in_order(session, looker, conditions, after, limit)
    found: list[_Found] = []
    for band in _bands(wanted, after):
        query = _in_band(looker, wanted, band, after).where(*has_words(hashes))
        rows = await session.execute(query.limit(limit - len(found)))
        found += [_Found(band, row.rank_at, row.id) for row in rows]
        if len(found) == limit:
            break
    return found


async def _few(
    session: AsyncSession, wanted: Filter, hashes: Sequence[int]
) -> Sequence[int] | None:
    """Return the cases that can be meant, if they are few; None when the index must be walked."""
    if wanted.number is not None:
        return [wanted.number]
    if not hashes:
        return None
    rarest, *others = await rarest_first(session, hashes)
    if rarest.is_frequent:
        return None
    query = cases_with([rarest.hash, *(each.hash for each in others)]).limit(_FEW + 1)
    few = (await session.scalars(query)).all()
    return few if len(few) <= _FEW else None


async def _in_order(
    session: AsyncSession,
    looker: Looker,
    conditions: Iterable[ColumnElement[bool]],
    after: Cursor | None,
    limit: int,
) -> list[_Found]:
    query = select(Case.id, Case.lane, Case.state, Case.rank_at, Case.warn_at, Case.assignee)
    found = [
        _Found(_band_of_row(row, looker), row.rank_at, row.id)
        for row in await session.execute(query.where(*conditions))
    ]
    if after is not None:
        found = [each for each in found if _place(each) > _place(after)]
    return sorted(found, key=_place)[:limit]


def _band_of_row(row: Row[Any], looker: Looker) -> Band:
    mine = row.assignee == looker.account
    return band_of(row.lane, row.state, row.rank_at, row.warn_at, mine, looker.now)


def _place(of: _Found | Cursor) -> tuple[int, int, int]:
    """Return what the queue is ordered by."""
    direction = -1 if of.band is Band.DONE else 1
    return _ORDER[of.band], direction * _micros(of.rank_at), direction * of.id


def _bands(wanted: Filter, after: Cursor | None) -> Iterator[Band]:
    """Yield the bands in which there can be something, from that of the cursor on."""
    for band in Band:
        if after is not None and _ORDER[band] < _ORDER[after.band]:
            continue
        if _LANE.get(band, Lane.RUNNING) not in wanted.lanes:
            continue
        if wanted.due is not None and band is not _BAND_OF_DUE[wanted.due]:
            continue
        if wanted.state and not _may_hold(band, wanted.state):
            continue
        yield band


def _may_hold(band: Band, states: frozenset[State]) -> bool:
    if band is Band.NEW:
        return State.NEW in states
    return band not in (Band.MINE, Band.OTHERS) or states != {State.NEW}


def _in_band(
    looker: Looker, wanted: Filter, band: Band, after: Cursor | None
) -> Select[tuple[int, datetime]]:
    place = (Case.rank_at, Case.id)
    query = select(Case.id, Case.rank_at).where(*_band(looker, band), *_conditions(looker, wanted))
    if after is not None and band is after.band:
        last = tuple_(literal(after.rank_at, UtcTime), literal(after.id))
        query = query.where(tuple_(*place) < last if band is Band.DONE else tuple_(*place) > last)
    if band is Band.DONE:
        return query.order_by(*(each.desc() for each in place))
    return query.order_by(*place)


def _band(looker: Looker, band: Band) -> list[ColumnElement[bool]]:
    """Return the conditions of a band; :func:`band_of` says the same of one case."""
    conditions: list[ColumnElement[bool]] = [Case.lane == _LANE.get(band, Lane.RUNNING)]
    match band:
        case Band.OVERDUE:
            conditions.append(Case.rank_at < looker.now)
        case Band.SOON:
            conditions += [Case.rank_at >= looker.now, Case.warn_at <= looker.now]
        case Band.NEW | Band.MINE | Band.OTHERS:
            calm = or_(Case.warn_at.is_(None), Case.warn_at > looker.now)
            conditions += [Case.rank_at >= looker.now, calm]
            is_new = Case.state == State.NEW
            conditions.append(is_new if band is Band.NEW else ~is_new)
    if band is Band.MINE:
        conditions.append(Case.assignee == looker.account)
    if band is Band.OTHERS:
        conditions.append(Case.assignee.is_distinct_from(looker.account))
    return conditions


def _conditions(looker: Looker, wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what a case of the list has to be, apart from its words."""
    conditions = [looker.area.where()]
    if wanted.number is not None:
        return conditions  # wherever it stands, and whatever else was said
    values: tuple[tuple[Any, frozenset[Any]], ...] = (
        (Case.state, wanted.state),
        (Case.category, wanted.category),
        (Case.channel, wanted.channel),
        (Case.province_code, wanted.province),
        (Case.commune_code, wanted.commune),
    )
    conditions += [column.in_(some) for column, some in values if some]
    if wanted.who == "nobody":
        conditions.append(Case.assignee.is_(None))
    elif wanted.who:
        conditions.append(Case.assignee == wanted.account(looker.account))
    if wanted.due is Due.OVERDUE:
        conditions.append(Case.rank_at < looker.now)
    if wanted.due is Due.SOON:
        conditions += [Case.rank_at >= looker.now, Case.warn_at <= looker.now]
    return conditions


def _in_lanes(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.number is not None or wanted.lanes == frozenset(Lane):
        return []
    return [Case.lane.in_(sorted(wanted.lanes, key=lambda lane: lane.value))]


async def _listed(
    session: AsyncSession, vault: Vault, found: Sequence[_Found]
) -> tuple[Listed, ...]:
    """Return what is shown of the cases, in the order in which they were found."""
    query = select(*_SHOWN).where(Case.id.in_([each.id for each in found]))
    rows = {row.id: row for row in await session.execute(query)}
    return tuple(_shown(vault, rows[each.id], each.band) for each in found if each.id in rows)


_SHOWN = (
    Case.id,
    Case.state,
    Case.category,
    Case.province_code,
    Case.commune_code,
    Case.place_words,
    Case.office_words,
    Case.excerpt,
    Case.channel,
    Case.assignee,
    Case.received_at,
    Case.rank_at,
)


def _shown(vault: Vault, row: Row[Any], band: Band) -> Listed:
    shown = dict(row._mapping)
    shown["excerpt"] = vault.open(row.excerpt).decode() if row.excerpt else ""
    return Listed(band=band, **shown)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: str) -> datetime:
    return _EPOCH + _number(micros) * _MICROSECOND


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))):
        raise ValueError(text)
    return int(text)
