"""What an operator has to look after: things that no retry mends, and that end when mended.

A trouble is told in the log when it begins, changes or ends; what stands now is read by the
metrics, by `/readyz`, by the console's page, and by whoever tells the operators of it.
"""

import logging
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)


class Troubles(Collector):
    """The troubles of one channel, each under a short name."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._now: dict[str, str] = {}

    @property
    def now(self) -> dict[str, str]:
        """What is wrong now: a sentence for operators by name, without personal data or secrets."""
        return dict(self._now)

    def collect(self) -> Iterator[Metric]:
        """Yield what stands now as a metric, each trouble 1."""
        name = f"danhoi_{self.channel.replace('-', '_')}_trouble"
        family = GaugeMetricFamily(name, "What an operator has to mend", labels=["trouble"])
        for trouble in self._now:
            family.add_metric([trouble], 1)
        yield family

    def begin(self, name: str, sentence: str) -> None:
        """Tell of a trouble; one that is told already is not told again."""
        if self._now.get(name) != sentence:
            self._now[name] = sentence
            logger.error("ALARM %s: %s", self.channel, sentence)

    def end(self, name: str) -> None:
        """Tell that it is mended."""
        if self._now.pop(name, None) is not None:
            logger.warning("%s: mended: %s", self.channel, name)
