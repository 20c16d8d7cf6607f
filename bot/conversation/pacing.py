"""How fast a channel may send: windows that slide with a monotonic clock, and pauses that grow."""

import random
from collections import deque
from datetime import timedelta

from cachetools import LRUCache

from bot.conversation.contracts import Limits, Pace

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=15)
REMEMBERED_CONVERSATIONS = 10_000  # the longest silent ones are forgotten first


class Window:
    """Gives out moments at which to send, never more than `count` within any `seconds`."""

    def __init__(self, pace: Pace) -> None:
        self._seconds = pace.seconds
        self._given: deque[float] = deque(maxlen=pace.count)

    def next(self, now: float) -> float:
        """Return the earliest moment that is free, from `now` on, and take it."""
        at = now
        if self._given:
            at = max(at, self._given[-1])  # in the order of asking
        if len(self._given) == self._given.maxlen:
            at = max(at, self._given[0] + self._seconds)
        self._given.append(at)
        return at

    def late(self, now: float) -> None:
        """Tell that the moment given last was used only now."""
        self._given[-1] = max(self._given[-1], now)


class Paces:
    """The windows of one channel: its own, and one for each conversation."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall = Window(limits.overall) if limits.overall else None
        self._conversations: LRUCache[str, Window] = LRUCache(REMEMBERED_CONVERSATIONS)

    def in_conversation(self, address: str, now: float) -> float:
        """Return when the next message may go to this address, and take that moment."""
        pace = self._limits.conversation(address)
        if pace is None:
            return now
        window = self._conversations.get(address)
        if window is None:
            window = self._conversations[address] = Window(pace)
        return window.next(now)

    def sent(self, address: str, now: float) -> None:
        """Tell that the message for which a moment was taken goes now, and not before."""
        window = self._conversations.get(address)
        if window is not None:
            window.late(now)

    def overall(self, now: float) -> float:
        """Return when the channel may send its next message, and take that moment."""
        return self._overall.next(now) if self._overall else now


def pause_after(attempts: int, asked: float | None) -> timedelta:
    """Return how long to wait after a failure: what the platform asked, or twice as long each time.

    Between half and the whole of that pause is drawn by lot, so that a platform that comes back is
    not met by everything at once; ``asked`` (seconds) is never cut short.
    """
    if asked is not None:
        return timedelta(seconds=asked)
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    return whole / 2 + whole / 2 * random.random()  # noqa: S311 - not a secret
