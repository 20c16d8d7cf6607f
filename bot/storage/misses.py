"""Wrong guesses, kept so that `bot.throttle` can slow down whoever goes on guessing.

One table for everything that is guarded: receipt codes, passwords, the second fact of a dossier.
Who guessed and what was guarded stand there as keyed hashes.
"""

from datetime import datetime

from sqlalchemy import Index, String, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, serial_id, utc_time


class Miss(Base):
    """One wrong guess."""

    __tablename__ = "miss"
    __table_args__ = (
        Index("ix_miss_guess_missed_at", "guess", "missed_at"),
        Index("ix_miss_missed_at", "missed_at"),
    )

    id: Mapped[serial_id]
    guess: Mapped[str] = mapped_column(
        String(32), comment="keyed hash of who guessed what: see Vault.fingerprint"
    )
    missed_at: Mapped[utc_time]


async def note_miss(session: AsyncSession, guess: str, now: datetime) -> None:
    """Keep one wrong guess; the caller commits."""
    await session.execute(insert(Miss).values(guess=guess, missed_at=now))


async def misses_of(session: AsyncSession, guess: str, since: datetime) -> list[datetime]:
    """Return when this guess was missed, oldest first."""
    rows = await session.scalars(
        select(Miss.missed_at)
        .where(Miss.guess == guess, Miss.missed_at >= since)
        .order_by(Miss.missed_at)
    )
    return list(rows)


async def forgive(session: AsyncSession, guess: str) -> None:
    """Forget the misses of a guess, since it was right in the end; the caller commits."""
    await session.execute(delete(Miss).where(Miss.guess == guess))


async def take_back(session: AsyncSession, guess: str, at: datetime) -> None:
    """Forget what was noted at one instant: a guess that turned out right; the caller commits."""
    await session.execute(delete(Miss).where(Miss.guess == guess, Miss.missed_at == at))


async def forget_misses(connection: AsyncConnection, before: datetime) -> None:
    """Delete misses that are older than any throttle remembers; the caller commits."""
    await connection.execute(delete(Miss).where(Miss.missed_at < before))
