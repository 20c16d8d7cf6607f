"""Templates of answers in the console, and the list of those who called me."""

import pytest

from bot.feedback import notes, services
from bot.feedback.category import Category
from bot.feedback.services import Actor, Told
from bot.feedback.states import Role
from bot.staff.models import StaffRole
from tests.fakes.console import signed_in

AT = "/console/mau-tra-loi"


@pytest.fixture
async def lead(client):
    return await signed_in(client, role=StaffRole.LEAD, name="minh")


async def test_a_lead_writes_changes_and_drops_a_template(lead):
    text = "Chào {name},\r\nxin cho biết […]"
    assert (await lead.posts(AT, name="Hỏi quầy", use="ask", text=text)).status == 303
    page = await lead.reads(AT, mau="Hỏi quầy")
    assert "Hỏi quầy (do trưởng nhóm viết)" in page
    assert 'value="Hỏi quầy"' in page
    await lead.posts(AT, name="Hỏi quầy", use="ask", text="Ngắn hơn")
    assert page.count("(do trưởng nhóm viết)") == 1
    for _ in range(2):
        assert (await lead.posts(f"{AT}/xoa", name="Hỏi quầy")).status == 303
    assert "Hỏi quầy" not in await lead.reads(AT)


async def test_an_unknown_placeholder_is_named_and_nothing_typed_is_lost(lead):
    answer = await lead.posts(AT, name="Sai", use="ask", text="Chào {ten}")
    page = await answer.text()
    assert answer.status == 422
    assert "Không điền được: ten." in page
    assert ">Chào {ten}</textarea>" in page
    assert "Sai (do trưởng nhóm viết)" not in page


async def test_a_supervisor_reads_templates_and_does_not_write_them(client):
    lan = await signed_in(client)
    page = await lan.reads(AT)
    assert "Hỏi thời gian và nơi xảy ra" in page
    assert "<textarea" not in page
    assert (await lan.posts(AT, name="x", use="ask", text="y")).status == 403


async def test_who_was_called_finds_the_case_until_they_have_opened_it(client, lead, console):
    told = Told(Category.DELAY, "Trễ hẹn", "web", "1")
    assert "Chưa có ai nhắc bạn" in await lead.reads("/console/nhac-ten")
    async with console.sessions() as session, session.begin():
        case, _ = await services.open_case(session, console.desk, told, console.now())
        lan = Actor(Role.SUPERVISOR, "lan")
        await notes.add_note(session, console.desk, case.id, "@minh", lan, {"minh"}, console.now())
    page = await lead.reads("/console/nhac-ten")
    assert f"/console/cases/{case.id}#event-" in page
    assert "lan nhắc bạn lúc" in page
    await lead.reads(f"/console/cases/{case.id}")
    assert "Chưa có ai nhắc bạn" in await lead.reads("/console/nhac-ten")
