"""Keeping the stints: reading the chain of events on from where it was last read.

Every gateway runs one. They take turns by a row that whoever reads on holds until its transaction
ends; so each event is read once, and what was read and how far are written together. Events are
numbered in the order in which they were committed (bot.feedback.chain), so none is passed over.

The cases that some events are of are derived anew from all their events: nothing is counted up,
and nothing can drift.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback.deadlines import Clock
from bot.feedback.models import Case, CaseEvent, Kind
from bot.feedback.reports.models import Reading, Stint
from bot.feedback.reports.stints import Spell, Step, spells
from bot.feedback.services import Desk
from bot.feedback.states import State
from bot.storage.base import Base

logger = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
AT_ONCE = 200  # events read in one transaction: the one writer of SQLite is held up some 0.1 s

_COUNTED = (Kind.OPENED, Kind.MOVED, Kind.RATED)
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_reading = Base.metadata.tables[Reading.__tablename__]


class Follower:
    """Reads the chain on, again and again."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], desk: Desk) -> None:
        self._sessions = sessions
        self._desk = desk

    async def run(self) -> None:
        """Follow until cancelled; a storage that is down is tried again."""
        while True:
            try:
                await self.catch_up()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("following cases for reports: storage: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def catch_up(self, on_read: Callable[[int], None] = lambda events: None) -> None:
        """Read every event that is there now; ``on_read`` is told after each some."""
        while await self._is_behind():
            began = time.monotonic()
            async with self._sessions() as session, session.begin():
                events = await read_on(session, self._desk)
            on_read(events)
            # Turns of citizens write, too: they get as much time as this took.
            await asyncio.sleep(time.monotonic() - began)

    async def _is_behind(self) -> bool:
        async with self._sessions() as session:
            return await behind(session) > 0


async def behind(session: AsyncSession) -> int:
    """Return how many events are not read yet."""
    newest = select(func.coalesce(func.max(CaseEvent.number), 0)).scalar_subquery()
    read = select(Reading.number).where(Reading.id == 1).scalar_subquery()
    return await session.scalar(select(newest - func.coalesce(read, 0))) or 0


async def read_on(session: AsyncSession, desk: Desk, limit: int = AT_ONCE) -> int:
    """Read at most so many events; return how many there were. The caller commits."""
    after = await _take_hold(session)
    some = await session.execute(
        select(CaseEvent.number, CaseEvent.case_id, CaseEvent.kind)
        .where(CaseEvent.number > after)
        .order_by(CaseEvent.number)
        .limit(limit)
    )
    events = some.all()
    if not events:
        return 0
    upto = events[-1].number
    ids = {each.case_id for each in events if each.case_id and each.kind in _COUNTED}
    if ids:
        await _derive(session, desk, sorted(ids), upto)
    await session.execute(update(Reading).where(Reading.id == 1).values(number=upto))
    return len(events)


async def _take_hold(session: AsyncSession) -> int:
    """Hold the row that says how far was read, and return that."""
    make: Any = _INSERT[session.get_bind().dialect.name](_reading)
    await session.execute(
        make.values(id=1, number=0).on_conflict_do_update(
            index_elements=[_reading.c.id], set_={"id": 1}
        )
    )
    return await session.scalar(select(Reading.number).where(Reading.id == 1)) or 0


async def _derive(session: AsyncSession, desk: Desk, ids: Sequence[int], upto: int) -> None:
    """Write the stints of some cases anew."""
    steps = await _steps(session, ids)
    cases = await session.execute(select(*_OF_CASE).where(Case.id.in_(ids)))
    rows = [row for case in cases for row in _stints(case, desk, steps[case.id], event_number=upto)]
    await session.execute(delete(Stint).where(Stint.case_id.in_(ids)))
    if rows:
        await session.execute(insert(Stint), rows)


_OF_CASE = (
    Case.id,
    Case.category,
    Case.province_code,
    Case.commune_code,
    Case.office_words,
    Case.rating,
    Case.rated_at,
)


async def _steps(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, list[Step]]:
    rows = await session.execute(
        select(CaseEvent.case_id, CaseEvent.at, CaseEvent.state, CaseEvent.move, CaseEvent.role)
        .where(CaseEvent.case_id.in_(ids), CaseEvent.kind.in_([Kind.OPENED, Kind.MOVED]))
        .order_by(CaseEvent.number)
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    for case_id, *step in rows:
        steps[case_id].append(Step(*step))
    return steps


def _stints(
    case: Row[Any], desk: Desk, steps: Sequence[Step], event_number: int
) -> Iterator[dict[str, Any]]:
    rule = partial(desk.deadlines.rule, Clock.ANSWER, case.category, case.province_code)
    found = spells(steps, rule)
    rated = _rated(case, found)
    for number, spell in enumerate(found):
        yield {
            "case_id": case.id,
            "number": number,
            "event_number": event_number,
            "category": case.category,
            "province_code": case.province_code,
            "commune_code": case.commune_code,
            "office": desk.strip(case.office_words),
            "begun_by": spell.begun_by,
            "begun_at": seconds(spell.begun_at),
            "acted_at": seconds(spell.acted_at),
            "acted_in": spell.acted_in,
            "ended_at": seconds(spell.ended_at),
            "ended_in": spell.ended_in,
            "took": spell.took,
            "due_at": seconds(spell.due_at),
            "rating": case.rating if number == rated else None,
            "rated_at": seconds(case.rated_at) if number == rated else None,
        }


def _rated(case: Row[Any], found: Sequence[Spell]) -> int | None:
    """Return which stint ended with the answer that the reporter rated last."""
    if case.rated_at is None:
        return None
    answered = [
        number
        for number, spell in enumerate(found)
        if spell.ended_in is State.ANSWERED and spell.ended_at and spell.ended_at <= case.rated_at
    ]
    return answered[-1] if answered else None


def seconds(at: datetime | None) -> int | None:
    """Return an instant as the tables of stints keep it."""
    return None if at is None else int(at.timestamp())
