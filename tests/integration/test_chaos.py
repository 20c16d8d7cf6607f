"""`kill -9` at random moments loses nothing and doubles nothing: counted, on both databases.

The brains and gateways are real processes (tests/fakes/echo.py) with the real inbox, turns, ledger
and takeover; only the assistant is a small one, which counts what each person has said.
"""

import asyncio
import os
import random
import signal
import socket
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.conversation import brains
from bot.conversation.contracts import Incoming
from bot.conversation.inbox import conversation_id
from bot.conversation.ledger import read_entry
from bot.conversation.models import Arrival, Conversation, Message
from bot.conversation.wording import TURN_GIVEN_UP
from tests.fakes.nursery import a_quick_road, kept_open

pytestmark = pytest.mark.timeout(180)

PEOPLE = 24
BRAIN_KILLS = 30
GATEWAY_KILLS = 8
MESSAGES = 480  # at least; people go on talking until the killing is over


@dataclass
class Talk:
    """What one person said, in order, and what came back over the road."""

    sender: str
    said: list[str]
    heard: list[str]


@pytest.fixture
def seed():
    """Printed, so that a run can be told from another; the operating system adds its own chance."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    random.seed(seed)
    return seed


def words(number: int) -> str:
    """Tell each message of a person from the others; every third takes its time to be answered."""
    return f"sleep {0.01 + number / 10_000:.4f}" if number % 3 == 0 else f"câu {number}"


async def test_brains_killed_at_random_moments(
    database_url, engine, vault, seed, capsys, monkeypatch
):
    # Killed this often, a brain may die with the same message again and again, by chance: when a
    # message is to blame is another test's question.
    monkeypatch.setattr(brains, "MOST_ATTEMPTS", BRAIN_KILLS)
    async with open_road(database_url) as road:
        started = time.monotonic()
        over = asyncio.Event()
        talks = [asyncio.create_task(talk_on_the_road(road, n, over)) for n in range(PEOPLE)]
        await kill_brains(road, BRAIN_KILLS)
        over.set()
        async with asyncio.timeout(120):
            done = await asyncio.gather(*talks)
        assert road.brains.open_turns == 0
        assert road.brains.deaths == BRAIN_KILLS
        took = time.monotonic() - started
    await hold_the_books(engine, vault, done)
    report(capsys, engine, seed, f"{BRAIN_KILLS} brains killed", done, took)


def open_road(database_url, brains=2):
    return kept_open(a_quick_road(database_url, brains=brains))


async def talk_on_the_road(road, person: int, over: asyncio.Event) -> Talk:
    """Say one thing after another, without waiting for the answers."""
    talk = Talk(f"người {person}", [], [])
    answers = []
    while len(talk.said) < MESSAGES / PEOPLE or not over.is_set():
        text = words(len(talk.said))
        incoming = Incoming("rest", f"{person}/{len(talk.said)}", talk.sender, text)
        talk.said.append(text)
        answers.append(asyncio.create_task(road.ask(incoming)))
        await asyncio.sleep(random.uniform(0, 0.5))
    for (reply,) in await asyncio.gather(*answers):
        talk.heard.append(reply.text)
    return talk


async def kill_brains(road, times: int) -> None:
    """Kill a brain after every few turns; in turns, not seconds, a slow machine is no different."""
    killed: set[int] = set()
    while len(killed) < times:
        due = road.brains.turns_done + random.randrange(25)
        while road.brains.turns_done < due or not (alive := set(road.brains.pids) - killed):
            await asyncio.sleep(random.uniform(0, 0.02))
        victim = random.choice(sorted(alive))
        os.kill(victim, signal.SIGKILL)
        killed.add(victim)


async def test_a_message_that_kills_every_brain_costs_its_neighbours_nothing(database_url):
    async with open_road(database_url, brains=1) as road:
        words = {"kẻ phá": "die"} | {f"người {n}": "sleep 0.02" for n in range(3)}
        answers = await asyncio.gather(
            *(road.ask(Incoming("rest", sender, sender, text)) for sender, text in words.items())
        )
    assert [reply.text for (reply,) in answers] == [TURN_GIVEN_UP] + ["1: sleep 0.02"] * 3


async def test_the_whole_program_killed_at_random_moments(
    database_url, engine, vault, seed, capsys
):
    started = time.monotonic()
    over = asyncio.Event()
    port = free_port()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        answered: list[str] = []
        talks = [
            asyncio.create_task(talk_over_http(http, n, answered, over)) for n in range(PEOPLE)
        ]
        for _ in range(GATEWAY_KILLS):
            gateway = await start_gateway(port, database_url)
            await a_random_moment(answered)
            await kill_group(gateway)
        over.set()
        gateway = await start_gateway(port, database_url)
        try:
            async with asyncio.timeout(120):
                done = await asyncio.gather(*talks)
        finally:
            await kill_group(gateway)
    took = time.monotonic() - started
    await hold_the_books(engine, vault, done)
    report(capsys, engine, seed, f"{GATEWAY_KILLS} gateways killed", done, took)


async def a_random_moment(answered: list[str]) -> None:
    """Return at some moment of a start, or after some answers more."""
    if random.random() < 0.3:
        await asyncio.sleep(random.uniform(0, 2))
        return
    due = len(answered) + random.randrange(1, 60)
    while len(answered) < due:
        await asyncio.sleep(random.uniform(0, 0.05))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def start_gateway(port: int, database_url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.fakes.echo", "--port", str(port), "--database", database_url),
        start_new_session=True,  # a group of its own, brains included
    )


async def kill_group(gateway: asyncio.subprocess.Process) -> None:
    os.killpg(gateway.pid, signal.SIGKILL)
    await gateway.wait()


async def talk_over_http(
    http: aiohttp.ClientSession, person: int, answered: list[str], over: asyncio.Event
) -> Talk:
    """Say one thing after another; each is sent again until it is answered, as platforms do."""
    talk = Talk(f"người {person}", [], [])
    while len(talk.said) < MESSAGES / PEOPLE or not over.is_set():
        text = words(len(talk.said))
        body = {
            "sender": talk.sender,
            "message": text,
            "metadata": {"message_id": str(len(talk.said))},
        }
        talk.said.append(text)
        talk.heard.append(await send_until_answered(http, body))
        answered.append(talk.heard[-1])
        await asyncio.sleep(random.uniform(0, 0.2))
    return talk


async def send_until_answered(http: aiohttp.ClientSession, body: dict) -> str:
    while True:
        with suppress(aiohttp.ClientError):
            async with http.post("/webhooks/rest/webhook", json=body) as answer:
                if answer.status == 200:
                    (reply,) = await answer.json()
                    return reply["text"]
        await asyncio.sleep(random.uniform(0.02, 0.1))


async def hold_the_books(engine, vault, talks: list[Talk]) -> None:
    """Compare what was said and heard with what stands in the tables."""
    written = await read_conversations(engine, vault)
    assert len(written) == len(talks)
    for talk in talks:
        answers = [f"{number}: {text}" for number, text in enumerate(talk.said, start=1)]
        assert talk.heard == answers
        lines = [line for pair in zip(talk.said, answers, strict=True) for line in pair]
        assert written[conversation_id(vault, "rest", talk.sender)] == lines
    total = sum(len(talk.said) for talk in talks)
    async with engine.connect() as connection:
        arrivals = await connection.execute(
            select(func.count(), func.count(Arrival.done_at)).select_from(Arrival)
        )
        assert arrivals.one() == (total, total)
        turns = await connection.scalar(select(func.sum(Conversation.version)))
        assert turns == total


async def read_conversations(engine, vault) -> dict[str, list[str]]:
    """Return every line of every conversation, in the order of the table."""
    lines = defaultdict(list)
    query = select(
        Message.conversation_id, Message.id, Message.said_at, Message.author, Message.content
    )
    async with engine.connect() as connection:
        for conversation, *line in await connection.execute(query.order_by(Message.id)):
            lines[conversation].append(read_entry(vault, *line).text)
    return lines


def report(capsys, engine, seed: int, killed: str, talks: list[Talk], took: float) -> None:
    total = sum(len(talk.said) for talk in talks)
    assert total >= MESSAGES
    with capsys.disabled():
        print(
            f"\n{engine.dialect.name}: {killed}, {total} messages of {len(talks)} people: "
            f"each answered once and in order, in {took:.0f} s (seed {seed})"
        )
