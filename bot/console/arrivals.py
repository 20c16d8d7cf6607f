"""Hearing of new cases: one small question to the database, asked for all who listen here.

It works alike on SQLite and PostgreSQL and over several nodes, and nobody is asked anything while
nobody listens.
"""

import asyncio
import logging

from sqlalchemy import func, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback.models import Case

logger = logging.getLogger(__name__)

PAUSE = 0.4  # seconds between two looks


class Arrivals:
    """Lets listeners of this gateway wait for a case that they have not seen."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], pause: float = PAUSE) -> None:
        self._sessions = sessions
        self._pause = pause
        self._newest = 0
        self._look: asyncio.Task[None] | None = None

    async def newer_than(self, case_id: int, patience: float) -> int:
        """Return the newest case's number as soon as it is above another, or after some seconds."""
        clock = asyncio.get_running_loop().time
        until = clock() + patience
        while self._newest <= case_id and (left := until - clock()) > 0:
            await asyncio.wait({self._next_look()}, timeout=left)
        return max(self._newest, case_id)

    def _next_look(self) -> asyncio.Task[None]:
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_again())
        return self._look

    async def _look_again(self) -> None:
        await asyncio.sleep(self._pause)
        try:
            async with self._sessions() as session:
                self._newest = await newest(session)
        except (OperationalError, InterfaceError) as error:
            logger.warning("no look for new cases: %s", type(error).__name__)


async def newest(session: AsyncSession) -> int:
    """Return the number of the newest case, 0 when there is none."""
    return await session.scalar(select(func.max(Case.id))) or 0
