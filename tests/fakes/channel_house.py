"""What a channel is given of the house, for tests: in memory, but for what a test puts in."""

from datetime import UTC, datetime

from bot.channels.absences import Absences
from bot.channels.counts import Counts
from bot.channels.house import House
from tests.fakes.absences import FakeAbsences
from tests.fakes.choices import FakeChoices
from tests.fakes.uploads import FakeUploads


def a_channel_house(inbox, **given) -> House:
    """Put a house together around an inbox; with an engine and a vault absences are kept there."""
    engine, vault = given.get("engine"), given.get("vault")
    clock = given.get("clock") or (lambda: datetime.now(UTC))

    def absences(channel: str) -> object:
        return Absences(channel, engine, vault, clock) if engine and vault else FakeAbsences()

    return House(
        inbox,
        given.get("uploads") or FakeUploads(),
        given.get("choices") or FakeChoices({}),
        given.get("counts") or Counts(),
        engine,
        vault,
        clock,
        given.get("absences") or absences,
    )
