"""The watch killed with `kill -9` again and again: each case is seen to exactly once.

Two watches run at a time, as on two nodes, and are real processes. At each stop on the way a case
is due for other things: to be warned of, to be marked and owned up to, for the leads to be called.
"""

import asyncio
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import func, select

from bot.conversation.inbox import conversation_id
from bot.conversation.models import Conversation, Message
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import content_of
from bot.feedback.deadlines import Clock
from bot.feedback.models import Case, CaseEvent, CaseMessage, Kind
from bot.feedback.services import Told
from bot.feedback.states import Role
from bot.working_time.zone import VIETNAM
from tests.fakes.watch import start_watch

pytestmark = pytest.mark.timeout(180)

CASES = 10
MONDAY = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
# After the warning of each clock, and when the leads have been called for the last of them.
STOPS = [
    MONDAY + timedelta(days=days, hours=hours)
    for days, hours in ((2, 3), (4, 11), (14, 3), (40, 0))
]


@pytest.fixture
def seed():
    """Printed, so that a run can be told from another; the operating system adds its own chance."""
    seed = random.SystemRandom().randrange(10**6)
    random.seed(seed)
    return seed


@pytest.fixture
async def case_ids(sessions, desk, vault) -> list[int]:
    """Cases of people who told them in conversations of theirs."""
    case_ids = []
    for number in range(CASES):
        conversation = conversation_of(vault, number)
        told = Told(
            Category.ATTITUDE,
            "Cán bộ quát người già giữa sảnh",
            "telegram",
            "2026-11",
            conversation=conversation.id,
        )
        async with sessions() as session, session.begin():
            session.add(conversation)
            case, _ = await services.open_case(session, desk, told, MONDAY)
            case_ids.append(case.id)
    return case_ids


def conversation_of(vault, number: int) -> Conversation:
    return Conversation(
        id=conversation_id(vault, "telegram", f"người {number}"),
        channel="telegram",
        address=vault.seal(f"người {number}".encode()),
        push=True,
        version=1,
        dialogue=b"",
        last_turn_at=MONDAY,
    )


async def test_killed_again_and_again_each_case_is_seen_to_exactly_once(
    database_url, sessions, vault, case_ids, seed, capsys
):
    began = time.monotonic()
    kills = sum([await killed_until_done(database_url, sessions, at) for at in STOPS])
    marks = (Kind.WARNED, Kind.OVERDUE, Kind.ESCALATED)
    once = {(kind, clock): 1 for clock in Clock for kind in marks} | {(Kind.MESSAGE, None): 1}
    async with sessions() as session:
        for case_id in case_ids:
            events = await session.scalars(
                select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.role == Role.CLOCK)
            )
            told = Counter((each.kind, content_of(vault, each).clock) for each in events)
            assert told == once
            assert (await session.get_one(Case, case_id)).look_at is None
        written = await session.scalars(select(CaseMessage.case_id).order_by(CaseMessage.case_id))
        assert written.all() == case_ids
        heard = Counter(await session.scalars(select(Message.conversation_id)))
        assert heard == {conversation_of(vault, number).id: 1 for number in range(CASES)}
        assert (await services.verify_chain(session, vault)).whole
    assert kills >= len(STOPS)
    with capsys.disabled():
        took = time.monotonic() - began
        print(f"\n{kills} watches killed over {CASES} cases in {took:.0f} s (seed {seed})")


async def killed_until_done(database_url: str, sessions, at: datetime) -> int:
    """Start two watches at a time and kill them at random moments, until one has ended well."""
    kills = 0
    while True:
        both = [start_watch(database_url, at) for _ in range(2)]
        await a_random_moment(sessions, both)
        kills += sum([await killed(each) for each in both])
        if any(each.exitcode == 0 for each in both):
            return kills


async def a_random_moment(sessions, watches: list[BaseProcess]) -> None:
    """Return at some moment of a start, after some events more, or when a watch has ended.

    In events, not seconds: a slow machine is no different.
    """
    if random.random() < 0.2:
        await asyncio.sleep(random.uniform(0, 0.1))
        return
    due = await newest(sessions) + random.randrange(1, 16)
    while all(each.exitcode is None for each in watches):
        if await newest(sessions) >= due:
            break
        await asyncio.sleep(random.uniform(0, 0.02))
    await asyncio.sleep(random.uniform(0, 0.02))


async def newest(sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.max(CaseEvent.number)))


async def killed(process: BaseProcess) -> bool:
    """Kill a process; tells whether it still lived."""
    lived = process.exitcode is None
    process.kill()
    await asyncio.to_thread(process.join)
    assert process.exitcode in (0, -9)
    return lived
