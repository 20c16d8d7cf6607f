"""The counts of the queue, kept for some seconds: every page shows them, and most are the same."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.area import Area
from bot.feedback.queue import Counts, Looker, counts

KEPT = timedelta(seconds=3)
_MOST = 500  # lookers remembered


class Tally:
    """What was counted a moment ago, by whom it is for and where."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Area], tuple[datetime, Counts]] = {}

    async def of(self, session: AsyncSession, looker: Looker) -> Counts:
        """Return the counts, at most KEPT old."""
        key = (looker.account, looker.area)
        at, known = self._known.get(key, (None, None))
        if at is None or known is None or not at <= looker.now < at + KEPT:
            known = await counts(session, looker)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (looker.now, known)
        return known

    def forget(self) -> None:
        """Count anew, since somebody here changed something and looks at it next."""
        self._known.clear()
