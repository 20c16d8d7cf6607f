"""How long what is personal of a case is kept once nothing is to be done about it any more."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.feedback.chain import Actor
from bot.feedback.models import Case
from bot.feedback.services import Desk, erase
from bot.feedback.states import FINISHED, Role

AT_ONCE = 100  # cases a sweep: a clock that runs ahead is noticed before all is gone


class Retention:
    """Erases finished cases in which nothing has happened for long; implements takeover.Forget."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._clock = clock

    async def __call__(self, connection: AsyncConnection, older_than: datetime) -> None:
        """Erase what was last touched before that instant; the caller commits."""
        async with AsyncSession(connection, expire_on_commit=False, autoflush=False) as session:
            ids = await session.scalars(
                select(Case.id)
                .where(Case.state.in_(FINISHED), Case.changed_at < older_than, Case.story != b"")
                .order_by(Case.changed_at, Case.id)
                .limit(AT_ONCE)
            )
            for id in ids.all():
                await erase(session, self._desk, id, Actor(Role.CLOCK), self._clock())
            await session.flush()
