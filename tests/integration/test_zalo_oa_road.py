"""The Official Account on the real road: signed events in, messages out, on both databases."""

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select, update

from bot.channels.counts import CountedInbox, Counts
from bot.channels.zalo_oa.channel import PATH, ZaloOa, ZaloOaSettings
from bot.channels.zalo_oa.models import ZaloGrant
from bot.channels.zalo_oa.oauth import Pair
from bot.conversation.choices import Choices
from bot.conversation.models import Delivery, Message
from bot.storage.vault import Vault
from tests.fakes.channel_house import a_channel_house
from tests.fakes.counted import counted
from tests.fakes.echo import KEY, now
from tests.fakes.nursery import a_quick_road
from tests.fakes.pictures import a_picture
from tests.fakes.zalo_oa_api import APP_SECRET, TOKEN_LIFE, FakeZaloOa, zalo_oa_api
from tests.fakes.zalo_oa_events import (
    AN,
    APP_ID,
    OA_SECRET,
    follows,
    opens_chat,
    says,
    sends_image,
    unfollows,
)

pytestmark = pytest.mark.timeout(120)
BINH = "998877665544332211"


class Town:
    """A gateway with the channel, and the people of the fake OA."""

    def __init__(self, zalo: FakeZaloOa, channel: ZaloOa, counts: Counts, engine) -> None:
        self.zalo = zalo
        self.channel = channel
        self.counts = counts
        self.engine = engine
        self.url = ""

    async def does(self, event: dict) -> None:
        assert (await self.zalo.deliver(self.url, event))[-1] == 200

    def read(self, user: str = AN) -> list[str]:
        """What somebody has been sent, in its order."""
        return [message["text"] for to, message in self.zalo.taken if to == user]

    async def reads(self, *texts: str, user: str = AN) -> None:
        """Wait until somebody has been sent this much, and nothing else."""
        async with asyncio.timeout(30):
            while len(self.read(user)) < len(texts):
                await asyncio.sleep(0.01)
        assert self.read(user) == list(texts)

    def buttons(self) -> list[dict]:
        """Those under the newest message."""
        return self.zalo.taken[-1][1]["attachment"]["payload"]["buttons"]

    async def parked(self, count: int) -> list[str]:
        """Wait until as many replies are parked; return why."""
        query = select(Message.reason).where(Message.delivery == Delivery.PARKED)
        async with asyncio.timeout(30):
            while True:
                async with self.engine.connect() as connection:
                    reasons = list(await connection.scalars(query))
                if len(reasons) >= count:
                    return reasons
                await asyncio.sleep(0.02)


@asynccontextmanager
async def a_town(database_url: str, zalo: FakeZaloOa, engine, uploads=None):
    settings = ZaloOaSettings(
        APP_ID,
        APP_SECRET,
        OA_SECRET,
        "https://hoi.example.gov.vn",
        zalo.origin,
        zalo.origin,
        (zalo.origin.removeprefix("http://"),),
    )
    counts, vault = Counts(), Vault(KEY)
    road = a_quick_road(database_url, brains=1)
    house = a_channel_house(
        CountedInbox(road.inbox, counts),
        uploads=uploads,
        choices=Choices(engine, vault),
        counts=counts,
        engine=engine,
        vault=vault,
        clock=now,
    )
    channel = ZaloOa(settings, house)
    await channel.tokens.keep(Pair(*zalo.new_pair(), TOKEN_LIFE))
    road.connect({"zalo-oa": channel})
    running = asyncio.gather(road.run(), channel.run())
    await road.brains.wait_until_ready()
    app = web.Application()
    channel.add_routes(app)
    town = Town(zalo, channel, counts, engine)
    try:
        async with TestServer(app) as server:
            town.url = str(server.make_url(PATH))
            yield town
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()
        await road._engine.dispose()


@pytest.fixture
async def town(database_url, engine):
    async with zalo_oa_api() as zalo, a_town(database_url, zalo, engine) as town:
        yield town


