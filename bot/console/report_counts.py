"""Reports as they are counted, kept for some seconds: a page is followed by its charts."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.console.report_wish import Wish
from bot.feedback.area import Area
from bot.feedback.reports.columns import Held, Shelf
from bot.feedback.reports.figures import Figures, figures

KEPT = timedelta(seconds=20)
_MOST = 20  # reports remembered, each up to a megabyte


@dataclass(frozen=True)
class _Asked:
    upto: int  # of the events that were counted
    wish: Wish
    area: Area


class Reports:
    """Counts for the pages of this gateway."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._shelf = Shelf(sessions)
        self._known: dict[_Asked, tuple[datetime, Figures]] = {}

    async def of(self, wish: Wish, area: Area, now: datetime) -> Figures:
        """Return the report of a place within an area, counted at most KEPT ago."""
        held = await self._shelf.held()
        asked = _Asked(held.upto, wish, area)
        at, known = self._known.get(asked, (None, None))
        if at is None or known is None or not at <= now < at + KEPT:
            known = await asyncio.to_thread(_count, held, wish, area, now)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[asked] = now, known
        return known


def _count(held: Held, wish: Wish, area: Area, now: datetime) -> Figures:
    def within(province_code: str | None, commune_code: str | None) -> bool:
        place = province_code, commune_code
        return area.covers(*place) and wish.covers(*place)

    return figures(held, wish.period, within, now)
