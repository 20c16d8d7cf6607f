"""Overdue dossiers (hồ sơ trễ hạn): whose day has passed while the office still works on them.

Of what was imported only; a system that is asked one code at a time cannot be asked for a list.
A dossier needs an apology as long as none was recorded, and again when the new day has passed.
The indexes of ``models.DossierRow`` are made for these questions, so that a page of the list
costs the same with a million dossiers; tests hold them to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dossiers.dossier import Status
from bot.dossiers.models import DossierRow
from bot.working_time.calendar import Holidays, vietnam

PAGE = 50  # dossiers
_DAY = timedelta(days=1)


class Apology(Enum):
    """Where the apology for an overdue dossier stands."""

    NEEDED = "needed"  # none was recorded, or its new day has passed as well
    SENT = "sent"  # recorded, and its new day is still to come


class Overdue(Struct, frozen=True):
    """A dossier in the list; nothing of its applicant."""

    key: str
    code: str
    procedure_code: str
    procedure_name: str
    office: str
    received_on: date | None
    owed_on: date
    status: Status
    status_words: str
    apologised_on: date | None
    apologised_by: str | None
    promised_on: date | None
    source: str
    imported_at: datetime

    def apology(self, today: date) -> Apology:
        """Tell where its apology stands."""
        told = self.promised_on is not None and self.promised_on >= today
        return Apology.SENT if told else Apology.NEEDED


class OfOffice(Struct, frozen=True):
    """How many dossiers an office lets wait."""

    office: str
    overdue: int
    needed: int  # of them without an apology that still holds
    oldest: date  # the due date that is longest past


@dataclass(frozen=True)
class Sought:
    """Which overdue dossiers are sought.

    ``offices``: only theirs; None: of all. ``late``: at least so many working
    days; 0 counts from the due date on, also over a weekend.
    """

    offices: Collection[str] | None = None
    late: int = 0
    apology: Apology | None = None


Place = tuple[date, str]
"""A place in the list: due date and key of the dossier before it."""


async def page(
    session: AsyncSession,
    sought: Sought,
    today: date,
    after: Place | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Overdue], Place | None]:
    """Return overdue dossiers, the longest overdue first, and where the next page begins."""
    query = _found(sought, today).order_by(DossierRow.owed_on, DossierRow.key).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(DossierRow.owed_on, DossierRow.key) > after)
    found = [Overdue(*row) for row in await session.execute(query)]
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], (last.owed_on, last.key)


async def count(session: AsyncSession, sought: Sought, today: date) -> int:
    """Count the overdue dossiers that are sought."""
    counted = _found(sought, today).with_only_columns(func.count(), maintain_column_froms=True)
    return await session.scalar(counted) or 0


async def by_office(session: AsyncSession, today: date) -> Sequence[OfOffice]:
    """Return each office that has overdue dossiers; those that owe most apologies first."""
    needed = func.sum(case((_needs_apology(today), 1), else_=0))
    rows = await session.execute(
        select(DossierRow.office, func.count(), needed, func.min(DossierRow.owed_on))
        .where(DossierRow.owed_on < today)
        .group_by(DossierRow.office)
    )
    return sorted(
        (OfOffice(*row) for row in rows), key=lambda each: (-each.needed, each.oldest, each.office)
    )


async def find(session: AsyncSession, key: str, today: date) -> Overdue | None:
    """Return one overdue dossier; None when it is none, or not overdue any more."""
    row = (await session.execute(_found(Sought(), today).where(DossierRow.key == key))).first()
    return Overdue(*row) if row else None


def due_before(today: date, late: int, holidays: Holidays) -> date:
    """Return the day before which a dossier was due that is so many working days late today."""
    day = today + _DAY
    for _ in range(late):
        day -= _DAY
        while not holidays.works(day):
            day -= _DAY
    return day


def _found(sought: Sought, today: date) -> Select[Any]:
    columns = [getattr(DossierRow, name) for name in Overdue.__struct_fields__]
    latest = min(today, due_before(today, sought.late, vietnam()))
    query = select(*columns).where(DossierRow.owed_on < latest)
    if sought.offices is not None:
        query = query.where(DossierRow.office.in_(sorted(sought.offices)))
    if sought.apology is Apology.NEEDED:
        query = query.where(_needs_apology(today))
    elif sought.apology is Apology.SENT:
        query = query.where(DossierRow.promised_on >= today)
    return query


def _needs_apology(today: date) -> ColumnElement[bool]:
    return or_(DossierRow.promised_on.is_(None), DossierRow.promised_on < today)
