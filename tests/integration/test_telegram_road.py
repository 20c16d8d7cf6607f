"""Telegram over the real road: inbox, brains, outbox and a Telegram that is strict; both ways in.

The brains count what each person has said, so that a message lost or taken twice would show.
"""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from bot.channels import plain
from bot.channels.absences import Absences
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.door import PATH
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.shapes import KINDS
from bot.conversation.choices import Choices
from bot.conversation.models import Delivery, Message
from bot.storage.vault import Vault
from tests.fakes.channel_house import a_channel_house
from tests.fakes.echo import KEY, now
from tests.fakes.nursery import a_quick_road
from tests.fakes.pictures import a_picture
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api
from tests.fakes.uploads import FakeUploads

pytestmark = pytest.mark.timeout(120)

SECRET = "s-0123456789abcdef"
PEOPLE = range(1001, 1009)


@pytest.fixture
async def fake():
    async with telegram_api(*PEOPLE, -100200, haste=50) as fake:
        yield fake


class Gateway:
    """One gateway on Telegram, killed and started again as often as a test likes."""

    def __init__(self, fake, database_url: str, *, webhook: bool) -> None:
        self.fake, self.url, self.webhook = fake, database_url, webhook
        self.uploads = FakeUploads()

    @asynccontextmanager
    async def open(self):
        road = a_quick_road(self.url, brains=2)
        engine = road._engine
        vault, secret = Vault(KEY), SECRET if self.webhook else ""
        house = a_channel_house(
            road.inbox,
            uploads=self.uploads,
            choices=Choices(engine, vault),
            engine=engine,
            vault=vault,
            clock=now,
        )
        channel = TelegramChannel(TelegramSettings(TOKEN, self.fake.origin, secret), house)
        client = channel._client
        road.connect({channel.name: channel})
        app = web.Application()
        channel.add_routes(app)
        async with TestServer(app) as server:
            running = [asyncio.create_task(job) for job in (road.run(), channel.run())]
            await asyncio.wait_for(road.brains.wait_until_ready(), 30)
            if self.webhook:
                address = str(server.make_url(PATH))
                await client.bot.set_webhook(address, secret_token=SECRET, allowed_updates=KINDS)
            try:
                yield road
            finally:
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)
                if self.webhook:
                    await client.bot.delete_webhook()
        await channel.close()
        await engine.dispose()


@pytest.fixture(params=["webhook", "polling"])
def gateway(request, fake, database_url):
    return Gateway(fake, database_url, webhook=request.param == "webhook")


async def until(condition, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def answers(person) -> list[str]:
    """What a person read, without the word that something may have come before."""
    return [text.removeprefix(f"{plain.AGAIN}\n") for text in person.read]


async def test_everybody_is_answered_once_and_in_order(fake, gateway):
    people = [fake.person(id) for id in PEOPLE]
    async with gateway.open():
        for n in range(3):
            for person in people:
                person.says(f"câu {n}")
        await until(lambda: all(len(person.read) >= 3 for person in people))
    for person in people:
        assert answers(person) == [f"{n + 1}: câu {n}" for n in range(3)]
    assert fake.pending == {}


async def test_a_gateway_that_is_killed_in_between_loses_and_doubles_nothing(fake, gateway):
    people = [fake.person(id) for id in PEOPLE]
    for n in range(4):
        for person in people:
            person.says(f"câu {n}")
        async with gateway.open():
            await asyncio.sleep(0.05 * n)
    async with gateway.open():
        await until(lambda: all(len(set(answers(person))) == 4 for person in people))
        await until(lambda: not fake.pending)
    for person in people:
        heard = list(dict.fromkeys(answers(person)))
        assert heard == [f"{n + 1}: câu {n}" for n in range(4)]
        doubled = [text for text in person.read if text.startswith(plain.AGAIN)]
        assert len(person.read) - len(heard) <= len(doubled)


async def test_a_pause_that_telegram_asks_for_holds_up_that_chat_only(fake, database_url):
    an, binh = fake.person(1001), fake.person(1002)
    fake.moods = [refusal(429, "Too Many Requests: retry after 2", retry_after=2)]
    async with Gateway(fake, database_url, webhook=True).open():
        an.says("một")
        await until(lambda: not fake.moods)
        binh.says("một")
        await until(lambda: binh.read == ["1: một"], 1.9)
        assert an.read == []
        await until(lambda: an.read == ["1: một"])


async def test_who_blocked_the_bot_is_parked_with_a_reason_and_heard_again_later(
    fake, database_url
):
    an = fake.person(1001)
    async with Gateway(fake, database_url, webhook=True).open() as road:
        an.says("sleep 0.3")
        await fake.settled()
        an.blocks()
        await fake.settled()
        parked = select(Message.reason).where(Message.delivery == Delivery.PARKED)
        reasons: list[str] = []
        async with asyncio.timeout(30):
            while not reasons:
                await asyncio.sleep(0.05)
                async with road._engine.connect() as connection:
                    reasons = list(await connection.scalars(parked))
        assert "blocked" in reasons[0]
        assert fake.calls["sendMessage"] == 0
        an.returns()
        an.says("hai")
        await until(lambda: an.read == ["2: hai"])


async def test_who_blocked_the_bot_is_known_after_a_restart(fake, database_url):
    an = fake.person(1001)
    gateway = Gateway(fake, database_url, webhook=False)
    async with gateway.open():
        an.says("một")
        await until(lambda: an.read == ["1: một"])
        an.blocks()
        await until(lambda: not fake.pending)
    async with gateway.open() as road:
        absences = Absences("telegram", road._engine, Vault(KEY), now)
        assert await absences.is_away("1001")
        an.returns()
        an.says("hai")
        await until(lambda: an.read == ["1: một", "2: hai"])
        assert not await absences.is_away("1001")


async def test_the_pictures_of_an_album_are_fetched_and_each_is_kept_once(fake, gateway):
    an = fake.person(1001)
    async with gateway.open():
        an.sends_album(*[a_picture(size=(60, 40 + n)) for n in range(3)], caption="ảnh đây")
        await until(lambda: len(an.read) == 3)
    assert len(gateway.uploads.files) == 3
    assert answers(an)[0] == "1: ảnh đây"


async def test_a_chat_that_telegram_does_not_know_is_parked_and_others_go_on(fake, database_url):
    async with Gateway(fake, database_url, webhook=True).open() as road:
        ghost = fake.person(1003)
        ghost.says("sleep 0.3")
        await fake.settled()
        del fake.chats[1003]
        fake.person(1001).says("một")
        await until(lambda: fake.person(1001).read == ["1: một"])
        count = select(func.count()).where(Message.delivery == Delivery.PARKED)
        async with asyncio.timeout(30):
            while True:
                async with road._engine.connect() as connection:
                    if await connection.scalar(count):
                        return
                await asyncio.sleep(0.05)
