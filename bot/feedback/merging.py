"""Cases that tell of the same matter (phản ánh trùng): one goes on, the others follow it.

Whoever told the duplicate keeps their receipt and hears what becomes of the original, in words
that are written for them: the answer itself may name whoever told it first.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.chain import Actor
from bot.feedback.models import Case
from bot.feedback.services import Desk, Step, add_to_case, move
from bot.feedback.states import Move, State


async def merge(
    session: AsyncSession,
    desk: Desk,
    case_id: int,
    original: int,
    words: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Let a case follow another one, and tell its reporter so in these words.

    Raises IllegalMove, BadDetails, NoSuchCase.
    """
    await move(session, desk, case_id, Step(Move.MERGE, original=original), actor, now)
    return await add_to_case(session, desk, case_id, words, actor, now)


async def followers(session: AsyncSession, case_id: int) -> Sequence[Case]:
    """Return the cases that follow one, oldest first."""
    merged = select(Case).where(Case.duplicate_of == case_id, Case.state == State.DUPLICATE)
    return (await session.scalars(merged.order_by(Case.id))).all()


async def tell_followers(
    session: AsyncSession, desk: Desk, case_id: int, words: str, actor: Actor, now: datetime
) -> int:
    """Tell the reporters of all cases that follow one what became of it; return how many.

    Raises BadDetails.
    """
    following = await followers(session, case_id)
    for case in following:
        await add_to_case(session, desk, case.id, words, actor, now)
    return len(following)
