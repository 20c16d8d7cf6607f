"""How much one conversation may send."""

from collections.abc import Callable

from msgspec import Struct


class _Bucket(Struct):
    left: float
    at: float


class RateLimit:
    """At most `burst` at once and `per_minute` in the long run, for each key."""

    def __init__(
        self, *, burst: int, per_minute: float, clock: Callable[[], float], keys: int = 10_000
    ) -> None:
        """`clock`: seconds, never going back. `keys`: how many to remember at once."""
        self._burst = burst
        self._per_second = per_minute / 60
        self._clock = clock
        self._keys = keys
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, key: str) -> float:
        """Take one; returns 0, or the seconds to wait when there is none left."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        bucket.left = self._left(bucket, now)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / self._per_second
        bucket.left -= 1
        self._forget_the_rested(now)
        return 0

    def _left(self, bucket: _Bucket, now: float) -> float:
        return min(self._burst, bucket.left + (now - bucket.at) * self._per_second)

    def _forget_the_rested(self, now: float) -> None:
        """Keep memory bounded: a full bucket says no more than none at all."""
        if len(self._buckets) <= self._keys:
            return
        tired = {k: b for k, b in self._buckets.items() if self._left(b, now) < self._burst}
        self._buckets = tired if len(tired) <= self._keys else {}
