"""The fake road keeps the promises of the real one."""

import pytest

from tests.fakes.road import FakeRoad
from tests.fakes.road_contract import RoadContract


class TestFakeRoad(RoadContract):
    @pytest.fixture
    def road(self):
        return FakeRoad()
