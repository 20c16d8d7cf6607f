"""Apologising for an overdue dossier (xin lỗi và hẹn lại): a new day, and that it was said.

The law asks for a written apology with the reason and a new day. Recorded is that it was sent,
when, by whom and for which day; the letter itself, with the applicant's name, is kept nowhere.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dossiers import overdue, wording
from bot.dossiers.errors import ApologisedMeanwhile, BadDay, Fault, NotOwed
from bot.dossiers.models import DossierRow
from bot.dossiers.overdue import Overdue
from bot.working_time.calendar import Holidays

PROPOSED_DAYS = 5  # working days from today; a proposal, which whoever writes the letter changes
FARTHEST = timedelta(days=366)


class Happening(Enum):
    """What is told to whoever keeps the audit; the value is the kind of its event."""

    WRITTEN = "apology_written"
    APOLOGISED = "apologised"


Tell = Callable[[Happening, str], Awaitable[None]]
"""Puts a happening, with what else there is to say, into the audit of the caller's transaction."""


@dataclass(frozen=True)
class Promise:
    """An apology that was sent: by which account, on which day, and the day that it names."""

    by: str
    sent_on: date
    new_day: date


def proposed_day(today: date, holidays: Holidays) -> date:
    """Propose a new day for a letter of today."""
    day = today
    for _ in range(PROPOSED_DAYS):
        day += timedelta(days=1)
        while not holidays.works(day):
            day += timedelta(days=1)
    return day


def read_new_day(typed: str, today: date, holidays: Holidays) -> date:
    """Read the day that is to be promised, as a form sends it: 2026-11-30. Raises BadDay."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise BadDay(Fault.UNREADABLE) from None
    if day <= today:
        raise BadDay(Fault.PAST)
    if day > today + FARTHEST:
        raise BadDay(Fault.FAR)
    if not holidays.works(day):
        raise BadDay(Fault.CLOSED)
    return day


async def write(session: AsyncSession, dossier: Overdue, new_day: date, tell: Tell) -> None:
    """Note that somebody makes the letter, in which a name stands. The caller commits."""
    await tell(Happening.WRITTEN, _words(dossier, new_day))


async def apologise(
    session: AsyncSession,
    key: str,
    promise: Promise,
    seen: date | None,
    tell: Tell,
) -> Overdue:
    """Record that the apology for a dossier was sent; the caller commits.

    ``seen``: the new day that was on record when whoever records this looked. Raises NotOwed,
    ApologisedMeanwhile.
    """
    today = promise.sent_on
    dossier = await overdue.find(session, key, today)
    if dossier is None:
        raise NotOwed
    recorded = await session.scalar(
        update(DossierRow)
        .where(DossierRow.key == key, DossierRow.promised_on.is_not_distinct_from(seen))
        .values(
            apologised_on=promise.sent_on,
            apologised_by=promise.by,
            promised_on=promise.new_day,
        )
        .returning(DossierRow.key)
    )
    if recorded is None:
        raise ApologisedMeanwhile
    await tell(Happening.APOLOGISED, _words(dossier, promise.new_day))
    return dossier


def _words(dossier: Overdue, new_day: date) -> str:
    return wording.APOLOGY_NOTE.format(
        code=dossier.code, office=dossier.office, due=dossier.owed_on, new=new_day
    )
