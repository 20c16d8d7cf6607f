"""Hearing what other nodes commit: LISTEN on PostgreSQL; on SQLite there is nobody else."""

import asyncio
import logging
from collections.abc import Callable

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

logger = logging.getLogger(__name__)

CHANNEL = "said"
PAUSE_BEFORE_RECONNECT = 2.0  # seconds


class Signals:
    """Calls back for every notification; after a gap, once for everything that may be missed."""

    def __init__(
        self,
        engine: AsyncEngine,
        on_signal: Callable[[str], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._on_signal = on_signal
        self._on_gap = on_gap

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the database went away."""
        if self._engine.dialect.name != "postgresql":
            return
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                logger.warning("listening broke off: %s", type(error).__name__)
                await asyncio.sleep(PAUSE_BEFORE_RECONNECT)

    async def _listen(self) -> None:
        url = self._engine.url.set(drivername="postgresql")
        connection = await psycopg.AsyncConnection.connect(
            url.render_as_string(hide_password=False), autocommit=True
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._on_gap()
            async for notification in connection.notifies():
                self._on_signal(notification.payload)
