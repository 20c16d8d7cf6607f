"""The page of channels in a real browser: accessible, narrow, by keyboard, and without script."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.conversation.contracts import Reply
from bot.conversation.deliveries import Outgoing, Standing
from bot.conversation.models import Delivery, Message
from bot.staff.models import StaffRole
from bot.storage.engine import open_engine
from tests.e2e.staff import a_person
from tests.fakes.console import PASSWORD, a_console, an_account, make_tables
from tests.fakes.turns import Said

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    standings = [Standing("messenger", False, 1204, 3), Standing("telegram", True, 88, 41)]
    console = a_console(engine, outgoing=Outgoing("here", lambda: standings))
    id = await Said(engine, console.vault, "messenger").answers("an", Reply("Chào bạn!"))
    async with console.sessions() as session, session.begin():
        message = await session.get_one(Message, id)
        message.delivery, message.reason = Delivery.PARKED, "more than 24 hours"
    await an_account(console, "lan", role=StaffRole.LEAD)
    yield console
    await engine.dispose()


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_page_can_be_used_by_everybody(browser, console, width):
    async with a_person(browser, console, viewport={"width": width, "height": 800}) as lan:
        await lan.opens("/console/kenh")
        await lan.signs_in("lan", PASSWORD)
        await lan.finds_accessible("Ứng dụng đang yêu cầu tạm ngừng")
        await lan.page.get_by_role("button", name="Thử gửi lại tin số").focus()
        await lan.types("[Enter]")
        await lan.finds_accessible("Không có tin nào bị dừng")
        await expect(lan.page.get_by_role("status")).to_contain_text("hàng chờ để gửi lại")


async def test_the_page_needs_no_script(browser, console):
    async with a_person(browser, console, java_script_enabled=False) as lan:
        await lan.opens("/console/kenh")
        await lan.fills("Tên đăng nhập", "lan")
        await lan.page.get_by_label("Mật khẩu").focus()
        await lan.page.keyboard.insert_text(PASSWORD)
        await lan.types("[Enter]")
        await lan.presses("Thử gửi lại tin số 2")
        await lan.reads("Không có tin nào bị dừng")
