"""Looking up and following for the talk: one turn's transaction, one clock."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dossiers import movements, sample, services
from bot.dossiers.answers import WorkingDays
from bot.dossiers.codes import FoundCode
from bot.dossiers.dossier import Dossier
from bot.dossiers.services import Desk, Outcome


class Inquiries:
    """What a conversation can ask about dossiers; everything that it writes is the turn's."""

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], AsyncSession],
        now: Callable[[], datetime],
        working_days: WorkingDays,
    ) -> None:
        """``session``: that of the running turn."""
        self._desk = desk
        self._session = session
        self._now = now
        self._working_days = working_days

    def working_days(self, first: date, second: date) -> int:
        """Count the working days that follow the first day, the second included."""
        return self._working_days(first, second)

    async def by_code(self, code: FoundCode, digits: str, who: str) -> Outcome:
        """Look a code up for somebody who shows digits; raises SourceDown."""
        return await services.by_code(self._session(), self._desk, code, digits, who, self._now())

    async def by_phone(self, phone: str, digits: str, who: str) -> Outcome | None:
        """Look up a telephone number's dossiers; None where nobody can be asked so.

        Raises SourceDown.
        """
        return await services.by_phone(self._session(), self._desk, phone, digits, who, self._now())

    async def again(self, code: FoundCode) -> Dossier | None:
        """Return a dossier that this conversation has proven before; raises SourceDown."""
        found = await self._desk.source.find(code)
        return found.dossier if found else None

    async def follow(self, dossier: Dossier, who: str) -> None:
        """Tell the conversation whenever the dossier moves; raises movements.TooMany."""
        await movements.subscribe(self._session(), self._desk.vault, dossier, who, self._now())

    async def unfollow(self, who: str) -> int:
        """Tell the conversation of no dossier any more; returns of how many it was told."""
        return await movements.unsubscribe(self._session(), who)

    async def has_sample(self) -> bool:
        """Tell whether invented dossiers are there to be tried, because no others are."""
        return await sample.is_there(self._session())
