"""Turns that meet each other in one brain, on real databases."""

import asyncio
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from bot.conversation.contracts import Incoming, StorageDown
from bot.conversation.inbox import DurableInbox
from bot.conversation.turn import Turns
from bot.conversation.wire import Done, NotYet, Overtaken, Work
from bot.storage.engine import open_engine
from tests.fakes.echo import EchoAssistant, now
from tests.fakes.nursery import a_quick_road


@pytest.fixture
async def kept(engine, vault):
    """Keep arrivals; returns their works in order."""
    works: list[Work] = []
    inbox = DurableInbox(engine, vault, "here", now, works.extend)
    writer = asyncio.create_task(inbox.run())

    async def keep(*said: tuple[str, str]) -> list[Work]:
        for number, (sender, text) in enumerate(said):
            await inbox.put(Incoming("rest", f"{sender}/{number}", sender, text))
        return works

    yield keep
    writer.cancel()


@pytest.fixture
async def turns(database_url, vault):
    """A brain's turns, with a brain's engine."""
    engine = open_engine(database_url, inline=True)
    yield Turns(engine, vault, EchoAssistant(), "here", now)
    await engine.dispose()


async def test_a_turn_is_taken_once_however_often_it_is_handed_out(turns, kept):
    (work,) = await kept(("an", "xin chào"))
    first, again = await turns.take(work), await turns.take(work)
    assert isinstance(first, Done)
    assert [reply.text for reply in first.replies] == ["1: xin chào"]
    assert again == Overtaken(work.inbox_id)


async def test_a_turn_waits_for_the_earlier_one_of_its_conversation(turns, kept):
    one, two = await kept(("an", "một"), ("an", "hai"))
    assert await turns.take(two) == NotYet(two.inbox_id)
    await turns.take(one)
    assert (await turns.take(two)).replies[0].text == "2: hai"


async def test_a_refused_turn_holds_nobody_up(turns, kept):
    works = await kept(*((f"người {n}", "xin chào") for n in range(8)))
    for work in works[::2]:
        await turns.take(work)
    started = time.monotonic()
    frames = await asyncio.gather(*map(turns.take, works))
    assert time.monotonic() - started < 5  # half of SQLite's patience with a lock
    assert [type(frame) for frame in frames] == [Overtaken, Done] * 4


async def test_replies_that_cannot_be_read_just_now_are_a_storage_that_is_down(
    database_url, turns, kept
):
    (work,) = await kept(("an", "xin chào"))
    await turns.take(work)
    road = a_quick_road(database_url)
    keeper = asyncio.create_task(road.inbox.run())
    assert [reply.text for reply in await road.ask(work.incoming)] == ["1: xin chào"]
    engine = road._engine
    road._engine = SimpleNamespace(connect=lambda: broken(engine.connect))
    with pytest.raises(StorageDown):
        await road.ask(work.incoming)
    keeper.cancel()
    await engine.dispose()


@asynccontextmanager
async def broken(connect):
    """A connection that breaks off in the middle."""
    async with connect():
        raise OperationalError("SELECT", {}, ConnectionResetError())
        yield
