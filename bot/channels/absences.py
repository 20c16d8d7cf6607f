"""Who cannot be written to: left the account, blocked the bot, removed it from the group.

Remembered over restarts and for all nodes, so that a platform is not asked in vain, which some
count against a bot. What is kept is a keyed hash: it tells nobody who it was.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import String, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Mapped, mapped_column

from bot.channels.base import PassingFailure, StorageDown
from bot.storage.base import Base, utc_time
from bot.storage.vault import Vault


class Absence(Base):
    """Somebody, or a group, that is not written to until they come back."""

    __tablename__ = "channel_absence"

    chat: Mapped[str] = mapped_column(
        String(32), primary_key=True, comment="keyed hash of the channel and the address"
    )
    since: Mapped[utc_time]


# Built once: every arrival and every part that is sent asks.
_IS_AWAY = select(Absence.chat).where(Absence.chat == bindparam("chat"))


class Absences:
    """Remembers the departures of one channel. Errors: StorageDown."""

    def __init__(
        self, channel: str, engine: AsyncEngine, vault: Vault, clock: Callable[[], datetime]
    ) -> None:
        self._channel = channel
        self._engine = engine
        self._vault = vault
        self._clock = clock

    async def is_away(self, address: str) -> bool:
        """Tell whether somebody left and has not come back."""
        try:
            async with self._engine.connect() as connection:
                found = await connection.scalar(_IS_AWAY, {"chat": self._name(address)})
                return found is not None
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    async def keeps_from(self, address: str) -> bool:
        """Tell the same of whom something is about to be sent to. Raises PassingFailure."""
        try:
            return await self.is_away(address)
        except StorageDown:
            raise PassingFailure("storage down") from None

    async def left(self, address: str) -> None:
        """Remember that somebody left; once more changes nothing."""
        row = {"chat": self._name(address), "since": self._clock()}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(Absence).values(row))
        except IntegrityError:
            return
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    async def came_back(self, address: str) -> None:
        """Forget that somebody left; of most people there is nothing to forget, and no write."""
        if not await self.is_away(address):
            return
        gone = delete(Absence).where(Absence.chat == self._name(address))
        try:
            async with self._engine.begin() as connection:
                await connection.execute(gone)
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    def _name(self, address: str) -> str:
        return self._vault.fingerprint("absence", self._channel, address)
