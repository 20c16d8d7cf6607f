"""The road of a message on real databases, with real brain processes."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text, update

from bot.conversation.contracts import Incoming, StorageDown
from bot.conversation.inbox import DurableInbox
from bot.conversation.models import Arrival, Conversation, Message, Node
from bot.conversation.wording import TURN_GIVEN_UP
from bot.storage.engine import open_engine
from tests.fakes.echo import a_road
from tests.fakes.nursery import a_quick_road, kept_open

pytestmark = pytest.mark.timeout(90)


def said_by(sender: str, text: str, number: int | str = 1, **fields) -> Incoming:
    return Incoming("rest", f"{sender}-{number}", sender, text, **fields)


def open_road(database_url, **options):
    return kept_open(a_quick_road(database_url, **options))


async def ask(road, sender, text, number=1):
    replies = await asyncio.wait_for(road.ask(said_by(sender, text, number)), 60)
    return [reply.text for reply in replies]


async def test_every_message_is_answered_once_and_in_order(database_url):
    async with kept_open(a_road(database_url)) as road:  # brains started as the program starts them
        talks = [
            asyncio.gather(*(ask(road, f"person {p}", f"word {n}", n) for n in range(20)))
            for p in range(10)
        ]
        for talk in await asyncio.gather(*talks):
            assert talk == [[f"{n + 1}: word {n}"] for n in range(20)]


async def test_a_repeated_delivery_gets_the_same_answer_and_no_second_turn(database_url):
    async with open_road(database_url) as road:
        assert await ask(road, "an", "xin chào") == ["1: xin chào"]
        assert await ask(road, "an", "xin chào") == ["1: xin chào"]
        assert await ask(road, "an", "nữa", 2) == ["2: nữa"]


async def test_a_delivery_repeated_while_its_turn_runs_waits_for_that_turn(database_url):
    async with open_road(database_url) as road:
        first = asyncio.create_task(ask(road, "an", "sleep 0.5"))
        await asyncio.sleep(0.1)
        assert await ask(road, "an", "sleep 0.5") == ["1: sleep 0.5"]
        assert await first == ["1: sleep 0.5"]


async def test_the_journal_tells_both_sides_in_order_and_rings(database_url):
    async with open_road(database_url) as road, road.journal.subscribe("rest", "an") as bell:
        await ask(road, "an", "một", 1)
        await asyncio.wait_for(bell.rung(), 5)
        await ask(road, "an", "hai", 2)
        lines = await road.journal.history("rest", "an")
        assert [(line.author, line.text) for line in lines] == [
            ("citizen", "một"),
            ("bot", "1: một"),
            ("citizen", "hai"),
            ("bot", "2: hai"),
        ]
        assert await road.journal.history("rest", "an", after=lines[1].id) == lines[2:]
        assert await road.journal.history("rest", "an", before=lines[1].id) == lines[:1]
        assert await road.journal.history("rest", "bình") == []


async def test_a_turn_that_raises_is_given_up_with_an_apology_and_the_next_one_is_taken(
    database_url,
):
    async with open_road(database_url) as road:
        broken, fine = await asyncio.gather(ask(road, "an", "raise"), ask(road, "an", "hai", 2))
        assert broken == [TURN_GIVEN_UP]
        assert len(fine) == 1


async def test_a_message_that_kills_every_brain_is_given_up_and_costs_nobody_else(database_url):
    async with open_road(database_url, brains=1) as road:
        killer = asyncio.create_task(ask(road, "an", "die"))
        others = [await ask(road, f"person {n}", "xin chào") for n in range(5)]
        assert others == [["1: xin chào"]] * 5
        assert await killer == [TURN_GIVEN_UP]
        assert await ask(road, "an", "còn đó không", 2) != []


async def test_what_was_kept_before_a_restart_is_answered_after_it(database_url, engine, vault):
    inbox = DurableInbox(engine, vault, "here", lambda: datetime.now(UTC), lambda works: None)
    writer = asyncio.create_task(inbox.run())
    for number in range(30):
        await inbox.put(said_by("an", f"câu {number}", number))
    writer.cancel()
    async with open_road(database_url) as road:
        assert await ask(road, "an", "câu 29", 29) == ["30: câu 29"]


async def test_the_words_and_the_address_are_sealed_on_disk(database_url, engine):
    async with open_road(database_url) as road:
        await ask(road, "so-dien-thoai-0912345678", "bí mật của tôi")
    async with engine.connect() as connection:
        for column in (Message.content, Conversation.address, Conversation.dialogue):
            for (sealed,) in await connection.execute(select(column)):
                assert b"0912345678" not in sealed
                assert "bí mật".encode() not in sealed
        assert (await connection.execute(select(Arrival.content))).scalars().all() == [None]


async def test_the_arrivals_of_a_dead_node_are_taken_over(database_url, engine, vault):
    inbox = DurableInbox(engine, vault, "there", lambda: datetime.now(UTC), lambda works: None)
    writer = asyncio.create_task(inbox.run())
    kept = await inbox.put(said_by("an", "còn sót"))
    writer.cancel()
    async with open_road(database_url) as road:
        await road._takeover._claim(everybody=False)
        assert await ask(road, "an", "còn sót") == ["1: còn sót"]
    assert not kept.repeated


async def test_the_arrivals_of_a_living_node_are_left_alone(database_url, engine, vault):
    inbox = DurableInbox(engine, vault, "there", lambda: datetime.now(UTC), lambda works: None)
    writer = asyncio.create_task(inbox.run())
    await inbox.put(said_by("an", "của người khác"))
    writer.cancel()
    async with engine.begin() as connection:
        await connection.execute(
            Node.__table__.insert().values(name="there", beat_at=datetime.now(UTC))
        )
    road = a_quick_road(database_url, brains=1)
    assert await road._takeover._claim(everybody=False) == 0
    await road._engine.dispose()


async def test_two_nodes_on_one_database_keep_the_order_of_a_conversation(database_url):
    if not database_url.startswith("postgresql"):
        pytest.skip("several nodes share a PostgreSQL database; SQLite has one gateway")
    async with (
        open_road(database_url, node="a", brains=1) as a,
        open_road(database_url, node="b", brains=1) as b,
    ):
        answers = []
        for n in range(0, 20, 2):
            answers += await asyncio.gather(
                ask(a, "an", f"câu {n}", n), ask(b, "an", f"câu {n + 1}", n + 1)
            )
        counted = sorted(int(answer.split(":")[0]) for (answer,) in answers)
        assert counted == list(range(1, 21))


async def test_another_node_hears_what_was_said_here(database_url):
    if not database_url.startswith("postgresql"):
        pytest.skip("several nodes share a PostgreSQL database; SQLite has one gateway")
    async with (
        open_road(database_url, node="a", brains=1) as a,
        open_road(database_url, node="b", brains=1) as b,
        b.journal.subscribe("rest", "an") as bell,
    ):
        await ask(a, "an", "xin chào")
        await asyncio.wait_for(bell.rung(), 5)
        assert [line.text for line in await b.journal.history("rest", "an")][-1] == "1: xin chào"


async def test_storage_that_is_down_refuses_instead_of_losing(tmp_path, vault):
    engine = open_engine(f"sqlite:///{tmp_path}/no/such/folder/danhoi.db")
    inbox = DurableInbox(engine, vault, "here", lambda: datetime.now(UTC), lambda works: None)
    writer = asyncio.create_task(inbox.run())
    with pytest.raises(StorageDown):
        await inbox.put(said_by("an", "xin chào"))
    writer.cancel()
    await engine.dispose()


async def test_what_is_kept_and_comes_again_needs_no_storage(database_url, vault):
    engine = open_engine(database_url)
    inbox = DurableInbox(engine, vault, "here", lambda: datetime.now(UTC), lambda works: None)
    writer = asyncio.create_task(inbox.run())
    kept = await inbox.put(said_by("an", "xin chào"))
    writer.cancel()  # nobody writes any more
    again = await asyncio.wait_for(inbox.put(said_by("an", "xin chào")), 1)
    assert again == replace(kept, repeated=True)
    await engine.dispose()


async def test_a_turn_waits_for_a_locked_database_and_is_not_lost(tmp_path):
    from bot.storage.upgrade import upgrade

    url = f"sqlite:///{tmp_path / 'danhoi.db'}"
    upgrade(url)
    other = open_engine(url)
    async with open_road(url) as road:
        await ask(road, "an", "một", 1)
        async with other.connect() as connection:
            await connection.execute(update(Node).values(beat_at=datetime.now(UTC)))
            locked = asyncio.create_task(ask(road, "an", "hai", 2))
            await asyncio.sleep(1)
            assert not locked.done()
            await connection.execute(text("ROLLBACK"))
        assert await locked == ["2: hai"]
    await other.dispose()
