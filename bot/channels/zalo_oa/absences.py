"""Who left the OA: not written to until they come back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import StorageDown
from bot.channels.zalo_oa.models import ZaloAbsence
from bot.storage.vault import Vault


class Absences:
    """Remembers departures, for all nodes. Errors: StorageDown."""

    def __init__(self, engine: AsyncEngine, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock

    async def is_away(self, address: str) -> bool:
        """Tell whether somebody left and has not come back."""
        query = select(ZaloAbsence.person).where(ZaloAbsence.person == self._name(address))
        try:
            async with self._engine.connect() as connection:
                return await connection.scalar(query) is not None
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    async def left(self, address: str) -> None:
        """Remember that somebody left; once more changes nothing."""
        row = {"person": self._name(address), "since": self._clock()}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(ZaloAbsence).values(row))
        except IntegrityError:
            return
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    async def came_back(self, address: str) -> None:
        """Forget that somebody left; of most people there is nothing to forget, and no write."""
        if not await self.is_away(address):
            return
        gone = delete(ZaloAbsence).where(ZaloAbsence.person == self._name(address))
        try:
            async with self._engine.begin() as connection:
                await connection.execute(gone)
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    def _name(self, address: str) -> str:
        return self._vault.fingerprint("zalo-absence", address)
