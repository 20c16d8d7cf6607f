"""What a reporter is told without having asked: in order, at once, and never by a rollback."""

import asyncio
import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from aiohttp import web
from sqlalchemy import delete, select, update

from bot.channels.web import WebChat, add_web_chat
from bot.channels.web.cookie import NAME as COOKIE
from bot.channels.web.cookie import Visitor
from bot.conversation.contracts import Incoming, Reply
from bot.conversation.inbox import DurableInbox, conversation_id
from bot.conversation.models import Conversation, Message, Node
from bot.conversation.notices import Notices
from bot.conversation.takeover import Takeover
from bot.conversation.turn import Turns
from bot.conversation.wire import Done, Work
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.deadlines import load_deadlines
from bot.feedback.services import REPORTER, Desk, Step, Told
from bot.feedback.states import Move, Rejection, Role
from bot.storage.engine import open_sessions
from bot.storage.unit_of_work import current_session
from bot.working_time.zone import VIETNAM
from tests.fakes.echo import EchoAssistant, now
from tests.fakes.messenger import FakeMessenger
from tests.fakes.nursery import a_quick_road
from tests.fakes.uploads import FakeUploads

LAN = Actor(Role.SUPERVISOR, "lan")
NOW = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
YEAR = timedelta(days=365)


@pytest.fixture
async def house(database_url, vault):
    """A gateway with its road, and the desk of a console in the same process."""
    messenger = FakeMessenger()
    road = a_quick_road(database_url, brains=1, messengers={"telegram": messenger})
    notices = Notices(vault, "here", now, road.ring)
    running = asyncio.create_task(road.run())
    await asyncio.wait_for(road.brains.wait_until_ready(), 60)
    yield SimpleNamespace(
        road=road,
        vault=vault,
        messenger=messenger,
        notices=notices,
        desk=Desk(vault, load_deadlines(), notices.tell_reporter),
        sessions=open_sessions(road._engine),
    )
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await road._engine.dispose()


@pytest.fixture
def open_case(house):
    async def go(channel: str, sender: str, *, hears_back: bool = True) -> int:
        conversation = conversation_id(house.vault, channel, sender) if hears_back else None
        told = Told(Category.DELAY, "Trễ hẹn hai tuần.", channel, "1", conversation=conversation)
        async with house.sessions() as session, session.begin():
            case, _ = await services.open_case(session, house.desk, told, NOW)
        return case.id

    return go


@pytest.fixture
def does(house):
    """Do something with a case as the console does: one request, one transaction."""

    async def go(service, *arguments, commit: bool = True):
        async with house.sessions() as session:
            result = await service(session, house.desk, *arguments)
            await (session.commit if commit else session.rollback)()
        return result

    return go


async def says(house, channel: str, sender: str, text: str = "xin chào", *, push: bool = False):
    return await house.road.ask(Incoming(channel, uuid.uuid4().hex, sender, text, push=push))


async def lines(house, channel: str, sender: str) -> list[str]:
    return [entry.text for entry in await house.road.journal.history(channel, sender)]


@pytest.fixture
async def page(house, aiohttp_client):
    """A browser whose stream is open and has shown what was said before."""
    app = web.Application()
    add_web_chat(app, WebChat(house.road.inbox, house.road.journal, FakeUploads()))
    client = await aiohttp_client(app)
    opened = await client.get("/")
    visitor = Visitor(opened.cookies[COOKIE].value)
    await says(house, "web", visitor.address)
    stream = await client.get("/chat/stream")

    async def next_text() -> str:
        while True:
            line = (await stream.content.readline()).decode().strip()
            if line.startswith("data: {"):
                data = msgspec.json.decode(line.removeprefix("data: "))
                if "text" in data:
                    return "".join(part["text"] for part in data["text"])

    for _ in ("the citizen's line", "the bot's line"):
        await asyncio.wait_for(next_text(), 10)
    return SimpleNamespace(address=visitor.address, next_text=next_text)


