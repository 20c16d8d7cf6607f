"""The source behind table files: rows that were imported, found by their key."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers.codes import FoundCode
from bot.dossiers.models import DossierRow
from bot.dossiers.proof import phone_print
from bot.dossiers.sources import Found
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

MOST_OF_ONE_PHONE = 20  # dossiers; whoever files more does so for others and has the codes


class TableSource:
    """Dossiers in our own database; implements sources.Source."""

    name = "table"

    def __init__(self, sessions: async_sessionmaker[AsyncSession], vault: Vault) -> None:
        self._sessions = sessions
        self._vault = vault

    async def find(self, code: FoundCode) -> Found | None:
        """Return the dossier of a code."""
        async with self._sessions() as session:
            row = await session.get(DossierRow, code.key)
        return _found(row) if row else None

    async def of_phone(self, phone: str) -> Sequence[Found]:
        """Return the newest dossiers of a telephone number."""
        whole = phone_print(self._vault, phone)
        if whole is None:
            return ()
        async with self._sessions() as session:
            rows = await session.scalars(
                select(DossierRow)
                .where(DossierRow.phone == whole)
                .order_by(DossierRow.received_on.desc(), DossierRow.key)
                .limit(MOST_OF_ONE_PHONE)
            )
            return [_found(row) for row in rows]


def _found(row: DossierRow) -> Found:
    as_of = row.imported_at.astimezone(VIETNAM).date()
    return Found(row.key, row.dossier(as_of), (row.phone_fact, row.identity_fact))
