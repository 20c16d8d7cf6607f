"""The database and the vault, as every program of ours opens them, and the clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.settings import Settings
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault, load_or_make_key
from bot.working_time.zone import VIETNAM


def now() -> datetime:
    """Return the present instant; everything else is handed this clock."""
    return datetime.now(UTC)


def vietnam_today() -> date:
    """Return the date in Vietnam."""
    return now().astimezone(VIETNAM).date()


@dataclass(frozen=True)
class Store:
    """The database and the vault, as every program of ours opens them."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    vault: Vault


@asynccontextmanager
async def open_store(settings: Settings, *, inline: bool = False) -> AsyncIterator[Store]:
    """Open the database; raises ValueError for a damaged key file.

    ``inline``: for a process in which nobody waits while SQLite works.
    """
    engine = open_engine(settings.database, inline=inline)
    try:
        yield Store(engine, open_sessions(engine), open_vault(settings))
    finally:
        await engine.dispose()


def open_vault(settings: Settings) -> Vault:
    """Open the vault with the key of the settings, or the one kept in the data folder."""
    if settings.secret_key:
        return Vault(bytes.fromhex(settings.secret_key))
    return Vault(load_or_make_key(settings.data_folder / "secret.key"))
