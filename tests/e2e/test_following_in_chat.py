"""A case, followed on the web page by its reporter while the office works on it.

The gateway runs in this process, as it does for the console: what the office does here reaches an
open page by the same way. Its brain is a process of its own, with the trained assistant.
"""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from bot.app.desks import build_desk
from bot.app.doors import build_web
from bot.app.gateway import build_road
from bot.app.store import Store, now, open_store
from bot.channels.web.cookie import NAME as COOKIE
from bot.channels.web.cookie import Visitor
from bot.commands.serve import prepare
from bot.conversation.inbox import conversation_id
from bot.conversation.model_file import model_path
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.models import Case
from bot.feedback.receipts import shown
from bot.feedback.services import Desk, Step, Told
from bot.feedback.sightings import MASK
from bot.feedback.states import Move, Role, State
from bot.settings import read_settings
from tests.e2e.citizen import Citizen
from tests.e2e.server import a_free_port

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

LAN = Actor(Role.SUPERVISOR, "lan")


class Office:
    """A gateway with its console's desk, and somebody at it."""

    def __init__(self, url: str, store: Store, desk: Desk) -> None:
        self.url = url
        self._store = store
        self._desk = desk

    async def keeps_a_case_of(self, citizen: Citizen) -> tuple[int, str]:
        """Open a case that this page's conversation told; return its number and its code."""
        cookies = {each["name"]: each["value"] for each in await citizen.page.context.cookies()}
        address = Visitor(cookies[COOKIE]).address
        conversation = conversation_id(self._store.vault, "web", address)
        told = Told(Category.DELAY, "Trễ hẹn hai tuần.", "web", "1", conversation=conversation)
        async with self._store.sessions() as session, session.begin():
            case, code = await services.open_case(session, self._desk, told, now())
        return case.id, code

    async def moves(self, case_id: int, *steps: Step) -> None:
        for step in steps:
            async with self._store.sessions() as session, session.begin():
                await services.move(session, self._desk, case_id, step, LAN, now())

    async def writes(self, case_id: int, text: str) -> None:
        async with self._store.sessions() as session, session.begin():
            await services.add_to_case(session, self._desk, case_id, text, LAN, now())

    async def case(self, case_id: int) -> tuple[State, int | None, list[str]]:
        async with self._store.sessions() as session:
            case = await session.get_one(Case, case_id)
            said = await services.messages_of(session, self._store.vault, case_id)
            return case.state, case.rating, [message.text for message in said]


@pytest_asyncio.fixture(loop_scope="session")
async def office(data_with_model, monkeypatch) -> AsyncIterator[Office]:
    data, port = data_with_model(), a_free_port()
    environment = {"BOT_DATA": str(data), "BOT_PORT": str(port), "BOT_BRAINS": "1"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)  # the brain reads it
    settings = read_settings(environment)
    await asyncio.to_thread(prepare, settings)
    async with open_store(settings) as store:
        road = build_road(settings, store, model_path(data))
        running = asyncio.create_task(road.run())
        runner = web.AppRunner(build_web(settings, store, road), shutdown_timeout=2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.wait_for(road.brains.wait_until_ready(), 120)
        yield Office(f"http://127.0.0.1:{port}", store, build_desk(settings, store, road.ring))
        await runner.cleanup()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_reporter_reads_answers_rates_and_is_heard_again(browser, office):
    context = await browser.new_context(viewport={"width": 390, "height": 780}, locale="vi-VN")
    citizen = await Citizen.arrives(context, office.url)
    await citizen.asks("xin chào")
    await citizen.reads("Dân Hỏi")
    case_id, code = await office.keeps_a_case_of(citizen)

    await citizen.asks(f"phản ánh {shown(code)} của tôi tới đâu rồi")
    await citizen.reads(f"Phản ánh số {case_id} (hồ sơ trễ hạn) đã được nhận")

    await office.moves(case_id, Step(Move.TRIAGE), Step(Move.ASK, note="Anh nộp ngày nào ạ?"))
    began = time.monotonic()
    await citizen.reads("Anh nộp ngày nào ạ?", seconds=1)
    assert time.monotonic() - began < 1

    await citizen.taps("Trả lời")
    await citizen.reads("Bạn viết điều muốn nhắn")
    await citizen.asks("tôi nộp ngày 12/11 ở quầy số 3")
    await citizen.reads("được xử lý tiếp")
    state, _, messages = await office.case(case_id)
    assert (state, messages[-1]) == (State.TRIAGED, "tôi nộp ngày 12/11 ở quầy số 3")

    await office.moves(
        case_id,
        Step(Move.ASSIGN, assignee="lan"),
        Step(Move.START),
        Step(Move.ANSWER, note="Hồ sơ của anh đã xong, mời anh tới nhận."),
    )
    await citizen.reads("đã có trả lời", seconds=1)
    await citizen.taps("Chấm điểm")
    await citizen.reads("mấy điểm")
    await citizen.taps("2: không hài lòng")
    await citizen.reads("đã được mở lại")
    await citizen.asks("tôi tới mà họ bảo chưa có")
    await citizen.reads("Mình đã chuyển vào phản ánh")
    state, rating, messages = await office.case(case_id)
    assert (state, rating, messages[-1]) == (State.REOPENED, 2, "tôi tới mà họ bảo chưa có")

    await citizen.reloads()
    await citizen.sees(f"phản ánh {MASK} của tôi tới đâu rồi")
    await citizen.sees_no(shown(code))
    assert citizen.troubles == []
    await context.close()


async def test_somebody_with_the_code_follows_from_another_browser(browser, office):
    teller = await Citizen.arrives(await browser.new_context(), office.url)
    await teller.asks("xin chào")
    await teller.reads("Dân Hỏi")
    case_id, code = await office.keeps_a_case_of(teller)
    holder = await Citizen.arrives(await browser.new_context(), office.url)
    await holder.asks(code.lower())
    await holder.reads(f"Phản ánh số {case_id}")
    await office.writes(case_id, "Mai có kết quả ạ.")
    await teller.reads("Mai có kết quả ạ.", seconds=1)
    await holder.asks("phản ánh của tôi đến đâu rồi")
    await holder.reads("Mai có kết quả ạ.")
    await holder.taps("Rút phản ánh")
    await holder.reads("Bạn muốn rút phản ánh")
    await holder.taps("Đúng, rút phản ánh")
    await holder.reads("Mình đã rút")
    await teller.reads("vừa được rút từ một cuộc trò chuyện khác", seconds=1)
    await teller.page.context.close()
    await holder.page.context.close()
