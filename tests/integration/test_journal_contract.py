"""The real road keeps the same promises as the fake one, on both databases."""

import asyncio

import pytest

from tests.fakes.nursery import a_quick_road
from tests.fakes.road_contract import RoadContract


class Doors:
    """Inbox and journal of a road in one, as the contract takes them."""

    def __init__(self, road) -> None:
        self.put = road.inbox.put
        self.history = road.journal.history
        self.subscribe = road.journal.subscribe


class TestRealRoad(RoadContract):
    @pytest.fixture
    async def road(self, database_url):
        road = a_quick_road(database_url, brains=1)
        running = asyncio.create_task(road.run())
        await asyncio.wait_for(road.brains.wait_until_ready(), 60)
        yield Doors(road)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await road._engine.dispose()
