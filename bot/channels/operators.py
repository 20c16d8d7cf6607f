"""What operators and their monitors ask: alive, ready, and how much of everything."""

from aiohttp import web
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.channels.rest import refuse_strangers
from bot.conversation.road import Road
from bot.doors.http import answer_in_json


class Pulse(Struct, frozen=True):
    """The road whose pulse is taken, and the token that a caller from elsewhere must show."""

    road: Road
    token: str = ""


PULSE = web.AppKey("pulse", Pulse)
REGISTRY = web.AppKey("metrics", CollectorRegistry)


class RoadCollector(Collector):
    """Reads the road's counts at the moment of the scrape."""

    def __init__(self, road: Road) -> None:
        self._road = road

    def collect(self) -> list[CounterMetricFamily | GaugeMetricFamily]:
        """Return the families of metrics."""
        brains = self._road.brains
        return [
            GaugeMetricFamily("danhoi_brains_ready", "Brains that take turns", len(brains.pids)),
            GaugeMetricFamily("danhoi_turns_open", "Messages without answer", brains.open_turns),
            CounterMetricFamily("danhoi_turns", "Turns taken", brains.turns_done),
            CounterMetricFamily("danhoi_brain_deaths", "Brains that ended", brains.deaths),
        ]


def add_operators(app: web.Application, pulse: Pulse) -> None:
    """Add the operators' routes to an application."""
    app[PULSE] = pulse
    answer_in_json(app)
    app[REGISTRY] = CollectorRegistry()
    app[REGISTRY].register(RoadCollector(pulse.road))
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
    """200 when a brain can take a turn now, else 503."""
    ready = request.app[PULSE].road.brains.is_ready
    return web.json_response(
        {"status": "ready" if ready else "starting"}, status=200 if ready else 503
    )


async def tell_metrics(request: web.Request) -> web.Response:
    """Answer Prometheus; on loopback or with the token only."""
    refuse_strangers(request, request.app[PULSE].token)
    return web.Response(
        body=generate_latest(request.app[REGISTRY]), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )
