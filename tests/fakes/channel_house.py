"""What a channel is given of the house, for tests: in memory, but for what a test puts in."""

from datetime import UTC, datetime

from bot.channels.counts import Counts
from bot.channels.house import House
from tests.fakes.absences import FakeAbsences
from tests.fakes.choices import FakeChoices
from tests.fakes.uploads import FakeUploads


class HouseInMemory(House, frozen=True):
    """A house without a database: who left is remembered by `away`."""

    away: FakeAbsences

    def absences(self, channel: str) -> FakeAbsences:
        return self.away


def a_channel_house(inbox, **given) -> House:
    """Put a house together around an inbox; one with an engine and a vault is a real one."""
    parts = (
        inbox,
        given.get("uploads") or FakeUploads(),
        given.get("choices") or FakeChoices({}),
        given.get("counts") or Counts(),
        given.get("engine"),
        given.get("vault"),
        given.get("clock") or (lambda: datetime.now(UTC)),
    )
    if given.get("engine") and given.get("vault"):
        return House(*parts)
    return HouseInMemory(*parts, given.get("absences") or FakeAbsences())
