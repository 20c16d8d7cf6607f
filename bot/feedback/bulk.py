"""Doing one thing with many cases: each by a guarded move and a transaction of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback.area import Area
from bot.feedback.chain import Actor
from bot.feedback.errors import FeedbackError, NoSuchCase
from bot.feedback.models import Case
from bot.feedback.services import Desk, Step, move
from bot.feedback.states import Move, State

MOST = 100  # cases at once


@dataclass(frozen=True)
class Outcome:
    """What became of one case; ``problem`` None: it is as it was wanted."""

    case_id: int
    problem: FeedbackError | None = None


async def move_each(
    sessions: async_sessionmaker[AsyncSession],
    desk: Desk,
    area: Area,
    ids: Iterable[int],
    step: Step,
    actor: Actor,
    now: datetime,
    may: Callable[[Case], FeedbackError | None] = lambda case: None,
) -> list[Outcome]:
    """Take a step with each case; one that cannot go along keeps no other from it.

    A case outside of the area is none. One that is already where the step leads is left alone, so
    that a form that is sent twice does nothing twice. ``may`` names what else stands in the way.
    """
    outcomes = []
    for id in dict.fromkeys(ids):
        try:
            async with sessions() as session, session.begin():
                case = await session.get(Case, id)
                if case is None or not area.covers(case.province_code, case.commune_code):
                    raise NoSuchCase(id)
                problem = may(case)
                if problem is not None:
                    raise problem
                if not _is_there(case, step):
                    await move(session, desk, id, step, actor, now)
        except FeedbackError as problem:
            outcomes.append(Outcome(id, problem))
        else:
            outcomes.append(Outcome(id))
    return outcomes


def _is_there(case: Case, step: Step) -> bool:
    match step.move:
        case Move.ASSIGN:
            return case.state is State.ASSIGNED and case.assignee == step.assignee
        case Move.TRIAGE:
            there = (case.category, case.subtype) == (step.category, step.subtype)
            return case.state is State.TRIAGED and there
    return False
