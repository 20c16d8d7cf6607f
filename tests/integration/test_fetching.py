"""Files that a platform still holds are fetched before their message's turn, in its order."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversation import fetching
from bot.conversation.contracts import Incoming, PassingFailure
from bot.conversation.inbox import open_content
from bot.conversation.models import Arrival
from tests.fakes.messenger import FakeMessenger
from tests.fakes.nursery import a_quick_road, kept_open


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(fetching, "LONGEST_PAUSE", 0.01)


def open_road(database_url, messenger):
    return kept_open(a_quick_road(database_url, brains=1, messengers={"fake": messenger}))


def a_picture(update_id: str, *files: str, text: str = "ảnh đây", sender: str = "an") -> Incoming:
    return Incoming("fake", update_id, sender, text, {"files": list(files)}, push=True)


async def attached(road, update_id: str, sender: str = "an") -> tuple[str, ...]:
    (line,) = [
        entry
        for entry in await road.journal.history("fake", sender)
        if entry.update_id == update_id
    ]
    return line.attachments


async def test_a_message_takes_its_turn_with_what_was_fetched(database_url):
    messenger = FakeMessenger()
    messenger.files = {"f1": ["ảnh-1"], "f2": [PassingFailure("502"), "ảnh-2"], "f1 again": []}
    async with open_road(database_url, messenger) as road:
        await road.ask(a_picture("1", "f1"))
        await road.ask(a_picture("2", "f2"))
        assert await attached(road, "1") == ("ảnh-1",)
        assert await attached(road, "2") == ("ảnh-2",)


async def test_who_waits_for_a_file_keeps_the_order_and_holds_up_nobody_else(database_url):
    messenger = FakeMessenger()
    messenger.files = {"slow": ["ảnh"]}
    messenger.slow.clear()
    async with open_road(database_url, messenger) as road:
        picture = asyncio.create_task(road.ask(a_picture("1", "slow", text="một")))
        await asyncio.sleep(0.05)
        after = asyncio.create_task(road.ask(Incoming("fake", "2", "an", "hai", push=True)))
        other = await road.ask(Incoming("fake", "3", "bình", "ba", push=True))
        assert [reply.text for reply in other] == ["1: ba"]
        assert not picture.done()
        assert not after.done()
        messenger.slow.set()
        assert [reply.text for reply in await picture] == ["1: một"]
        assert [reply.text for reply in await after] == ["2: hai"]


@pytest.mark.parametrize("troubles", [[], [PassingFailure("502")] * 9, [ValueError("a bug")] * 9])
async def test_a_file_that_cannot_be_had_is_refused_and_the_message_answered(
    database_url, vault, troubles
):
    messenger = FakeMessenger()
    messenger.files = {"f": list(troubles)}
    async with open_road(database_url, messenger) as road:
        (reply,) = await road.ask(a_picture("1", "f", text="metadata refused"))
        assert reply.text == "1: out_of_reach"


async def test_what_was_fetched_before_a_crash_is_not_fetched_again(database_url, engine, vault):
    messenger = FakeMessenger()
    messenger.files = {"f": ["ảnh"]}
    road = a_quick_road(database_url, brains=0, messengers={"fake": messenger})
    running = asyncio.create_task(road.inbox.run())
    await road.inbox.put(a_picture("1", "f"))
    async with asyncio.timeout(10):
        while True:
            async with engine.connect() as connection:
                content = await connection.scalar(select(Arrival.content))
            incoming = open_content(vault, content)
            if incoming.attachments:
                break
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await road._engine.dispose()
    assert "files" not in incoming.metadata
    async with open_road(database_url, FakeMessenger()) as restarted:
        await restarted.ask(a_picture("1", "f"))
        assert await attached(restarted, "1") == ("ảnh",)