async def test_whatever_is_delivered_however_often_is_answered_once_and_in_order(town):
    lines = {user: [says(f"câu {n}", user) for n in range(6)] for user in (AN, BINH)}

    async def talks(user: str) -> None:
        for event in lines[user]:
            for _ in range(random.Random(7).randint(1, 4)):
                await town.does(event)

    await asyncio.gather(talks(AN), talks(BINH))
    for user in (AN, BINH):
        await town.reads(*(f"{n + 1}: câu {n}" for n in range(6)), user=user)
    assert counted(town.counts, "received", channel="zalo-oa") > 12
    assert "reply" in town.channel.sender.quotas


async def test_a_tap_and_a_typed_number_are_the_choice(town):
    await town.does(says("offer lệ_phí nơi_nộp"))
    await town.reads("1: chọn nhé")
    payload = town.buttons()[1]["payload"]
    await town.does(says(payload, user=BINH))  # a token is nothing in another's conversation
    await town.does(says(payload))
    await town.reads("1: chọn nhé", "2: chose nơi_nộp")
    await town.does(says("offer a b c"))
    await town.reads("1: chọn nhé", "2: chose nơi_nộp", "3: chọn nhé")
    await asyncio.sleep(0.1)  # a person reads, too, before they type
    await town.does(says("số 3"))
    await town.reads("1: chọn nhé", "2: chose nơi_nộp", "3: chọn nhé", "4: chose c")
    await town.reads("1:", user=BINH)


async def test_where_buttons_are_refused_numbers_do(town):
    town.zalo.buttons_known = False
    await town.does(says("offer lệ_phí nơi_nộp"))
    await town.reads("1: chọn nhé\n\n1. lệ_phí\n2. nơi_nộp")
    await asyncio.sleep(0.1)
    await town.does(says("2"))
    await town.reads("1: chọn nhé\n\n1. lệ_phí\n2. nơi_nộp", "2: chose nơi_nộp")


async def test_pictures_are_fetched_before_their_turn_and_missing_ones_told_of(town):
    hosting = town.zalo.hosting
    hosting.files["a.jpg"] = a_picture()
    hosting.failures["a.jpg"] = [503]
    await town.does(sends_image(f"{town.zalo.origin}/files/a.jpg", text="files"))
    await town.does(sends_image(f"{town.zalo.origin}/files/gone.jpg", text="metadata refused"))
    await town.does(sends_image("http://169.254.169.254/a", text="metadata refused"))
    await town.reads("1: 1 tệp", "2: out_of_reach", "3: out_of_reach")
    assert hosting.asked_for == ["a.jpg", "a.jpg", "gone.jpg"]


async def test_who_follows_is_greeted_once(town):
    for event in (follows(), follows(), opens_chat()):
        await town.does(event)
    await town.does(says("xin chào"))
    await town.reads("1: /greet", "2: xin chào")


async def test_who_left_is_not_written_to_until_they_come_back(town):
    await town.does(says("sleep 0.3"))
    await town.does(unfollows())
    assert await town.parked(1) == ["the person has left the OA"]
    assert town.read() == []
    await town.does(says("mình quay lại"))
    await town.reads("1: sleep 0.3", "2: mình quay lại")


async def test_outside_of_the_window_answers_wait_for_the_next_word(town):
    town.zalo.moods = [-230]
    await town.does(says("hỏi"))
    (reason,) = await town.parked(1)
    assert reason.startswith("-230: ")
    await town.does(says("hỏi nữa"))
    await town.reads("1: hỏi", "2: hỏi nữa")


async def test_a_token_that_dies_between_is_replaced_and_nothing_is_lost(town):
    hours_ago = now() - timedelta(hours=3)
    async with town.engine.begin() as connection:
        await connection.execute(update(ZaloGrant).values(issued_at=hours_ago))
    town.zalo.forget_access_token()
    await town.does(says("xin chào"))
    await town.reads("1: xin chào")
    assert town.zalo.refreshes == 1
    assert town.zalo.refused_refreshes == []
