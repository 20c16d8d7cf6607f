"""Somebody with Telegram: asks, taps, tells with an album, gets a receipt, and hears back.

The gateway runs in this process, its brain with the trained assistant in another, Telegram is the
fake that real clients accept. Both ways in: delivered to the webhook, and fetched.
"""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from click.testing import CliRunner

from bot.channels.plain import AGAIN
from bot.commands.channels import channels as channel_commands
from tests.e2e.office import ANSWERED, STORY, Office, an_office
from tests.fakes.pictures import a_picture
from tests.fakes.program import Program
from tests.fakes.telegram_api import TOKEN, telegram_api

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

SECRET = "s-0123456789abcdef"


class Town:
    """A gateway on Telegram, with an office behind it."""

    def __init__(self, fake, office: Office) -> None:
        self.fake = fake
        self.office = office
        self.settings = office.settings


@pytest_asyncio.fixture(loop_scope="session")
async def town(request, data_with_model) -> AsyncIterator[Town]:
    async with telegram_api(1001, 1002, -100200) as fake:
        settings = {
            "BOT_TELEGRAM_TOKEN": TOKEN,
            "BOT_TELEGRAM_API": fake.origin,
            "BOT_TELEGRAM_MODE": request.param,
            "BOT_TELEGRAM_SECRET": SECRET,
        }
        async with an_office(data_with_model(), **settings) as office:
            connect = CliRunner().invoke
            done = await asyncio.to_thread(
                connect, channel_commands, ["set-webhook"], obj=office.settings
            )
            assert done.exit_code == 0, done.output
            assert (fake.webhook is not None) == (request.param == "webhook")
            yield Town(fake, office)


def buttons(message) -> list[str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


@pytest.mark.parametrize("town", ["webhook"], indirect=True)
async def test_a_person_asks_taps_tells_with_an_album_and_hears_back(town):
    an = town.fake.person(1001)
    an.says("/start")
    await an.reads("mình là Dân Hỏi", seconds=60)
    an.says("làm giấy khai sinh cho con cần giấy tờ gì")
    answer = await an.reads("Nguồn:")
    title = buttons(answer)[0]
    query = an.taps(title)
    await until(lambda: town.fake.queries[query])
    await until(lambda: len(an.read) > 2)
    an.sends(voice={"file_id": "x", "file_unique_id": "x", "duration": 3})
    await an.reads("chưa nghe được tin nhắn thoại")

    an.says(STORY)
    await tells_on(an)
    before = len(an.read)
    an.sends_album(a_picture(), a_picture("PNG"), a_picture(size=(80, 80)), caption="")
    await an.reads("Mình đã nhận tệp")
    await town.fake.settled()
    await until(lambda: town.fake.calls["getFile"] == 3)
    an.taps("Ẩn danh, trả lời mình ở đây")
    summary = await until_summary(an)
    assert "Ảnh, giấy tờ: 3" in summary
    answers = [text for text in an.read[before:] if "Mình đã nhận tệp" in text]
    assert len(answers) == 1
    an.sends_album(a_picture(size=(90, 60)), a_picture(size=(60, 90)), caption="")
    await an.reads("Phản ánh giờ gửi kèm 5 ảnh, giấy tờ.")
    an.taps("Đồng ý và gửi")
    await an.reads("Mã tiếp nhận:")
    told = await an.reads("phản ánh số")
    case_id = int(re.search(r"phản ánh số (\d+)", told["text"])[1])
    assert await town.office.evidence_of(case_id) == 5
    assert (await town.office.case(case_id)).channel == "telegram"

    await town.office.moves(case_id, *ANSWERED)
    await an.reads("Hồ sơ của anh đã được nhận", seconds=5)

    group = town.fake.member(1001, town.fake.chats[-100200])
    group.says("phản ánh của tôi tới đâu rồi")
    group.says("@danhoi_bot phản ánh của tôi tới đâu rồi")
    await group.reads("không trao đổi trong nhóm")
    assert len(group.read) == 1


async def until(condition, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def tells_on(an) -> None:
    """Answer what is asked of the story until it is asked who tells it."""
    async with asyncio.timeout(60):
        while not any("ẩn danh hay ghi tên" in text for text in an.read):
            for title in ("Mình không rõ", "Không nhớ, không muốn nói", "Không nhớ rõ ngày"):
                newest = an.chat.from_the_bot[-1]
                if "reply_markup" in newest and title in buttons(newest):
                    an.taps(title)
            await asyncio.sleep(0.5)


async def until_summary(an) -> str:
    """Leave out what else is asked; return what would be sent."""
    async with asyncio.timeout(60):
        while not any(text.startswith("Mình ghi lại như sau") for text in an.read):
            newest = an.chat.from_the_bot[-1]
            if "reply_markup" in newest and "Bỏ qua" in buttons(newest):
                an.taps("Bỏ qua")
            await asyncio.sleep(0.5)
        await an.reads("nghĩa là bạn đồng ý")
    return [text for text in an.read if text.startswith("Mình ghi lại như sau")][-1]


@pytest.mark.parametrize("town", ["polling"], indirect=True)
async def test_without_a_public_address_messages_are_fetched(town):
    an, binh = town.fake.person(1001), town.fake.person(1002)
    an.says("/start tt_1-001193")
    await an.reads("1.001193", seconds=60)
    binh.says("xin chào")
    await binh.reads("mình là Dân Hỏi")
    message = binh.says("lam giay khai sih")
    binh.edits(message, "đăng ký kết hôn cần gì")
    await binh.reads("kết hôn")
    an.taps_data("999999.0", an.chat.from_the_bot[-1])
    await an.reads("Nút này đã cũ")
    await until(lambda: not town.fake.pending)


async def test_a_program_that_was_killed_answers_what_was_said_meanwhile(data_with_model):
    async with telegram_api(1001) as fake:
        program = Program(
            data_with_model(),
            BOT_BRAINS="1",
            BOT_TELEGRAM_TOKEN=TOKEN,
            BOT_TELEGRAM_API=fake.origin,
            BOT_TELEGRAM_MODE="polling",
        )
        an = fake.person(1001)
        await program.start()
        an.says("xin chào")
        await an.reads("mình là Dân Hỏi", seconds=60)
        an.says("đăng ký kết hôn cần giấy tờ gì")
        program.kill()
        an.says("cảm ơn nhé")
        await program.start()
        await an.reads("Không có gì ạ", seconds=60)
        program.stop()
    once = [text for text in an.read if "kết hôn" in text and not text.startswith(AGAIN)]
    assert len(once) == 1
    assert an.read[-1].endswith("cứ nhắn nhé.")
    assert TOKEN.split(":")[1] not in program.log.read_text()
