"""What is counted of every channel's door, for the operators' page and for Prometheus.

By channel only: never by person, and never anything that somebody wrote. No channel has to count:
its inbox does (`CountedInbox`), and the middleware of its webhook (`count_calls`).
"""

import time
from collections.abc import Iterator, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.channels.base import Inbox, Incoming, Kept, StorageDown
from bot.doors.http import Refused

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


class CountedInbox:
    """An inbox that counts what it keeps; implements contracts.Inbox."""

    def __init__(self, inbox: Inbox, counts: Counts) -> None:
        self._inbox = inbox
        self._counts = counts

    async def put(self, incoming: Incoming) -> Kept:
        """Keep one message. Raises StorageDown."""
        kept = await self._inbox.put(incoming)
        self._counts.kept(incoming.channel, kept)
        return kept


def count_calls(app: web.Application, counts: Counts, paths: Mapping[str, str]) -> None:
    """Count the calls at webhooks. ``paths``: the channel of each path."""

    @web.middleware
    async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
        channel = paths.get(request.path)
        if channel is None:
            return await handler(request)
        began = time.perf_counter()
        try:
            answer = await handler(request)
        except Exception as error:
            counts.rejected(channel, _reason(error))
            raise
        if answer.status < 300:
            counts.acknowledged(channel, time.perf_counter() - began)
        else:
            counts.rejected(channel, f"http_{answer.status}")
        return answer

    app.middlewares.append(counting)


def _reason(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.error
    if isinstance(error, StorageDown):
        return "storage_down"
    if isinstance(error, web.HTTPException):
        return f"http_{error.status}"
    return "internal"
