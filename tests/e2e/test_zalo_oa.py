"""Somebody on Zalo: asks, taps, tells with a picture, gets a receipt, and hears from the office.

The gateway runs in this process, its brain with the trained assistant in another; Zalo is the fake
that a real client accepts, strict about signatures, tokens, lengths and buttons.
"""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from click.testing import CliRunner

from bot.channels.zalo_oa.channel import PATH
from bot.commands.channels import channels as channel_commands
from tests.e2e.office import ANSWERED, STORY, Office, an_office
from tests.fakes.pictures import a_picture
from tests.fakes.zalo_oa_api import APP_SECRET, FakeZaloOa, zalo_oa_api
from tests.fakes.zalo_oa_events import (
    AN,
    APP_ID,
    OA_SECRET,
    echo,
    follows,
    says,
    sends,
    sends_image,
    was_seen,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]


class Citizen:
    """Somebody with Zalo on the telephone."""

    def __init__(self, zalo: FakeZaloOa, url: str) -> None:
        self._zalo = zalo
        self._url = url
        self._answered = 0

    async def does(self, event: dict) -> None:
        assert (await self._zalo.deliver(self._url, event))[-1] == 200

    async def says(self, text: str) -> None:
        await self.does(says(text))

    @property
    def read(self) -> list[str]:
        return [message["text"] for _, message in self._zalo.taken]

    async def reads(self, words: str, seconds: float = 30) -> str:
        """Wait for a new message with these words; return it."""
        async with asyncio.timeout(seconds):
            while True:
                for number, text in enumerate(self.read[self._answered :], self._answered):
                    if words in text:
                        self._answered = number
                        return text
                await asyncio.sleep(0.05)

    def choices(self) -> dict[str, str]:
        """What can be tapped: titles, and what a tap sends; of equal titles the newest."""
        return {
            button["title"]: button["payload"]
            for _, message in self._zalo.taken
            if "attachment" in message
            for button in message["attachment"]["payload"]["buttons"]
        }

    def newest(self) -> list[str]:
        """The titles under the last message."""
        message = self._zalo.taken[-1][1]
        buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
        return [button["title"] for button in buttons]

    async def takes(self, title: str) -> None:
        """Tap a button, also one that stands further up."""
        await until(lambda: title in self.choices())
        await self.says(self.choices()[title])


class Town:
    """A gateway on Zalo, with an office behind it."""

    def __init__(self, zalo: FakeZaloOa, office: Office) -> None:
        self.zalo = zalo
        self.office = office
        self.settings = office.settings
        self.an = Citizen(zalo, f"{self.settings.origin}{PATH}")


@pytest_asyncio.fixture(loop_scope="session")
async def town(data_with_model) -> AsyncIterator[Town]:
    async with zalo_oa_api() as zalo:
        zalo.unlimited = True
        settings = {
            "BOT_ZALO_OA_APP_ID": APP_ID,
            "BOT_ZALO_OA_APP_SECRET": APP_SECRET,
            "BOT_ZALO_OA_SECRET": OA_SECRET,
            "BOT_ZALO_OA_API": zalo.origin,
            "BOT_ZALO_OA_OAUTH": zalo.origin,
            "BOT_ZALO_FILE_HOSTS": zalo.origin.removeprefix("http://"),
        }
        async with an_office(data_with_model(), **settings) as office:
            yield Town(zalo, office)


async def logs_in(town: Town) -> None:
    """Give the program its first tokens, as an operator does while it runs."""
    _, refresh_token = town.zalo.new_pair()
    done = await asyncio.to_thread(
        CliRunner().invoke,
        channel_commands,
        ["zalo-oa-login", "--refresh-token"],
        obj=town.settings,
        input=f"{refresh_token}\n",
    )
    assert done.exit_code == 0, done.output


async def test_a_person_on_zalo_asks_taps_tells_with_a_picture_and_hears_back(town):
    an = town.an
    await logs_in(town)
    await an.does(follows())
    await an.reads("mình là Dân Hỏi", seconds=60)
    await an.says("làm giấy khai sinh cho con cần giấy tờ gì")
    await an.reads("Nguồn:")
    before = len(an.read)
    await an.takes(an.newest()[0])
    await until(lambda: len(an.read) > before)
    await an.does(sends("audio", {"url": "https://zdn.vn/a.amr"}))
    await an.reads("chưa nghe được tin nhắn thoại")
    await an.does(echo("của bot"))
    await an.does(was_seen("sent-1"))

    await an.says(STORY)
    await answers_until(an, "ẩn danh hay ghi tên", "Mình không rõ", "Không nhớ, không muốn nói")
    town.zalo.hosting.files["a.jpg"] = a_picture()
    await an.does(sends_image(f"{town.zalo.origin}/files/a.jpg"))
    await an.reads("Mình đã nhận tệp")
    await an.takes("Ẩn danh, trả lời mình ở đây")
    await answers_until(an, "nghĩa là bạn đồng ý", "Bỏ qua")
    assert any("Ảnh, giấy tờ: 1" in text for text in an.read)
    await an.takes("Đồng ý và gửi")
    await an.reads("Mã tiếp nhận:")
    told = await an.reads("phản ánh số")
    case_id = int(re.search(r"phản ánh số (\d+)", told)[1])
    assert await town.office.evidence_of(case_id) == 1
    assert (await town.office.case(case_id)).channel == "zalo-oa"

    await town.office.moves(case_id, *ANSWERED)
    await an.reads("Hồ sơ của anh đã được nhận", seconds=10)
    assert {to for to, _ in town.zalo.taken} == {AN}
    assert '"zalo-oa": "open"' in await town.office.tells("/readyz")
    metrics = await town.office.tells("/metrics")
    assert 'danhoi_channel_unread_total{channel="zalo-oa",kind="echo"} 1.0' in metrics
    assert 'danhoi_zalo_oa_quota_remaining{kind="reply"}' in metrics


async def test_before_the_first_login_answers_wait_and_an_operator_is_called(town):
    await town.an.says("xin chào")
    async with asyncio.timeout(60):
        while "trouble: refused, token" not in await town.office.tells("/readyz"):
            await asyncio.sleep(0.2)
    metrics = await town.office.tells("/metrics")
    assert 'danhoi_zalo_oa_trouble{trouble="token"} 1.0' in metrics
    assert 'danhoi_outbox_waiting{channel="zalo-oa"} 1.0' in metrics
    assert town.an.read == []


async def until(condition, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def answers_until(an: Citizen, words: str, *titles: str) -> None:
    """Choose one of these titles wherever it is offered, until these words are read."""
    async with asyncio.timeout(60):
        while not any(words in text for text in an.read):
            offered = an.newest()
            if found := [title for title in titles if title in offered]:
                before = len(an.read)
                await an.takes(found[0])
                await until(lambda: len(an.read) > before)  # noqa: B023
            await asyncio.sleep(0.1)
