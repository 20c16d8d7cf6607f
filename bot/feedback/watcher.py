"""Doing what the watch over cases says is due: marks, events, and words to the reporter.

Every gateway runs one. Which of them acts is settled in the database: a case is looked at again
by whoever holds the end of the chain, and each case is a transaction of its own. So a case that
another node has just seen to is passed over, a watcher that is killed has done a case wholly or
not at all, and one case that cannot be handled holds up no other.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback import wording
from bot.feedback.chain import Actor, Content, Happened, append, take_hold
from bot.feedback.clocks import due
from bot.feedback.deadlines import Clock, Wait
from bot.feedback.errors import FeedbackError
from bot.feedback.marks import CaseRules, due_at, mark, plan, standing_of
from bot.feedback.models import Case, ChainEnd, Kind
from bot.feedback.services import Desk, Step, add_to_case, move, past_of
from bot.feedback.states import Move, Role
from bot.feedback.watch import Deed, Stage, Task, due_tasks
from bot.storage.vault import CannotOpen

logger = logging.getLogger(__name__)

CLOCK = Actor(Role.CLOCK)
LOOK_EVERY = 15.0  # seconds
AT_ONCE = 200
AFTER_TROUBLE = timedelta(hours=1)

_MARKS = {
    Deed.WARN: (Stage.WARNED, Kind.WARNED),
    Deed.MARK_LATE: (Stage.OVERDUE, Kind.OVERDUE),
    Deed.ESCALATE: (Stage.ESCALATED, Kind.ESCALATED),
}


class Trust:
    """Believes a clock that was set to another time only after it has run evenly for a while.

    A machine whose clock jumps by days would otherwise declare everything late, and what was told
    to people cannot be taken back.
    """

    def __init__(
        self, patience: timedelta = timedelta(minutes=10), slack: timedelta = timedelta(minutes=1)
    ) -> None:
        """``slack``: by how much a clock may be set without being doubted."""
        self._patience = patience.total_seconds()
        self._slack = slack.total_seconds()
        self._offset: float | None = None
        self._doubted_until = float("-inf")

    def believes(self, now: datetime, ticks: float) -> bool:
        """Tell whether ``now`` can be acted on; ``ticks``: seconds of a clock nobody can set."""
        offset = now.timestamp() - ticks
        if self._offset is not None and abs(offset - self._offset) > self._slack:
            self._doubted_until = ticks + self._patience
            logger.warning("the clock was set to another time; waiting to see whether it stays")
        self._offset = offset
        return ticks >= self._doubted_until


class Watcher:
    """Looks after every case whose time has come."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        desk: Desk,
        clock: Callable[[], datetime],
        on_done: Callable[[], None] = lambda: None,
    ) -> None:
        """``on_done`` is called after something was done with a case."""
        self._sessions = sessions
        self._desk = desk
        self._clock = clock
        self._on_done = on_done
        self._trust = Trust()

    async def run(self) -> None:
        """Watch until cancelled; a storage that is down is tried again."""
        while True:
            try:
                if self._trust.believes(self._clock(), time.monotonic()):
                    await self.go_round()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("watch over cases: storage: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def go_round(self) -> None:
        """See to every case that is to be looked at now."""
        while waiting := await self._waiting():
            for case_id in waiting:
                began = time.monotonic()
                await self._see_to(case_id)
                # Turns of citizens need the chain too: they get as much time as this took.
                await asyncio.sleep(time.monotonic() - began)

    async def _waiting(self) -> Sequence[int]:
        query = select(Case.id).where(Case.look_at < self._clock()).order_by(Case.look_at)
        async with self._sessions() as session:
            return (await session.scalars(query.limit(AT_ONCE))).all()

    async def _see_to(self, case_id: int) -> None:
        try:
            async with self._sessions() as session, session.begin():
                done = await look_after(session, self._desk, case_id, self._clock())
        except (FeedbackError, CannotOpen) as error:
            logger.error("case %d cannot be looked after: %s", case_id, error)
            await self._put_off(case_id)
            return
        if done:
            self._on_done()

    async def _put_off(self, case_id: int) -> None:
        later = self._clock() + AFTER_TROUBLE
        async with self._sessions() as session, session.begin():
            await session.execute(update(Case).where(Case.id == case_id).values(look_at=later))


async def look_after(
    session: AsyncSession, desk: Desk, case_id: int, now: datetime
) -> Sequence[Task]:
    """Do what is to be done with a case now, and note when to look again; the caller commits."""
    end = await take_hold(session, desk.vault)
    case = await session.get(Case, case_id, populate_existing=True)
    if case is None or case.look_at is None or case.look_at >= now:
        return ()  # somebody else was here first
    past = await past_of(session, case_id)
    rules = CaseRules(desk.deadlines, case, past)
    tasks = due_tasks(standing_of(case, past), rules, now)
    for task in tasks:
        await _do(session, desk, end, case, task, rules, now)
    if case.state is past[-1].state:  # a move has planned anew by itself
        plan(case, past, rules)
    await session.flush()
    return tasks


async def _do(
    session: AsyncSession,
    desk: Desk,
    end: ChainEnd,
    case: Case,
    task: Task,
    rules: CaseRules,
    now: datetime,
) -> None:
    match task.deed:
        case Deed.REMIND:
            case.reminded_at = now
            await append(session, desk.vault, end, case, Happened(Kind.REMINDED, CLOCK, now))
            await add_to_case(session, desk, case.id, wording.reminder(), CLOCK, now)
        case Deed.RESUME:
            await move(session, desk, case.id, Step(Move.RESUME), CLOCK, now)
            await add_to_case(session, desk, case.id, wording.goes_on(), CLOCK, now)
        case Deed.CLOSE:
            await move(session, desk, case.id, Step(Move.CLOSE), CLOCK, now)
            await add_to_case(session, desk, case.id, wording.closed(), CLOCK, now)
        case _:
            happened = _marked(case, task, now)
            await append(session, desk.vault, end, case, happened)
            if (task.deed, task.clock) == (Deed.MARK_LATE, Clock.ANSWER):
                await _own_up(session, desk, case, rules, now)


def _marked(case: Case, task: Task, now: datetime) -> Happened:
    if task.clock is None:
        raise ValueError("a deed about a deadline names its clock")
    stage, kind = _MARKS[task.deed]
    mark(case, task.clock, stage)
    content = Content(clock=task.clock, due_at=due_at(case, task.clock))
    return Happened(kind, CLOCK, now, content)


async def _own_up(
    session: AsyncSession, desk: Desk, case: Case, rules: CaseRules, now: datetime
) -> None:
    """Tell the reporter that their answer is late, and when it is expected now."""
    case.promised_at = due(now, rules.wait(Wait.EXPECT))
    text = wording.late(case.state, case.answer_due_at, case.promised_at)
    await session.flush()  # the case is read again below
    await add_to_case(session, desk, case.id, text, CLOCK, now)
