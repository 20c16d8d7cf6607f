"""The Zalo Bot on the real road: by webhook and by polling, on both databases, against its fake."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.counts import CountedInbox, Counts
from bot.channels.zalo_bot import channel as zalo_bot
from bot.channels.zalo_bot.channel import PATH, ZaloBot, ZaloBotSettings
from bot.conversation.choices import Choices
from bot.storage.vault import Vault
from tests.fakes.channel_house import a_channel_house
from tests.fakes.counted import counted
from tests.fakes.echo import KEY, now
from tests.fakes.nursery import a_quick_road, kept_open
from tests.fakes.pictures import a_picture
from tests.fakes.zalo_bot_api import AN, MOST_PEOPLE, SECRET, TOKEN, FakeZaloBot, zalo_bot_api

pytestmark = pytest.mark.timeout(120)
BINH = "0a1b2c3d4e5f6a7b8c9d"


class Pilot:
    """A gateway with the bot, and the people of the fake platform."""

    def __init__(self, zalo: FakeZaloBot, bot: ZaloBot, counts: Counts, url: str) -> None:
        self.zalo = zalo
        self.bot = bot
        self.counts = counts
        self._url = url  # of our webhook; empty where updates are fetched

    async def does(self, update: dict, times: int = 1) -> None:
        """Hand an update over; the platform delivers it, or keeps it until it is fetched."""
        for _ in range(times):
            if self._url:
                assert await self.zalo.deliver(self._url, update) == 200
            else:
                await self.zalo.waiting.put(update)

    def read(self, user: str = AN) -> list[str]:
        return [text for to, text, _ in self.zalo.taken if to == user]

    async def reads(self, *texts: str, user: str = AN) -> None:
        """Wait until somebody has been sent this much, and nothing else."""
        async with asyncio.timeout(30):
            while len(self.read(user)) < len(texts):
                await asyncio.sleep(0.01)
        assert self.read(user) == list(texts)


@asynccontextmanager
async def a_pilot(
    database_url: str, engine, zalo: FakeZaloBot, *, webhook: bool
) -> AsyncIterator[Pilot]:
    hosts = (zalo.origin.removeprefix("http://"),)
    origin, secret = "https://hoi.example.gov.vn", SECRET if webhook else ""
    settings = ZaloBotSettings(TOKEN, origin, secret, zalo.origin, hosts)
    counts = Counts()
    road = a_quick_road(database_url, brains=1)
    house = a_channel_house(
        CountedInbox(road.inbox, counts),
        choices=Choices(engine, Vault(KEY)),
        counts=counts,
        engine=engine,
        clock=now,
    )
    bot = ZaloBot(settings, house)
    road.connect({bot.name: bot})
    app = web.Application()
    bot.add_routes(app)
    async with kept_open(road), TestServer(app) as server:
        beside = asyncio.create_task(bot.run())
        yield Pilot(zalo, bot, counts, str(server.make_url(PATH)) if webhook else "")
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)
        await bot.close()


@pytest.fixture(params=["webhook", "polling"])
async def pilot(request, database_url, engine):
    async with (
        zalo_bot_api() as zalo,
        a_pilot(database_url, engine, zalo, webhook=request.param == "webhook") as pilot,
    ):
        yield pilot


async def test_whatever_comes_however_often_is_answered_once_and_in_order(pilot):
    lines = {user: [pilot.zalo.says(f"câu {n}", user) for n in range(5)] for user in (AN, BINH)}

    async def talks(user: str) -> None:
        for number, update in enumerate(lines[user]):
            await pilot.does(update, times=1 + number % 3)

    await asyncio.gather(talks(AN), talks(BINH))
    for user in (AN, BINH):
        await pilot.reads(*(f"{n + 1}: câu {n}" for n in range(5)), user=user)
    assert counted(pilot.counts, "received", channel="zalo-bot") > 10


async def test_choices_are_numbered_and_a_number_that_is_typed_back_is_the_choice(pilot):
    offered = "1: chọn nhé\n\n1. lệ_phí\n2. nơi_nộp"
    await pilot.does(pilot.zalo.says("offer lệ_phí nơi_nộp"))
    await pilot.reads(offered)
    await pilot.does(pilot.zalo.says("2", BINH))  # to whom nothing was offered
    await pilot.reads("1: 2", user=BINH)
    await asyncio.sleep(0.1)  # a person reads, too, before they type
    await pilot.does(pilot.zalo.says("số 2"))
    await pilot.reads(offered, "2: chose nơi_nộp")


async def test_pictures_are_fetched_before_their_turn_and_missing_ones_told_of(pilot):
    hosting = pilot.zalo.hosting
    hosting.files["a.jpg"] = a_picture()
    hosting.failures["a.jpg"] = [503]
    files = f"{pilot.zalo.origin}/files"
    await pilot.does(pilot.zalo.sends_photo(f"{files}/a.jpg", caption="files"))
    await pilot.does(pilot.zalo.sends_photo(f"{files}/gone.jpg", caption="metadata refused"))
    await pilot.reads("1: 1 tệp", "2: out_of_reach")
    assert hosting.asked_for == ["a.jpg", "a.jpg", "gone.jpg"]


async def test_words_that_zalo_hides_are_answered_like_any(pilot):
    await pilot.does(pilot.zalo.says("xin chào"))
    await pilot.does(pilot.zalo.update("unsupported"))
    await pilot.does(pilot.zalo.says("còn đó không"))
    await pilot.reads("1: xin chào", "2:", "3: còn đó không")


async def test_a_quota_that_is_used_up_holds_answers_back_and_loses_none(pilot, monkeypatch):
    monkeypatch.setattr("bot.channels.zalo_bot.api.QUOTA_PAUSE", 0.5)
    pilot.zalo.quota = 0
    await pilot.does(pilot.zalo.says("một"))
    async with asyncio.timeout(30):
        while "refused" not in pilot.bot.troubles.now:
            await asyncio.sleep(0.01)
    pilot.zalo.quota = 10
    await pilot.does(pilot.zalo.says("hai"))
    await pilot.reads("1: một", "2: hai")
    assert pilot.bot.troubles.now == {}


async def test_the_cap_on_people_is_told_when_the_last_place_is_taken(
    database_url, engine, monkeypatch
):
    monkeypatch.setattr(zalo_bot, "COUNT_AGAIN", 0.05)
    async with (
        zalo_bot_api() as zalo,
        a_pilot(database_url, engine, zalo, webhook=True) as pilot,
    ):
        for number in range(MOST_PEOPLE):
            await pilot.does(zalo.says("xin chào", f"person {number}"))
            if number == 20:
                assert "people" not in pilot.bot.troubles.now
        async with asyncio.timeout(30):
            while "all 50" not in pilot.bot.troubles.now.get("people", ""):
                await asyncio.sleep(0.01)
        assert pilot.bot.plan.people == MOST_PEOPLE
