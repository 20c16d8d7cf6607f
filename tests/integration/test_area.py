"""The area as a condition of the database lets through exactly the cases that it covers."""

import itertools
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.feedback import services
from bot.feedback.area import EVERYWHERE, Area
from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.models import Case
from bot.feedback.services import Desk, Told
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
TOLD = Told(Category.DELAY, "Hẹn hôm nay mà chưa có.", "web", "2026-11")
# (province, commune): also only one of them, and none.
PLACES = tuple(itertools.product(("01", "79", None), ("00004", "26740", None)))
AREAS = {
    "everywhere": EVERYWHERE,
    "nowhere": Area(),
    "a province": Area(provinces=frozenset({"79"})),
    "a commune": Area(communes=frozenset({"00004"})),
    "a province and a commune of another": Area(frozenset({"79"}), frozenset({"00004"})),
}


@pytest.fixture
async def everything(sessions, vault):
    desk = Desk(vault, load_deadlines())
    async with sessions() as session, session.begin():
        for province, commune in PLACES:
            told = replace(TOLD, province_code=province, commune_code=commune)
            await services.open_case(session, desk, told, NOW)


@pytest.mark.usefixtures("everything")
async def test_the_condition_says_the_same_as_the_question(sessions):
    async with sessions() as session:
        for name, area in AREAS.items():
            query = select(Case.province_code, Case.commune_code).where(area.where())
            listed = {tuple(row) for row in await session.execute(query)}
            assert listed == {place for place in PLACES if area.covers(*place)}, name


def test_a_case_without_a_known_place_is_in_every_area():
    assert all(area.covers(None, None) for area in AREAS.values())


def test_a_commune_does_not_open_its_province():
    area = AREAS["a commune"]
    assert area.covers("01", "00004")
    assert not area.covers("01", "00008")
    assert not area.covers("01", None)
