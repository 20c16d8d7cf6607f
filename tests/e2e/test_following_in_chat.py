"""A case, followed on the web page by its reporter while the office works on it.

The gateway runs in this process, as it does for the console: what the office does here reaches an
open page by the same way. Its brain is a process of its own, with the trained assistant.
"""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app.store import now
from bot.channels.web.cookie import NAME as COOKIE
from bot.channels.web.cookie import Visitor
from bot.conversation.inbox import conversation_id
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.receipts import shown
from bot.feedback.services import Step, Told
from bot.feedback.sightings import MASK
from bot.feedback.states import Move, State
from tests.e2e.citizen import Citizen
from tests.e2e.office import LAN, Office, an_office

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(data_with_model) -> AsyncIterator[Office]:
    async with an_office(data_with_model()) as office:
        yield office


async def keeps_a_case_of(citizen: Citizen, office: Office) -> tuple[int, str]:
    """Open a case that this page's conversation told; return its number and its code."""
    cookies = {each["name"]: each["value"] for each in await citizen.page.context.cookies()}
    address = Visitor(cookies[COOKIE]).address
    conversation = conversation_id(office.store.vault, "web", address)
    told = Told(Category.DELAY, "Trễ hẹn hai tuần.", "web", "1", conversation=conversation)
    async with office.store.sessions() as session, session.begin():
        case, code = await services.open_case(session, office.desk, told, now())
    return case.id, code


async def writes(office: Office, case_id: int, text: str) -> None:
    async with office.store.sessions() as session, session.begin():
        await services.add_to_case(session, office.desk, case_id, text, LAN, now())


async def state_of(office: Office, case_id: int) -> tuple[State, int | None, str]:
    """Where a case stands, how it was rated, and what was said last."""
    case = await office.case(case_id)
    async with office.store.sessions() as session:
        said = await services.messages_of(session, office.store.vault, case_id)
    return case.state, case.rating, said[-1].text


async def test_a_reporter_reads_answers_rates_and_is_heard_again(browser, office):
    context = await browser.new_context(viewport={"width": 390, "height": 780}, locale="vi-VN")
    citizen = await Citizen.arrives(context, office.settings.origin)
    await citizen.asks("xin chào")
    await citizen.reads("Dân Hỏi")
    case_id, code = await keeps_a_case_of(citizen, office)

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
    state, _, last = await state_of(office, case_id)
    assert (state, last) == (State.TRIAGED, "tôi nộp ngày 12/11 ở quầy số 3")

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
    reopened = (State.REOPENED, 2, "tôi tới mà họ bảo chưa có")
    assert await state_of(office, case_id) == reopened

    await citizen.reloads()
    await citizen.sees(f"phản ánh {MASK} của tôi tới đâu rồi")
    await citizen.sees_no(shown(code))
    assert citizen.troubles == []
    await context.close()


async def test_somebody_with_the_code_follows_from_another_browser(browser, office):
    teller = await Citizen.arrives(await browser.new_context(), office.settings.origin)
    await teller.asks("xin chào")
    await teller.reads("Dân Hỏi")
    case_id, code = await keeps_a_case_of(teller, office)
    holder = await Citizen.arrives(await browser.new_context(), office.settings.origin)
    await holder.asks(code.lower())
    await holder.reads(f"Phản ánh số {case_id}")
    await writes(office, case_id, "Mai có kết quả ạ.")
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
