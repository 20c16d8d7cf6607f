"""The whole house on one port: the real program, its staff at the console, citizens at the chat."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp
from playwright.async_api import Browser, Locator, StorageState

from tests.e2e.citizen import Citizen
from tests.e2e.staff import Person
from tests.fakes.program import Program

PASSWORD = "trời xanh mây trắng"
STAFF = (  # name, full name, role, places
    ("lan", "Nguyễn Thị Lan", "supervisor", ""),
    ("minh", "Trần Văn Minh", "lead", ""),
    ("binh", "Lê Văn Bình", "supervisor", "Phường Hoàn Kiếm, Hà Nội"),
)
# What leads from a story to its receipt without a detour.
SHORTEST = ("Đồng ý và gửi", "Ẩn danh, trả lời mình ở đây", "Bỏ qua", "Không nhớ rõ ngày")
TELEPHONE = {"viewport": {"width": 390, "height": 780}, "locale": "vi-VN"}
DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "vi-VN"}


@dataclass
class House:
    """A running program with accounts, and browsers for whoever comes."""

    program: Program
    browser: Browser
    _sessions: dict[str, StorageState] = field(default_factory=dict)

    @asynccontextmanager
    async def citizen(self, **context: object) -> AsyncIterator[Citizen]:
        """Let a citizen open the chat; their browser must not have complained on the way."""
        seen = await self.browser.new_context(**(TELEPHONE | context))
        citizen = await Citizen.arrives(seen, self.program.url)
        yield citizen
        await seen.close()
        assert citizen.troubles == []

    async def hears(self, story: str) -> int:
        """Let somebody tell a story without their name, by REST; return the number of the case."""
        sender, message = uuid4().hex, story
        async with aiohttp.ClientSession(self.program.url) as client:
            for _ in range(8):
                body = {"sender": sender, "message": message}
                async with client.post("/webhooks/rest/webhook", json=body) as answer:
                    replies = await answer.json()
                facts = [each["custom"] for each in replies if "custom" in each]
                numbers = [fact["case_id"] for fact in facts if "receipt_code" in fact]
                if numbers:
                    return numbers[0]
                offered = [button for each in replies for button in each.get("buttons", ())]
                wanted = [each for each in offered if each["title"] in SHORTEST] or offered
                message = wanted[0]["payload"]
        raise AssertionError(replies)

    @asynccontextmanager
    async def staff(self, name: str, kind: type[Person] = Person, **context) -> AsyncIterator:
        """Let one of the staff work, signed in; their browser must not have complained."""
        session = self._sessions.get(name)
        seen = await self.browser.new_context(**(DESK | context), storage_state=session)
        person = kind(await seen.new_page(), self.program.url)
        yield person
        await seen.close()
        assert person.troubles == []

    async def first_day(self) -> None:
        """The first admin signs in with the printed password, and makes accounts for the others."""
        async with self.staff("quan-tri") as admin:
            await self._comes_in(admin, "quan-tri", await self._printed_password())
            for name, full_name, role, places in STAFF:
                given = await adds_account(admin, name, full_name, role, places)
                async with self.staff(name) as person:
                    await self._comes_in(person, name, given)

    async def _printed_password(self, seconds: float = 20) -> str:
        """Read what the operator reads, once, at the first start."""
        for _ in range(round(seconds / 0.1)):
            printed = re.search(r"^ +quan-tri +(\S+)$", self.program.log.read_text(), re.MULTILINE)
            if printed:
                return printed[1]
            await asyncio.sleep(0.1)
        raise AssertionError("the one-time password of the first account was not printed")

    async def _comes_in(self, person: Person, name: str, given: str) -> None:
        """Sign in with a password that was given, and put one of one's own in its place."""
        await person.opens("/console")
        await person.signs_in(name, given)
        await person.reads("Hãy đặt mật khẩu của riêng bạn")
        await person.changes_password(given, PASSWORD)
        await person.reads("Đã đổi mật khẩu")
        self._sessions[name] = await person.page.context.storage_state()


async def adds_account(admin: Person, name: str, full_name: str, role: str, places: str) -> str:
    """Make an account; return the one-time password that the page shows."""
    await admin.opens("/console/nguoi-dung/them")
    await admin.fills("Tên đăng nhập", name)
    await admin.fills("Họ tên", full_name)
    await admin.page.get_by_label("Vai trò").select_option(role)
    if places:
        await admin.fills("Mỗi dòng một nơi", places)
    else:
        await admin.page.get_by_label("Mọi nơi").check()
    await admin.presses("Tạo tài khoản")
    return await admin.page.locator("code").inner_text()


@asynccontextmanager
async def a_house(data: Path, browser: Browser) -> AsyncIterator[House]:
    """Start the program on a folder that holds a model; stop it at the end."""
    program = Program(data, BOT_BRAINS="1")
    await program.start()
    try:
        house = House(program, browser)
        await house.first_day()
        yield house
    finally:
        program.stop()


class Supervisor(Person):
    """One of the staff at the pages of cases."""

    async def opens_case(self, number: int) -> None:
        await self.opens(f"/console/cases/{number}")
        await self.reads(f"Phản ánh {number}")

    async def does(self, act: str, done: str, **fields: str) -> None:
        """Fill in the form of an act, send it, and read what is said then."""
        form = await self._form(act)
        for name, text in fields.items():
            await form.locator(f"[name={name}]").fill(text)
        await form.locator("button[type=submit]").click()
        await self.reads(done)

    async def takes_template(self, act: str, name: str) -> str:
        """Put a template into the text of an act; return what stands there then."""
        form = await self._form(act)
        await form.get_by_text("Chèn mẫu câu").click()
        await form.get_by_role("link", name=name).click()
        return await form.locator("textarea").first.input_value()

    async def _form(self, act: str) -> Locator:
        """Return the form of an act, opened where it stands behind its heading."""
        behind = self.page.locator(f"details[data-form={act}]:not([open]) > summary")
        if await behind.count():
            await behind.click()
        return self.page.locator(f"form#{act}")