async def test_an_open_page_shows_a_message_of_the_office_within_a_second(
    house, page, open_case, does
):
    case_id = await open_case("web", page.address)
    await does(services.add_to_case, case_id, "Mai có kết quả ạ.", LAN, NOW)
    assert "Mai có kết quả ạ." in await asyncio.wait_for(page.next_text(), 1)


async def test_what_is_rolled_back_tells_nothing(house, page, open_case, does):
    case_id = await open_case("web", page.address)
    await does(services.add_to_case, case_id, "Nhầm.", LAN, NOW, commit=False)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(page.next_text(), 0.5)
    assert not [line for line in await lines(house, "web", page.address) if "Nhầm." in line]


async def test_a_messenger_delivers_it_at_once(house, open_case, does):
    await says(house, "telegram", "an", push=True)
    case_id = await open_case("telegram", "an")
    async with asyncio.timeout(5):
        while len(house.messenger.delivered) < 1:
            await asyncio.sleep(0.02)
    await does(services.add_to_case, case_id, "Mai có kết quả ạ.", LAN, NOW)
    async with asyncio.timeout(1):
        while len(house.messenger.delivered) < 2:
            await asyncio.sleep(0.02)
    assert "Mai có kết quả ạ." in house.messenger.to("an")[1]


async def test_each_move_with_words_for_the_reporter_is_told_and_no_other(house, open_case, does):
    await says(house, "web", "an")
    case_id = await open_case("web", "an")
    steps = (
        Step(Move.TRIAGE, note="nội bộ"),
        Step(Move.ASK, note="Anh nộp ngày nào?"),
        Step(Move.RESUME),
        Step(Move.TRANSFER, body="UBND phường Bến Nghé", note="Nơi này phụ trách."),
        Step(Move.TAKE_BACK, note="nội bộ"),
        Step(Move.REJECT, rejection=Rejection.JUNK, note="Đây là quảng cáo."),
    )
    for step in steps:
        await does(services.move, case_id, step, LAN, NOW)
    told = (await lines(house, "web", "an"))[2:]
    assert ["Anh nộp ngày nào?" in told[0], "UBND phường Bến Nghé" in told[1]] == [True, True]
    assert "quảng cáo" in told[2]
    assert len(told) == 3
    assert "nội bộ" not in "".join(told)


async def test_a_notice_names_the_case_for_machines(house, open_case, does):
    await says(house, "web", "an")
    case_id = await open_case("web", "an")
    await does(services.move, case_id, Step(Move.ASK, note="Ở quầy nào ạ?"), LAN, NOW)
    entry = (await house.road.journal.history("web", "an"))[-1]
    assert entry.reply.custom == {"case_id": case_id, "state": "need_info"}
    assert [button.title for button in entry.reply.buttons] == ["Trả lời", "Xem phản ánh này"]


async def test_who_hears_back_only_by_the_receipt_is_not_written_to(house, open_case, does):
    await says(house, "web", "an")
    case_id = await open_case("web", "an", hears_back=False)
    await does(services.add_to_case, case_id, "Mai có kết quả ạ.", LAN, NOW)
    assert len(await lines(house, "web", "an")) == 2


async def test_what_the_reporter_writes_is_not_told_back(house, open_case, does):
    await says(house, "web", "an")
    case_id = await open_case("web", "an")
    await does(services.add_to_case, case_id, "Tôi bổ sung.", REPORTER, NOW)
    assert len(await lines(house, "web", "an")) == 2


async def test_a_conversation_that_was_forgotten_is_no_error(house, open_case, does):
    await says(house, "web", "an")
    case_id = await open_case("web", "an")
    async with house.sessions() as session, session.begin():
        await session.execute(delete(Conversation))
    case = await does(services.move, case_id, Step(Move.ASK, note="Ở quầy nào?"), LAN, NOW)
    assert case.state.value == "need_info"


