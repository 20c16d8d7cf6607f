"""What no single call shows: a platform that takes nothing, replies given up one after another."""

import pytest

from bot.channels.lookout import HELD_UP_FOR, MANY_PARKED, PARKED_WITHIN, Lookout
from bot.channels.troubles import Troubles
from bot.conversation.contracts import Reply
from bot.conversation.deliveries import Standing
from bot.conversation.models import Delivery, Message
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault
from tests.fakes.console import make_tables
from tests.fakes.turns import Said


class AChannel:
    def __init__(self, name: str) -> None:
        self.name = name
        self.troubles = Troubles(name)


class Tower:
    """A lookout over two channels, and a clock that moves when a test says so."""

    def __init__(self, engine) -> None:
        self.at = 0.0
        self.closed: set[str] = set()
        self.zalo, self.telegram = AChannel("zalo-oa"), AChannel("telegram")
        self._sessions = open_sessions(engine)
        self._said = Said(engine, Vault(bytes(range(32))), "telegram")
        channels = [self.zalo, self.telegram]
        self._lookout = Lookout(channels, self._standings, engine, lambda: self.at)

    def _standings(self) -> list[Standing]:
        names = ("zalo-oa", "telegram")
        return [Standing(name, name in self.closed, 0, 0) for name in names]

    async def looks(self, after: float = 30.0) -> None:
        self.at += after
        await self._lookout.look()

    async def parks(self, count: int) -> None:
        for number in range(count):
            id = await self._said.answers(f"person {number}", Reply("x"))
            async with self._sessions() as session, session.begin():
                message = await session.get_one(Message, id)
                message.delivery, message.reason = Delivery.PARKED, "blocked"


@pytest.fixture
async def tower(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}")
    await make_tables(engine)
    yield Tower(engine)
    await engine.dispose()


async def test_a_platform_that_takes_nothing_for_long_is_a_trouble_until_it_does(tower):
    tower.closed = {"zalo-oa"}
    await tower.looks()
    await tower.looks(HELD_UP_FOR - 1)
    assert tower.zalo.troubles.now == {}
    await tower.looks()
    assert list(tower.zalo.troubles.now) == ["held up"]
    assert tower.telegram.troubles.now == {}
    tower.closed = set()
    await tower.looks()
    assert tower.zalo.troubles.now == {}


async def test_what_is_explained_by_another_trouble_is_not_told_twice(tower):
    tower.zalo.troubles.begin("refused", "nothing can be sent: the token is not valid")
    tower.closed = {"zalo-oa"}
    await tower.looks()
    await tower.looks(HELD_UP_FOR + 1)
    assert list(tower.zalo.troubles.now) == ["refused"]
    tower.zalo.troubles.end("refused")
    await tower.looks()
    assert list(tower.zalo.troubles.now) == ["held up"]


async def test_pauses_that_end_in_between_are_none(tower):
    for _ in range(5):
        tower.closed = {"zalo-oa"}
        await tower.looks(HELD_UP_FOR / 2)
        tower.closed = set()
        await tower.looks(HELD_UP_FOR / 2)
    assert tower.zalo.troubles.now == {}


async def test_many_that_are_given_up_within_an_hour_are_a_trouble(tower):
    await tower.parks(5)
    await tower.looks()  # those were there before
    await tower.parks(MANY_PARKED)
    await tower.looks()
    assert tower.telegram.troubles.now == {}
    await tower.parks(1)
    await tower.looks()
    assert list(tower.telegram.troubles.now) == ["parked"]
    assert tower.zalo.troubles.now == {}
    await tower.looks(PARKED_WITHIN + 1)
    assert tower.telegram.troubles.now == {}
