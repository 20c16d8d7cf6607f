"""What is counted of every channel's door, for the operators' page and for Prometheus.

By channel only: never by person, and never anything that somebody wrote.
"""

from collections.abc import Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.channels.base import Kept

# An acknowledgement that takes seconds is one that Zalo would not wait for.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class Counts(Collector):
    """Counts since the start of this gateway; register it where metrics are asked for."""

    def __init__(self) -> None:
        channel = ["channel"]
        self._received = Counter(
            "danhoi_channel_received",
            "Messages kept, repeated ones included",
            channel,
            registry=None,
        )
        self._duplicates = Counter(
            "danhoi_channel_duplicates", "Messages that were kept before", channel, registry=None
        )
        self._rejected = Counter(
            "danhoi_channel_rejected",
            "Calls that were refused, by the code of the refusal",
            ["channel", "reason"],
            registry=None,
        )
        self._unread = Counter(
            "danhoi_channel_unread",
            "Genuine calls with something that we do not read, by its kind",
            ["channel", "kind"],
            registry=None,
        )
        self._acknowledged = Histogram(
            "danhoi_channel_acknowledgement_seconds",
            "From a call to its acknowledgement",
            channel,
            registry=None,
            buckets=_SECONDS,
        )

    def collect(self) -> Iterator[Metric]:
        """Yield the families of metrics."""
        for metric in (
            self._received,
            self._duplicates,
            self._rejected,
            self._unread,
            self._acknowledged,
        ):
            yield from metric.collect()

    def kept(self, channel: str, kept: Kept) -> None:
        """Count one message that is on disk."""
        self._received.labels(channel).inc()
        if kept.repeated:
            self._duplicates.labels(channel).inc()

    def rejected(self, channel: str, reason: str) -> None:
        """Count one call of which nothing was kept. ``reason``: one of a few codes of ours."""
        self._rejected.labels(channel, reason).inc()

    def unread(self, channel: str, kind: str) -> None:
        """Count one that was acknowledged unread. ``kind``: one of a few words of ours."""
        self._unread.labels(channel, kind).inc()

    def acknowledged(self, channel: str, seconds: float) -> None:
        """Count how long a caller waited for its acknowledgement."""
        self._acknowledged.labels(channel).observe(seconds)
