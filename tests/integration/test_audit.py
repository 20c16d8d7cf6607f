"""Events of the house on real databases: in the one chain with those of cases."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.feedback import audit, services
from bot.feedback.area import Area
from bot.feedback.audit import Sought
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.deadlines import load_deadlines
from bot.feedback.models import Kind
from bot.feedback.services import Desk, Told
from bot.feedback.states import Role
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
ADMIN = Actor(Role.ADMIN, "quan-tri")
LAN = Actor(Role.SUPERVISOR, "lan")
TOLD = Told(Category.DELAY, "Hồ sơ trễ hai tuần", "web", "2026-11")


@pytest.fixture
async def told(sessions, vault):
    """A case between two events of the house; returns its number."""
    desk = Desk(vault, load_deadlines())
    async with sessions() as session, session.begin():
        await audit.record(session, vault, Kind.ACCOUNT_ADDED, ADMIN, NOW, subject="lan", note="a")
        case, _ = await services.open_case(session, desk, TOLD, NOW)
        await services.read_personal(session, desk, case.id, LAN, NOW)
        await audit.record(session, vault, Kind.EXPORTED, LAN, NOW, note="cases.csv")
    return case.id


async def test_events_of_the_house_stand_in_the_chain_of_cases(sessions, vault, told):
    async with sessions() as session:
        verdict = await services.verify_chain(session, vault)
    assert verdict.whole
    assert verdict.events == 4


async def test_events_are_found_by_account_and_by_case_newest_first(sessions, vault, told):
    async with sessions() as session:
        everything = await audit.events(session, Sought())
        of_lan = await audit.events(session, Sought(account="lan"))
        of_case = await audit.events(session, Sought(case_id=told))
        older = await audit.events(session, Sought(), before=3, limit=1)
        both = await audit.events(session, Sought("lan", told))
    assert [event.number for event in everything] == [4, 3, 2, 1]
    assert [event.kind for event in of_lan] == [Kind.EXPORTED, Kind.READ, Kind.ACCOUNT_ADDED]
    assert [event.kind for event in of_case] == [Kind.READ, Kind.OPENED]
    assert [event.number for event in older] == [2]
    assert [event.kind for event in both] == [Kind.READ]
    assert [audit.note_of(vault, event) for event in everything] == ["cases.csv", "", "", "a"]


@pytest.mark.parametrize(
    ("tampering", "number"),
    [
        ("UPDATE case_event SET subject = 'minh' WHERE number = 1", 1),
        ("UPDATE case_event SET subject = '' WHERE number = 1", 1),
        ("UPDATE case_event SET subject = 'lan' WHERE number = 4", 4),
        ("UPDATE case_event SET kind = 'signed_in' WHERE number = 4", 4),
        ("UPDATE case_event SET role = 'lead' WHERE number = 4", 4),
        ("DELETE FROM case_event WHERE number = 1", 1),
    ],
)
async def test_a_change_to_an_event_of_the_house_is_named(sessions, vault, told, tampering, number):
    async with sessions() as session, session.begin():
        await session.execute(text(tampering))
    async with sessions() as session:
        verdict = await services.verify_chain(session, vault)
    assert verdict.broken_at == number


async def test_an_event_without_a_case_has_no_state(sessions, told):
    async with sessions() as session:
        with pytest.raises(IntegrityError):
            await session.execute(text("UPDATE case_event SET state = 'new' WHERE number = 1"))


@pytest.mark.parametrize("few", [0, 2000])
async def test_a_lead_finds_the_events_of_the_house_and_of_the_cases_of_their_area(
    sessions, vault, monkeypatch, few
):
    """By the cases, where these are few; else event by event."""
    monkeypatch.setattr(audit, "_FEW", few)
    desk = Desk(vault, load_deadlines())
    async with sessions() as session, session.begin():
        for commune in ("26740", "00004", "26740"):
            told = replace(TOLD, province_code=None, commune_code=commune)
            await services.open_case(session, desk, told, NOW)
        await audit.record(session, vault, Kind.EXPORTED, LAN, NOW, note="cases.csv")
        await services.read_personal(session, desk, 1, LAN, NOW)
    area = Area(communes=frozenset({"26740"}))
    async with sessions() as session:
        found = await audit.events(session, Sought(area=area))
        older = await audit.events(session, Sought(area=area), before=4)
        newest = await audit.events(session, Sought(area=area), limit=2)
        of_lan = await audit.events(session, Sought("lan", area=area))
        elsewhere = await audit.events(session, Sought(case_id=2, area=area))
    assert [event.number for event in found] == [5, 4, 3, 1]
    assert [event.number for event in older] == [3, 1]
    assert [event.number for event in newest] == [5, 4]
    assert [event.number for event in of_lan] == [5, 4]
    assert elsewhere == []
