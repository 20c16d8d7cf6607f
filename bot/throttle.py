"""Guessing costs time: how long somebody waits who asked for what only its owner knows, and missed.

Receipt codes, passwords and the second fact of a dossier are guarded alike. Where misses are kept,
and what counts as one, is for whoever guards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Throttle:
    """How long somebody waits who guessed wrong."""

    misses: int = 5  # so many …
    within: timedelta = timedelta(minutes=15)  # … in so long …
    wait: timedelta = timedelta(minutes=15)  # … cost so long, twice that after as many more …
    longest: timedelta = timedelta(days=1)  # … and never longer than this
    memory: timedelta = timedelta(days=7)  # misses older than this are forgotten

    def waiting(self, missed_at: Sequence[datetime], now: datetime) -> timedelta:
        """Return how long to wait from now on; zero when the next try is free.

        ``missed_at``: when one caller missed, in any order; older ones than ``memory`` may be left
        out.
        """
        until, strikes, recent = now, 0, list[datetime]()
        for at in sorted(at for at in missed_at if now - self.memory < at <= now):
            recent = [earlier for earlier in recent if at - earlier < self.within] + [at]
            if len(recent) >= self.misses:
                strikes, recent = strikes + 1, []
                until = at + self._penalty(strikes)
        return max(until - now, timedelta())

    def _penalty(self, strikes: int) -> timedelta:
        # Doubling stops where it cannot matter any more, long before timedelta overflows.
        return min(self.wait * (1 << min(strikes - 1, 20)), self.longest)