async def test_lines_appear_in_the_order_of_their_ids_whoever_writes_them(house, does):
    """A reader that always goes on from the last id that it has seen misses nothing."""
    await says(house, "web", "an")
    conversation = conversation_id(house.vault, "web", "an")
    seen: list[int] = []
    done = asyncio.Event()

    async def read() -> None:
        while True:
            last = done.is_set()
            found = await house.road.journal.history("web", "an", after=seen[-1] if seen else 0)
            seen.extend(entry.id for entry in found)
            if last and not found:
                return
            await asyncio.sleep(0)

    async def notify(number: int) -> None:
        async with house.sessions() as session, session.begin():
            assert await house.notices.write(session, conversation, Reply(f"báo {number}"))

    reader = asyncio.create_task(read())
    for round in range(8):
        await asyncio.gather(
            *(notify(number) for number in range(3)), says(house, "web", "an", f"tin {round}")
        )
    done.set()
    await reader
    async with house.sessions() as session:
        every = (await session.scalars(select(Message.id).order_by(Message.id))).all()
    assert seen == list(every)
    assert len(every) == 2 + 8 * 5


async def test_a_notice_lives_its_full_time_also_where_nobody_has_spoken_for_long(house, engine):
    await says(house, "web", "an")
    await says(house, "web", "bình")
    told = conversation_id(house.vault, "web", "an")
    async with house.sessions() as session, session.begin():
        assert await house.notices.write(session, told, Reply("Có trả lời."))
        await session.execute(
            update(Message).where(Message.inbox_id.is_not(None)).values(said_at=NOW - YEAR)
        )
        await session.execute(update(Conversation).values(last_turn_at=NOW - YEAR))
    sweeper = Takeover(engine, house.vault, "here", lambda: NOW, print, print, timedelta(days=90))
    await sweeper._sweep()
    assert await lines(house, "web", "an") == ["Có trả lời."]
    async with house.sessions() as session:
        assert (await session.scalars(select(Conversation.id))).all() == [told]


async def test_a_notice_from_here_does_not_overtake_what_another_node_has_to_deliver(house):
    await says(house, "telegram", "an", push=True)
    told = conversation_id(house.vault, "telegram", "an")
    elsewhere = Notices(house.vault, "elsewhere", now)
    async with asyncio.timeout(5):
        while not house.messenger.delivered:
            await asyncio.sleep(0.02)
    async with house.sessions() as session, session.begin():
        session.add(Node(name="elsewhere", beat_at=now()))
        await elsewhere.write(session, told, Reply("một"))
        await house.notices.write(session, told, Reply("hai"))
    await asyncio.sleep(0.5)
    assert len(house.messenger.delivered) == 1
    async with house.sessions() as session, session.begin():
        await session.execute(
            update(Message).where(Message.node == "elsewhere").values(node="here")
        )
    house.road.ring(told)
    async with asyncio.timeout(5):
        while len(house.messenger.delivered) < 3:
            await asyncio.sleep(0.02)
    assert house.messenger.to("an")[1:] == ["một", "hai"]


class Telling(EchoAssistant):
    """An assistant one of whose actions writes to somebody else."""

    def __init__(self, notices: Notices, to: str) -> None:
        self._notices, self._to = notices, to

    async def respond(self, state, incoming):
        await self._notices.write(current_session(), self._to, Reply("Có người rút phản ánh."))
        return await super().respond(state, incoming)


async def test_what_a_turn_tells_somebody_else_rings_at_the_gateway(house, engine, page):
    to = conversation_id(house.vault, "web", page.address)
    works: list[Work] = []
    inbox = DurableInbox(engine, house.vault, "elsewhere", now, works.extend)
    keeper = asyncio.create_task(inbox.run())
    await inbox.put(Incoming("rest", "1", "bình", "rút phản ánh"))
    keeper.cancel()
    in_a_brain = Telling(Notices(house.vault, "here", now), to)
    frame = await Turns(engine, house.vault, in_a_brain, "here", now).take(works[0])
    assert isinstance(frame, Done)
    assert frame.told == (to,)
    house.road._turn_done(works[0], frame)
    assert await asyncio.wait_for(page.next_text(), 1) == "Có người rút phản ánh."
