"""Somebody on the Zalo Bot: asks, types numbers, tells with a picture, and is hidden by Zalo.

The gateway runs in this process, its brain with the trained assistant in another; the platform is
the fake that a real client accepts. Both ways in: delivered to the webhook, and fetched.
"""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channels.zalo_bot import channel as zalo_bot
from bot.channels.zalo_bot import plan
from bot.channels.zalo_bot.channel import PATH
from tests.e2e.office import ANSWERED, STORY, Office, an_office
from tests.fakes.pictures import a_picture
from tests.fakes.zalo_bot_api import AN, SECRET, TOKEN, FakeZaloBot, zalo_bot_api

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

HOTLINE = "1900 0000"


class Citizen:
    """Somebody with Zalo on the telephone: there is nothing to tap, only numbers to type."""

    def __init__(self, zalo: FakeZaloBot, url: str, user: str = AN) -> None:
        self._zalo = zalo
        self._url = url  # of the webhook; empty where updates are fetched
        self._user = user
        self._answered = 0

    async def does(self, update: dict) -> None:
        if self._url:
            assert await self._zalo.deliver(self._url, update) == 200
        else:
            await self._zalo.waiting.put(update)

    async def says(self, text: str) -> None:
        await self.does(self._zalo.says(text, self._user))

    @property
    def read(self) -> list[str]:
        return [text for to, text, _ in self._zalo.taken if to == self._user]

    async def reads(self, words: str, seconds: float = 30) -> str:
        """Wait for a new message with these words; return it."""
        async with asyncio.timeout(seconds):
            while True:
                for number, text in enumerate(self.read[self._answered :], self._answered):
                    if words in text:
                        self._answered = number + 1
                        return text
                await asyncio.sleep(0.05)

    def choices(self) -> dict[str, str]:
        """The choices under the newest message that has any, and their numbers."""
        for text in reversed(self.read):
            if found := re.findall(r"^(\d+)\. (.+)$", text.rpartition("\n\n")[2], re.MULTILINE):
                return {title: number for number, title in found}
        return {}

    async def chooses(self, title: str) -> None:
        """Type the number of a choice, and wait until all that is said to it has come."""
        async with asyncio.timeout(30):
            while title not in self.choices():
                await asyncio.sleep(0.05)
            await self._has_read()
            before = len(self.read)
            await self.says(self.choices()[title])
            while len(self.read) == before:
                await asyncio.sleep(0.05)
            await self._has_read()

    async def chooses_until(self, words: str, *titles: str) -> None:
        """Answer what is asked with one of these, until these words are read."""
        async with asyncio.timeout(60):
            while not any(words in text for text in self.read):
                for title in titles:
                    if title in self.choices():
                        await self.chooses(title)
                        break
                await asyncio.sleep(0.05)

    async def _has_read(self) -> None:
        """A person reads to the end before they type."""
        seen = -1
        while seen != len(self.read):
            seen = len(self.read)
            await asyncio.sleep(0.4)


class Town:
    """A gateway with the bot, and an office behind it."""

    def __init__(self, zalo: FakeZaloBot, office: Office, *, webhook: bool) -> None:
        self.zalo = zalo
        self.office = office
        self.an = Citizen(zalo, f"{office.settings.origin}{PATH}" if webhook else "")


@pytest_asyncio.fixture(loop_scope="session", params=["webhook", "polling"])
async def town(request, data_with_model, monkeypatch) -> AsyncIterator[Town]:
    monkeypatch.setattr(zalo_bot, "COUNT_AGAIN", 0.5)
    monkeypatch.setattr(plan, "MOST_PEOPLE", 2)
    async with zalo_bot_api() as zalo:
        settings = {
            "BOT_ZALO_BOT_TOKEN": TOKEN,
            "BOT_ZALO_BOT_MODE": request.param,
            "BOT_ZALO_BOT_SECRET": SECRET,
            "BOT_ZALO_BOT_API": zalo.origin,
            "BOT_ZALO_FILE_HOSTS": zalo.origin.removeprefix("http://"),
            "BOT_HOTLINE_NAME": "Trung tâm",
            "BOT_HOTLINE_NUMBER": HOTLINE,
            "BOT_HOTLINE_CHECKED_ON": "2026-11-20",
        }
        async with an_office(data_with_model(), **settings) as office:
            yield Town(zalo, office, webhook=request.param == "webhook")


async def test_a_person_asks_in_numbers_tells_with_a_picture_and_hears_back(town):
    an = town.an
    await an.says("xin chào")
    await an.reads("mình là Dân Hỏi", seconds=60)
    await an.says("làm giấy khai sinh cho con cần giấy tờ gì")
    assert "\n1. " in await an.reads("Nguồn:")
    await an.chooses(next(iter(an.choices())))
    await an.does(town.zalo.update("unsupported"))
    assert HOTLINE in await an.reads("không cần gõ lại")

    await an.says(STORY)
    await an.chooses_until("ẩn danh hay ghi tên", "Mình không rõ", "Không nhớ, không muốn nói")
    town.zalo.hosting.files["a.jpg"] = a_picture()
    await an.does(town.zalo.sends_photo(f"{town.zalo.origin}/files/a.jpg"))
    await an.reads("Mình đã nhận tệp")
    await an.chooses("Ẩn danh, trả lời mình ở đây")
    await an.chooses_until("nghĩa là bạn đồng ý", "Bỏ qua")
    assert any("Ảnh, giấy tờ: 1" in text for text in an.read)
    await an.chooses("Đồng ý và gửi")
    await an.reads("Mã tiếp nhận:")
    case_id = int(re.search(r"phản ánh số (\d+)", await an.reads("phản ánh số"))[1])
    assert await town.office.evidence_of(case_id) == 1
    assert (await town.office.case(case_id)).channel == "zalo-bot"

    await town.office.moves(case_id, *ANSWERED)
    await an.reads("Hồ sơ của anh đã được nhận", seconds=10)
    assert '"zalo-bot": "open"' in await town.office.tells("/readyz")

    await Citizen(town.zalo, an._url, "the last one").says("xin chào")
    async with asyncio.timeout(30):
        while '"zalo-bot": "trouble: people"' not in await town.office.tells("/readyz"):
            await asyncio.sleep(0.2)
    metrics = await town.office.tells("/metrics")
    assert "danhoi_zalo_bot_people 2.0" in metrics
    assert 'danhoi_zalo_bot_trouble{trouble="people"} 1.0' in metrics
