"""What operators and their monitors ask: alive, ready, and how much of everything."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from aiohttp import web
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import Channel, Figured
from bot.channels.counts import Counts
from bot.channels.rest import refuse_strangers
from bot.conversation.deliveries import Queue, queues
from bot.conversation.road import Road
from bot.doors.http import answer_in_json

logger = logging.getLogger(__name__)


class Pulse(Struct, frozen=True):
    """Whose pulse is taken, and the token that a caller from elsewhere must show."""

    road: Road
    engine: AsyncEngine
    counts: Counts
    channels: Sequence[Channel]
    now: Callable[[], datetime]
    token: str = ""


PULSE = web.AppKey("pulse", Pulse)
REGISTRY = web.AppKey("metrics", CollectorRegistry)


class RoadCollector(Collector):
    """Reads the road's counts at the moment of the scrape."""

    def __init__(self, road: Road) -> None:
        self._road = road

    def collect(self) -> Iterator[Metric]:
        """Yield the families of metrics."""
        brains = self._road.brains
        yield GaugeMetricFamily("danhoi_brains_ready", "Brains that take turns", len(brains.pids))
        yield GaugeMetricFamily("danhoi_turns_open", "Messages without answer", brains.open_turns)
        yield CounterMetricFamily("danhoi_turns", "Turns taken", brains.turns_done)
        yield CounterMetricFamily("danhoi_brain_deaths", "Brains that ended", brains.deaths)
        lanes = self._road.outbox.lanes
        for name, help, count in (
            ("sent", "Messages that a platform took", "sent"),
            ("sent_again", "Of those, marked as possibly sent before", "sent_again"),
            ("retries", "Deliveries put off", "retries"),
            ("given_up", "Replies parked", "parked"),
        ):
            family = CounterMetricFamily(f"danhoi_outbox_{name}", help, labels=["channel"])
            for channel, lane in lanes.items():
                family.add_metric([channel], getattr(lane, count))
            yield family


class QueueCollector(Collector):
    """Tells of the queues as they were read for one scrape."""

    def __init__(
        self, channels: Sequence[Channel], queues: Mapping[str, Queue], now: datetime
    ) -> None:
        self._channels = channels
        self._queues = queues
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield the families of metrics."""
        waiting = GaugeMetricFamily("danhoi_outbox_waiting", "Replies waiting", labels=["channel"])
        oldest = GaugeMetricFamily(
            "danhoi_outbox_oldest_seconds",
            "Since the reply was said that has waited longest",
            labels=["channel"],
        )
        parked = GaugeMetricFamily(
            "danhoi_outbox_parked", "Replies that were given up and are kept", labels=["channel"]
        )
        names = {channel.name for channel in self._channels} | set(self._queues)
        for name in sorted(names):
            queue = self._queues.get(name, Queue(name))
            waiting.add_metric([name], queue.waiting)
            oldest.add_metric([name], queue.waited(self._now))
            parked.add_metric([name], queue.parked)
        yield from (waiting, oldest, parked)


def add_operators(app: web.Application, pulse: Pulse) -> None:
    """Add the operators' routes to an application."""
    app[PULSE] = pulse
    answer_in_json(app)
    app[REGISTRY] = CollectorRegistry()
    app[REGISTRY].register(RoadCollector(pulse.road))
    app[REGISTRY].register(pulse.counts)
    for channel in pulse.channels:
        app[REGISTRY].register(channel.troubles)
        if isinstance(channel, Figured):
            app[REGISTRY].register(channel)
    app.add_routes(
        [
            web.get("/healthz", tell_alive),
            web.get("/readyz", tell_ready),
            web.get("/metrics", tell_metrics),
        ]
    )


async def tell_alive(_: web.Request) -> web.Response:
    """200 while the gateway's loop turns."""
    return web.json_response({"status": "alive"})


async def tell_ready(request: web.Request) -> web.Response:
    """200 when a brain can take a turn now, else 503; and which channels are as they should be.

    A platform that is away makes a gateway no less ready: a restart would not bring it back.
    """
    pulse = request.app[PULSE]
    ready = pulse.road.brains.is_ready
    lanes = pulse.road.outbox.lanes
    channels = {
        channel.name: _standing(channel, closed=lanes[channel.name].is_closed)
        for channel in pulse.channels
    }
    return web.json_response(
        {"status": "ready" if ready else "starting", "channels": channels},
        status=200 if ready else 503,
    )


def _standing(channel: Channel, *, closed: bool) -> str:
    """Tell in a word or two how a channel stands; the sentences are in the log."""
    if channel.troubles.now:
        return f"trouble: {', '.join(sorted(channel.troubles.now))}"
    return "waiting" if closed else "open"


async def tell_metrics(request: web.Request) -> web.Response:
    """Answer Prometheus; on loopback or with the token only."""
    pulse = request.app[PULSE]
    refuse_strangers(request, pulse.token)
    body = generate_latest(request.app[REGISTRY]) + await _queues(pulse)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _queues(pulse: Pulse) -> bytes:
    """Return the metrics of the queues; without a storage there are none to tell."""
    try:
        async with pulse.engine.connect() as connection:
            read = await queues(connection)
    except (SQLAlchemyError, OSError) as error:
        logger.warning("metrics: storage: %s", type(error).__name__)
        return b""
    registry = CollectorRegistry()
    registry.register(QueueCollector(pulse.channels, read, pulse.now()))
    return generate_latest(registry)
