"""Reading events and sending notifications, again and again, in every gateway."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.notifications.herald import Herald
from bot.notifications.post import Post
from bot.storage.vault import CannotOpen

logger = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds


class Office:
    """Runs the herald and the post."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        herald: Herald,
        post: Post,
        clock: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._herald = herald
        self._post = post
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled; a storage that is down is tried again."""
        try:
            while True:
                await self._try_to_go_round()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            await self._post.close()

    async def _try_to_go_round(self) -> None:
        try:
            await self.go_round()
        except (SQLAlchemyError, OSError) as error:
            logger.warning("notifications: storage: %s", type(error).__name__)
        except CannotOpen as error:
            logger.error("notifications: %s", error)

    async def go_round(self) -> None:
        """Read every new event, then send what is due."""
        while await self._read_on():
            pass
        await self._post.send_due()

    async def _read_on(self) -> bool:
        """Read some events; tells whether there were any."""
        async with self._sessions() as session, session.begin():
            return await self._herald.read_on(session, self._clock())
