"""The page on which somebody says how they want to be notified."""

import re

import pytest
from sqlalchemy import select

from bot.notifications.models import Medium, Notification, Occasion
from bot.notifications.wishes import CHOSEN, Choice, wish_of
from bot.staff.models import StaffRole
from tests.fakes.console import signed_in

PATH = "/console/thong-bao"
FILLED_IN = {
    "email": "lan@tinh.gov.vn",
    "telegram": "-1001234",
    "digest_at": "07:45",
    "quiet_from": "20:30",
    "quiet_until": "06:30",
} | dict.fromkeys((occasion.value for occasion in CHOSEN), "now")


async def kept(console, account: str):
    async with console.sessions() as session:
        return await wish_of(session, console.vault, account)


async def test_what_is_filled_in_is_kept_and_shown_again(client, console):
    lan = await signed_in(client)
    answer = await lan.posts(PATH, FILLED_IN | {"new": "off"})
    assert (answer.status, answer.headers["Location"]) == (303, f"{PATH}?notice=wishes_kept")
    wish = await kept(console, lan.account.name)
    assert (wish.email, wish.telegram) == ("lan@tinh.gov.vn", "-1001234")
    assert wish.choices[Occasion.NEW] is Choice.OFF
    page = await lan.reads(PATH)
    assert 'value="lan@tinh.gov.vn"' in page
    assert 'value="07:45"' in page


async def test_an_address_that_is_none_is_said_and_nothing_is_lost(client, console):
    lan = await signed_in(client)
    answer = await lan.posts(PATH, FILLED_IN | {"email": "lan o tinh", "trial": "yes"})
    page = await answer.text()
    assert answer.status == 422
    assert 'aria-invalid="true"' in page
    assert "-1001234" in page
    assert (await kept(console, lan.account.name)).telegram == ""


async def test_a_trial_is_left_for_each_way(client, console):
    lan = await signed_in(client)
    await lan.posts(PATH, FILLED_IN | {"trial": "yes"})
    async with console.sessions() as session:
        left = (await session.scalars(select(Notification))).all()
    assert {row.medium for row in left} == set(Medium)
    assert {row.occasion for row in left} == {Occasion.TRIAL}


@pytest.mark.parametrize("wrong", [{"digest_at": "25:00"}, {"new": "sometimes"}])
async def test_a_form_that_no_page_of_ours_sends_is_refused(client, wrong):
    lan = await signed_in(client)
    assert (await lan.posts(PATH, FILLED_IN | wrong)).status == 400


async def test_who_looks_after_channels_is_offered_their_troubles_and_an_admin_no_cases(
    client, console
):
    offered = {
        role: re.findall(r'<select id="(\w+)"', await person.reads(PATH))
        for role in (StaffRole.SUPERVISOR, StaffRole.LEAD, StaffRole.ADMIN)
        for person in [await signed_in(client, role=role)]
    }
    assert offered[StaffRole.ADMIN] == ["trouble"]
    assert offered[StaffRole.LEAD] == [*offered[StaffRole.SUPERVISOR], "trouble"]
    admin = await signed_in(client, role=StaffRole.ADMIN)
    await admin.posts(PATH, FILLED_IN | {"trouble": "off"})
    wish = await kept(console, admin.account.name)
    assert wish.choices[Occasion.TROUBLE] is Choice.OFF
    assert PATH in await admin.reads("/console/kenh")


async def test_each_has_their_own_and_volunteers_none(client, console):
    lan, minh = await signed_in(client), await signed_in(client)
    await lan.posts(PATH, FILLED_IN)
    assert "lan@tinh.gov.vn" not in await minh.reads(PATH)
    volunteer = await signed_in(client, role=StaffRole.VOLUNTEER)
    assert (await volunteer.opens(PATH)).status == 403
    assert PATH not in await volunteer.reads("/console/doi-mat-khau")
