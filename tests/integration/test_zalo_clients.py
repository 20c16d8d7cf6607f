"""The fakes of Zalo are honest: real clients talk to them, and they refuse what Zalo refuses."""

import pytest

from tests.fakes import zalo_bot_client, zalo_oa_client
from tests.fakes.environments import answer_of, environment
from tests.fakes.zalo_bot_api import AN, TOKEN, FakeZaloBot, Refusal, zalo_bot_api
from tests.fakes.zalo_oa_api import APP_SECRET, zalo_oa_api
from tests.fakes.zalo_oa_events import APP_ID

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="session")
def bot_client():
    return environment(zalo_bot_client.REQUIREMENT)


@pytest.fixture(scope="session")
def oa_client():
    return environment(*zalo_oa_client.REQUIREMENTS)


async def test_python_zalo_bot_finds_everything_that_we_use(bot_client):
    async with zalo_bot_api() as fake:
        fake.http_errors = True
        await fake.waiting.put(fake.says("xin chào"))
        await fake.waiting.put(fake.sends_photo("https://photo.zdn.vn/a.jpg"))
        seen = await answer_of(bot_client, zalo_bot_client, fake.origin, TOKEN, AN)
        assert seen == {
            "me": ["1459232241454765289", "bot.danhoi", "BASIC"],
            "heard": ["xin chào", AN, AN],
            "photo": "https://photo.zdn.vn/a.jpg",
            "sent": "sent-1",
            "shown": "sent-2",
            "typing": {},
            "refused": ["BadRequest"] * 4,
            "webhook": True,
            "info": "https://hoi.example.gov.vn",
            "removed": True,
            "stranger": "InvalidToken",
        }
        assert [(chat, text) for chat, text, _ in fake.taken] == [(AN, "chào bạn"), (AN, "ảnh")]


async def test_zalo_sdk_finds_everything_that_we_use(oa_client):
    async with zalo_oa_api() as fake:
        _, refresh_token = fake.new_pair()
        seen = await answer_of(
            oa_client, zalo_oa_client, fake.origin, APP_ID, APP_SECRET, refresh_token, "1"
        )
        assert seen["token"] == "access-2"
        assert seen["sent"]["error"] == 0
        assert seen["sent"]["data"]["quota"]["remain"] == "7"
        assert seen["offered"]["data"]["message_id"] == "sent-2"
        assert (seen["person"], seen["quota"], seen["upload"]) == ("An", 6, {"token": "upload-1"})
        assert seen["refused"] == [-210, -210, -201, -216, -14020, -240]
        assert [message["text"] for _, message in fake.taken] == ["chào bạn", "chọn nhé"]


async def test_the_bot_has_room_for_fifty():
    fake = FakeZaloBot()
    for number in range(50):
        fake.says("x", f"person {number}")
    with pytest.raises(Refusal):
        fake.says("x", "one more")
