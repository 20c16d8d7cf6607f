"""What is wrong with the channels as a whole: the troubles that no single call shows.

A platform that takes nothing for minutes, and replies that are parked faster than people block a
bot, become troubles of their channel like any other.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import Channel
from bot.conversation.deliveries import Queue, Standing, queues

HELD_UP_FOR = 600.0  # seconds in which a platform took nothing
PARKED_WITHIN = 3600.0
MANY_PARKED = 20  # in that time; single people who block a bot are no trouble

OURS = {"held up", "parked"}
HELD_UP = "the platform has taken nothing for ten minutes; what waits goes out when it does again"
PARKED = f"more than {MANY_PARKED} replies were given up within an hour; see /console/kenh"


class Lookout:
    """Looks at queues and lanes, again and again."""

    def __init__(
        self,
        channels: Sequence[Channel],
        standings: Callable[[], Sequence[Standing]],
        engine: AsyncEngine,
        elapsed: Callable[[], float],
    ) -> None:
        """``elapsed``: seconds on a clock that nobody sets."""
        self._channels = channels
        self._standings = standings
        self._engine = engine
        self._elapsed = elapsed
        self._closed_since: dict[str, float] = {}
        self._parked: dict[str, deque[tuple[float, int]]] = {
            each.name: deque() for each in channels
        }

    async def look(self) -> None:
        """Begin and end the troubles that show now. Raises SQLAlchemyError, OSError."""
        at = self._elapsed()
        self._see_closed({each.channel for each in self._standings() if each.is_closed}, at)
        async with self._engine.connect() as connection:
            self._see_parked(await queues(connection), at)

    def _see_closed(self, closed: set[str], at: float) -> None:
        for channel in self._channels:
            if channel.name not in closed:
                self._closed_since.pop(channel.name, None)
                channel.troubles.end("held up")
                continue
            lasts = at - self._closed_since.setdefault(channel.name, at) >= HELD_UP_FOR
            if lasts and not channel.troubles.now.keys() - OURS:  # else it is explained
                channel.troubles.begin("held up", HELD_UP)

    def _see_parked(self, found: Mapping[str, Queue], at: float) -> None:
        for channel in self._channels:
            seen = self._parked[channel.name]
            seen.append((at, found.get(channel.name, Queue(channel.name)).parked))
            while seen[0][0] < at - PARKED_WITHIN:
                seen.popleft()
            if seen[-1][1] - min(count for _, count in seen) > MANY_PARKED:
                channel.troubles.begin("parked", PARKED)
            else:
                channel.troubles.end("parked")
