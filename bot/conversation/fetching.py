"""Files that a platform still holds are fetched before the turn of the message that names them.

The row of the inbox then names what was kept instead, so a crash after that fetches nothing twice.
Later messages of the same conversation wait meanwhile; other conversations do not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping

import msgspec
from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import (
    FILES,
    OUT_OF_REACH,
    REFUSED,
    Incoming,
    Messenger,
    PassingFailure,
    PermanentFailure,
    StorageDown,
)
from bot.conversation.failures import places
from bot.conversation.models import Arrival
from bot.conversation.pacing import pause_after
from bot.conversation.wire import Work
from bot.storage.vault import Vault

logger = logging.getLogger(__name__)

MOST_TRIES = 4
LONGEST_FETCH = 60.0  # seconds, of one try
LONGEST_PAUSE = 10.0  # seconds; a person waits for an answer
PAUSE_FOR_STORAGE = 1.0


class Fetching:
    """Makes arrivals ready for their turn."""

    def __init__(
        self, engine: AsyncEngine, vault: Vault, messengers: Mapping[str, Messenger]
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._messengers = messengers

    def prepare(self, work: Work) -> Awaitable[Work] | None:
        """Begin to fetch what a message names; None for one that names nothing."""
        return self._ready(work) if FILES in work.incoming.metadata else None

    async def _ready(self, work: Work) -> Work:
        """Fetch what the message names; what cannot be had is refused with a reason."""
        incoming = await self._fetched(work)
        while True:
            try:
                await self._write(work.inbox_id, incoming)
                return replace(work, incoming=incoming)
            except (SQLAlchemyError, OSError) as error:
                logger.warning("arrival %d: storage: %s", work.inbox_id, type(error).__name__)
                await asyncio.sleep(PAUSE_FOR_STORAGE)

    async def _fetched(self, work: Work) -> Incoming:
        messenger = self._messengers.get(work.incoming.channel)
        if messenger is None:
            return refused(work.incoming)
        tries = 0
        while tries < MOST_TRIES:
            try:
                async with asyncio.timeout(LONGEST_FETCH):
                    return await messenger.fetch(work.incoming)
            except StorageDown:
                await asyncio.sleep(PAUSE_FOR_STORAGE)
            except PermanentFailure as failure:
                logger.warning("arrival %d: no file: %s", work.inbox_id, failure.reason)
                break
            except (PassingFailure, TimeoutError) as failure:
                tries += 1
                asked = getattr(failure, "retry_after", None)
                pause = pause_after(tries, asked).total_seconds()
                await asyncio.sleep(min(pause, LONGEST_PAUSE))
            except Exception as error:
                logger.error("arrival %d: the channel failed:\n%s", work.inbox_id, places(error))
                break
        return refused(work.incoming)

    async def _write(self, inbox_id: int, incoming: Incoming) -> None:
        content = self._vault.seal(msgspec.msgpack.encode(incoming))
        async with self._engine.begin() as connection:
            await connection.execute(
                update(Arrival)
                .where(Arrival.id == inbox_id, Arrival.done_at.is_(None))
                .values(content=content)
            )


def refused(incoming: Incoming) -> Incoming:
    """Return a message whose files could not be had."""
    metadata = {key: value for key, value in incoming.metadata.items() if key != FILES}
    return replace(incoming, metadata=metadata | {REFUSED: OUT_OF_REACH})
