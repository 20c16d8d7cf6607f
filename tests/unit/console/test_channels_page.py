"""The page of channels: what waits, what was given up and why, and trying that again."""

import re

import pytest

from bot.console.frame import CONSOLE
from bot.conversation.contracts import Reply
from bot.conversation.deliveries import Outgoing, Standing
from bot.conversation.models import Delivery, Message
from bot.feedback import audit
from bot.feedback.audit import Sought
from bot.feedback.models import Kind
from bot.notifications.models import Alarm
from bot.notifications.wishes import Wish, keep_wish
from bot.staff.models import StaffRole
from bot.storage.engine import open_engine
from tests.fakes.console import a_client, a_console, console_app, make_tables, signed_in
from tests.fakes.turns import Said


class Office:
    """The console over a database in which replies wait and were parked."""

    def __init__(self, engine) -> None:
        self.rung = 0
        standings = [
            Standing("messenger", False, 12, 3),
            Standing("zalo-bot", False, 0, 0, ("nobody has logged in yet",)),
            Standing("zalo-oa", True, 0, 1),
        ]
        outgoing = Outgoing("here", lambda: standings, self._ring)
        self.console = a_console(engine, outgoing=outgoing)
        self._said = Said(engine, self.console.vault, "messenger")

    def _ring(self) -> None:
        self.rung += 1

    async def parks(self, reason: str = "HTTP 400, code 100/2018001") -> int:
        id = await self._said.answers("người-bí-mật", Reply("lời bí mật"))
        async with self.console.sessions() as session, session.begin():
            message = await session.get_one(Message, id)
            message.delivery, message.reason = Delivery.PARKED, reason
        return id

    async def delivery_of(self, id: int) -> tuple[Delivery, str]:
        async with self.console.sessions() as session:
            message = await session.get_one(Message, id)
            return message.delivery, message.node

    async def audited(self) -> list[tuple[Kind, str, str]]:
        async with self.console.sessions() as session:
            return [
                (event.kind, event.actor, audit.note_of(self.console.vault, event))
                for event in await audit.events(session, Sought())
            ]


@pytest.fixture
async def office(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    yield Office(engine)
    await engine.dispose()


@pytest.fixture
async def client(office):
    client = await a_client(console_app(office.console))
    assert client.app[CONSOLE] is office.console
    yield client
    await client.close()


async def test_each_channel_is_shown_with_its_queue(client, office):
    await office.parks()
    lead = await signed_in(client, role=StaffRole.LEAD)
    page = re.sub(r"<[^>]+>|\s+", " ", await lead.reads("/console/kenh"))
    assert re.search(r"Facebook Messenger\s+Hoạt động\s+0\s+–\s+12\s+3\s+1", page)
    assert re.search(r"Zalo OA\s+Ứng dụng đang yêu cầu tạm ngừng", page)
    assert re.search(r"Zalo Bot\s+Cần người vận hành xử lý:\s+nobody has logged in yet", page)


async def test_troubles_are_shown_with_who_is_told_of_them(client, office):
    lead = await signed_in(client, role=StaffRole.LEAD, name="minh")
    page = await lead.reads("/console/kenh")
    assert "Không có sự cố nào" in page
    assert "Chưa ai nhận thông báo" in page
    async with office.console.sessions() as session, session.begin():
        await keep_wish(session, office.console.vault, "minh", Wish(email="m@tinh.gov.vn"))
        at = office.console.now()
        begun = {"began_at": at, "seen_at": at}
        sentence = "the grant has ended"
        session.add(Alarm(channel="zalo-oa", name="token", sentence=sentence, **begun))
    page = re.sub(r"<[^>]+>|\s+", " ", await lead.reads("/console/kenh"))
    assert re.search(r"Zalo OA, từ 25/11/2026 16:00:\s+the grant has ended", page)
    assert "thông báo được gửi tới: minh." in page


async def test_a_parked_message_is_shown_with_its_reason_and_neither_words_nor_address(
    client, office
):
    id = await office.parks()
    lead = await signed_in(client, role=StaffRole.LEAD)
    page = await lead.reads("/console/kenh")
    assert f">{id}<" in page
    assert "HTTP 400, code 100/2018001" in page
    assert "bí mật" not in page
    assert "người-bí-mật" not in page


async def test_trying_again_is_written_into_the_audit(client, office):
    id = await office.parks()
    admin = await signed_in(client, role=StaffRole.ADMIN, name="quan-tri")
    answer = await admin.posts("/console/kenh", id=id)
    assert (answer.status, answer.headers["Location"]) == (303, "/console/kenh?notice=sent_again")
    assert await office.delivery_of(id) == (Delivery.WAITING, "here")
    assert await office.audited() == [(Kind.SENT_AGAIN, "quan-tri", f"messenger, {id}")]
    assert office.rung == 1
    assert "thử gửi lại tin đã dừng" in await admin.reads("/console/nhat-ky")


async def test_two_who_try_again_at_once_send_it_once(client, office):
    id = await office.parks()
    lead = await signed_in(client, role=StaffRole.LEAD)
    await lead.posts("/console/kenh", id=id)
    answer = await lead.posts("/console/kenh", id=id)
    assert answer.headers["Location"] == "/console/kenh?notice=not_parked"
    assert len(await office.audited()) == 1


async def test_what_is_no_number_is_refused(client, office):
    lead = await signed_in(client, role=StaffRole.LEAD)
    for fields in ({}, {"id": "1; DROP"}):
        assert (await lead.posts("/console/kenh", fields)).status == 400


@pytest.mark.parametrize("role", [StaffRole.SUPERVISOR, StaffRole.VOLUNTEER])
async def test_others_neither_see_nor_do(client, office, role):
    id = await office.parks()
    person = await signed_in(client, role=role)
    assert (await person.opens("/console/kenh")).status == 403
    assert (await person.posts("/console/kenh", id=id)).status == 403
    assert (await office.delivery_of(id))[0] is Delivery.PARKED


async def test_long_lists_are_read_in_pages(client, office, monkeypatch):
    monkeypatch.setattr("bot.console.channels.ROWS", 2)
    monkeypatch.setattr(
        "bot.conversation.deliveries.newest_parked.__kwdefaults__", {"before": None, "limit": 2}
    )
    ids = [await office.parks() for _ in range(3)]
    lead = await signed_in(client, role=StaffRole.LEAD)
    first = await lead.reads("/console/kenh")
    assert f"?before={ids[1]}" in first
    assert f">{ids[0]}<" in await lead.reads("/console/kenh", before=ids[1])


async def test_without_channels_the_page_says_so(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    await make_tables(engine)
    client = await a_client(console_app(a_console(engine)))
    lead = await signed_in(client, role=StaffRole.LEAD)
    assert "Chưa kết nối ứng dụng nhắn tin nào" in await lead.reads("/console/kenh")
    await client.close()
    await engine.dispose()
