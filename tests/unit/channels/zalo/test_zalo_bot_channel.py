"""The Zalo Bot against its fake: in by webhook or polling, out in numbers, and its plan watched."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.base import Button, Parcel, PassingFailure, PermanentFailure, Reply
from bot.channels.counts import Counts, count_calls
from bot.channels.zalo_bot.channel import PATH, ZaloBot, ZaloBotSettings
from bot.doors.http import answer_in_json
from tests.fakes.channel_house import a_channel_house
from tests.fakes.choices import FakeChoices
from tests.fakes.counted import counted
from tests.fakes.pictures import a_picture
from tests.fakes.road import FakeRoad
from tests.fakes.uploads import FakeUploads
from tests.fakes.zalo_bot_api import AN, SECRET, TOKEN, zalo_bot_api

CHOICES = (Button("Lệ phí", "/fee"), Button("Nộp ở đâu", "/place"))


class Pilot:
    """A bot with everything that stands around it, but no database."""

    def __init__(self, zalo, secret: str) -> None:
        self.zalo = zalo
        self.road = FakeRoad()
        self.uploads = FakeUploads()
        self.counts = Counts()
        settings = ZaloBotSettings(
            TOKEN,
            "https://hoi.example.gov.vn",
            secret,
            zalo.origin,
            (zalo.origin.removeprefix("http://"),),
        )
        choices = FakeChoices({"1": CHOICES[0], "2": CHOICES[1]})
        house = a_channel_house(
            self.road, uploads=self.uploads, choices=choices, counts=self.counts
        )
        self.bot = ZaloBot(settings, house)

    async def sends(self, reply: Reply | str) -> list[str]:
        reply = Reply(reply) if isinstance(reply, str) else reply
        return [await self.bot.deliver(AN, Parcel(1, part)) for part in self.bot.parts(reply)]

    async def fails(self, what: str = "chào bạn") -> PassingFailure | PermanentFailure:
        with pytest.raises((PassingFailure, PermanentFailure)) as raised:
            await self.sends(what)
        assert TOKEN not in str(raised.value)
        return raised.value

    @asynccontextmanager
    async def polling(self):
        running = asyncio.create_task(self.bot.polling.run())
        yield
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def hears(self, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.road.kept) < count:
                await asyncio.sleep(0.01)
        return [incoming.text for incoming in self.road.kept]


@pytest.fixture
async def pilot():
    async with zalo_bot_api() as zalo:
        pilot = Pilot(zalo, SECRET)
        zalo.says("xin chào")  # whoever has never written cannot be written to
        yield pilot
        await pilot.bot.close()


@pytest.fixture
async def door(pilot):
    app = web.Application()
    answer_in_json(app)
    count_calls(app, pilot.counts, {PATH: pilot.bot.name})
    pilot.bot.add_routes(app)
    async with TestServer(app) as server:
        yield str(server.make_url(PATH))


async def test_a_delivery_with_the_secret_is_kept_once_in_either_shape(pilot, door):
    update = pilot.zalo.says("xin chào")
    assert await pilot.zalo.deliver(door, update) == 200
    assert await pilot.zalo.deliver(door, update, flat=True) == 200
    assert await pilot.hears(1) == ["xin chào"]


async def test_strangers_are_refused_and_nothing_is_stored(pilot, door):
    update = pilot.zalo.says("xin chào")
    for secret in ("", "another secret", SECRET[:-1]):
        assert await pilot.zalo.deliver(door, update, secret=secret) == 401
    assert await pilot.zalo.deliver(door, {"result": []}) == 400
    assert await pilot.zalo.deliver(door, pilot.zalo.says("x" * 600_000)) == 413
    assert pilot.road.kept == []
    assert counted(pilot.counts, "rejected", channel="zalo-bot", reason="not_genuine") == 3
    assert counted(pilot.counts, "rejected", channel="zalo-bot", reason="no_update") == 1


async def test_while_the_storage_is_down_a_delivery_is_not_acknowledged(pilot, door):
    pilot.road.down = True
    assert await pilot.zalo.deliver(door, pilot.zalo.says("xin chào")) == 503


async def test_a_number_that_was_offered_is_the_choice(pilot, door):
    await pilot.zalo.deliver(door, pilot.zalo.says("2"))
    (kept,) = pilot.road.kept
    assert (kept.text, kept.metadata) == ("/place", {"title": "Nộp ở đâu"})


async def test_without_a_secret_there_is_no_door(pilot):
    app = web.Application()
    bot = Pilot(pilot.zalo, "").bot
    bot.add_routes(app)
    assert len(app.router.routes()) == 0
    await bot.close()


async def test_polling_takes_one_after_the_other_and_removes_a_webhook_first(pilot):
    pilot.zalo.webhook = ("https://elsewhere.vn", SECRET)
    for number in range(5):
        await pilot.zalo.waiting.put(pilot.zalo.says(f"câu {number}"))
    async with pilot.polling():
        assert await pilot.hears(5) == [f"câu {number}" for number in range(5)]
    assert pilot.zalo.webhook is None


async def test_an_update_is_kept_before_the_next_is_asked_for(pilot):
    pilot.road.down = True
    await pilot.zalo.waiting.put(pilot.zalo.says("một"))
    await pilot.zalo.waiting.put(pilot.zalo.says("hai"))
    async with pilot.polling():
        await asyncio.sleep(0.3)
        assert pilot.zalo.polls == 1
        pilot.road.down = False
        assert await pilot.hears(2) == ["một", "hai"]


@pytest.mark.parametrize("http_errors", [True, False])
async def test_polling_goes_on_after_silence_and_failures(pilot, http_errors):
    pilot.zalo.http_errors = http_errors
    pilot.zalo.moods = ["hangs up", "broken"]
    await pilot.zalo.waiting.put(pilot.zalo.says("một"))
    async with pilot.polling():
        assert await pilot.hears(1) == ["một"]
        pilot.zalo.moods = [408, 408]
        await pilot.zalo.waiting.put(pilot.zalo.says("hai"))
        assert await pilot.hears(2) == ["một", "hai"]


async def test_polling_with_a_wrong_token_calls_an_operator(pilot):
    pilot.zalo.moods = [401] * 50
    async with pilot.polling():
        async with asyncio.timeout(20):
            while "polling" not in pilot.bot.troubles.now:
                await asyncio.sleep(0.01)
    assert TOKEN not in str(pilot.bot.troubles.now)


async def test_choices_are_numbered(pilot):
    assert await pilot.sends(Reply("Bạn cần gì?", CHOICES)) == ["sent-1"]
    assert pilot.zalo.taken[0][:2] == (AN, "Bạn cần gì?\n\n1. Lệ phí\n2. Nộp ở đâu")


async def test_a_long_text_is_cut_and_a_picture_goes_by_its_address(pilot):
    await pilot.sends(Reply("Một câu dài. " * 300, image="/a.png"))
    assert all(len(text) <= 2000 for _, text, _ in pilot.zalo.taken)
    assert [fields.get("photo") for _, _, fields in pilot.zalo.taken] == [
        None,
        "https://hoi.example.gov.vn/a.png",
    ]


async def test_a_picture_is_fetched_and_kept_and_one_that_is_gone_is_told_of(pilot, door):
    await pilot.zalo.deliver(door, pilot.zalo.sends_photo(f"{pilot.zalo.origin}/files/a.jpg"))
    await pilot.zalo.deliver(door, pilot.zalo.sends_photo(f"{pilot.zalo.origin}/files/none.jpg"))
    await pilot.zalo.deliver(door, pilot.zalo.sends_photo("http://10.0.0.1/a.jpg"))
    pilot.zalo.hosting.files["a.jpg"] = a_picture()
    there, gone, elsewhere = [await pilot.bot.fetch(each) for each in pilot.road.kept]
    assert len(there.attachments) == 1
    assert there.metadata == {}
    for missing in (gone, elsewhere):
        assert (missing.attachments, missing.metadata) == ((), {"refused": "out_of_reach"})


@pytest.mark.parametrize("http_errors", [True, False])
@pytest.mark.parametrize(
    ("code", "passing", "everybody"),
    [
        (400, False, False),
        (401, True, True),
        (403, True, False),
        (404, True, True),
        (408, True, False),
        (429, True, True),
    ],
)
async def test_every_refusal_has_its_effect(pilot, http_errors, code, passing, everybody):
    pilot.zalo.http_errors = http_errors
    pilot.zalo.moods = [code]
    failure = await pilot.fails()
    assert isinstance(failure, PassingFailure) is passing
    assert getattr(failure, "everybody", False) is everybody
    assert ("refused" in pilot.bot.troubles.now) is everybody
    await pilot.sends("chào bạn")
    assert pilot.bot.troubles.now == {}


async def test_a_month_that_is_used_up_waits_and_calls_an_operator(pilot):
    pilot.zalo.quota = 0
    failure = await pilot.fails()
    assert (failure.everybody, failure.retry_after) == (True, 600)
    assert "quota" in pilot.bot.troubles.now["refused"]


@pytest.mark.parametrize("mood", ["hangs up", "broken", "html"])
async def test_an_answer_that_does_not_come_leaves_it_open(pilot, mood):
    pilot.zalo.moods = [mood]
    failure = await pilot.fails()
    assert isinstance(failure, PassingFailure)
    assert failure.may_have_arrived
