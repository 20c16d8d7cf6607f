"""Invented dossiers, so that a fresh installation can be tried at once.

They are there as long as nothing else is: the first real import takes them away.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers.codes import read_code
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import DAYS, MappingFile, SourceMapping, default_mapping
from bot.dossiers.models import DossierRow
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

SAMPLE = Path(__file__).with_name("data") / "sample.csv"
NAME = "Dữ liệu mẫu, không có thật"
TO_TRY = ("H00.01-260101-0002", "H00.01-260101-0003")  # one that is late, one that waits for papers


async def load_sample(
    sessions: async_sessionmaker[AsyncSession], vault: Vault, now: datetime
) -> None:
    """Load the sample into a database that holds no dossier at all."""
    async with sessions() as session:
        if await session.scalar(select(DossierRow.key).limit(1)):
            return
    report = Report()
    mapping = SourceMapping(MappingFile(name=NAME), default_mapping())
    rows = understood(enumerate(_cells(now.astimezone(VIETNAM).date()), 1), mapping, report)
    await keep(sessions, vault, rows, report, now, lambda rows: None)


async def is_there(session: AsyncSession) -> bool:
    """Tell whether the sample is loaded, by the dossiers that people are invited to try."""
    keys = [code.key for each in TO_TRY if (code := read_code(each))]
    mine = select(DossierRow.key).where(DossierRow.key.in_(keys), DossierRow.source == NAME)
    return await session.scalar(mine.limit(1)) is not None


async def remove_sample(session: AsyncSession) -> None:
    """Take the sample away; the caller commits."""
    await session.execute(delete(DossierRow).where(DossierRow.source == NAME))


def _cells(today: date) -> Iterator[dict[str, object]]:
    """Yield the sample's rows by fields, with days instead of numbers of days from today."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            days = {name: today + timedelta(int(row[name])) for name in DAYS if row[name]}
            yield {**row, **days}
