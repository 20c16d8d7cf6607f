"""`kill -9` while people are told that their dossiers moved: everybody is told, and once.

Run as a program it looks once, over the real notices, in a process that can be killed.
"""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.conversation.contracts import Reply
from bot.conversation.models import Conversation, Message
from bot.conversation.notices import Notices
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.movements import LOOK_EVERY, Movements, subscribe
from bot.dossiers.table import TableSource
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
FOLLOWERS, KILLS = 40, 6
VAULT = Vault(bytes(range(32)))


async def look(database_url: str) -> None:
    """Tell everybody whose dossier moved."""
    engine = open_engine(database_url)
    sessions = open_sessions(engine)
    notices = Notices(VAULT, "here", lambda: NOW)

    async def tell(session, conversation, dossier) -> bool:
        there = await notices.write(session, conversation, Reply(dossier.status_words))
        await asyncio.sleep(0.02)  # so that kills meet open transactions
        return there

    await Movements(sessions, VAULT, TableSource(sessions, VAULT), tell).look(NOW + LOOK_EVERY)
    await engine.dispose()


async def import_all(sessions, status: str) -> list:
    cells = (
        {"code": f"H29.16-261103-{number:04}", "status": status, "phone": "0912345678"}
        for number in range(FOLLOWERS)
    )
    rows = list(understood(enumerate(cells), SourceMapping.load(), Report()))
    await keep(sessions, VAULT, iter(rows), Report(), NOW, lambda rows: None)
    return rows


async def test_nobody_is_told_twice_and_nobody_is_left_out(database_url, sessions):
    rows = await import_all(sessions, "Đang xử lý")
    async with sessions() as session, session.begin():
        for row in rows:
            session.add(
                Conversation(
                    id=row.key, channel="web", address=b"", version=1, dialogue=b"",
                    last_turn_at=NOW,
                )
            )  # fmt: skip
            found = await TableSource(sessions, VAULT).find(row)
            await subscribe(session, VAULT, found.dossier, row.key, NOW)
    await import_all(sessions, "Đã xử lý xong")

    chance = random.Random()
    command = [sys.executable, "-m", "tests.integration.test_movements_killed", database_url]
    for _ in range(KILLS):
        told_before = await told(sessions)
        looking = subprocess.Popen(command, cwd=ROOT)
        while await told(sessions) == told_before and looking.poll() is None:
            await asyncio.sleep(0.01)  # it has begun
        await asyncio.sleep(chance.uniform(0, 0.2))
        looking.kill()
        looking.wait()
    await asyncio.to_thread(subprocess.run, command, cwd=ROOT, check=True)
    assert await told(sessions) == Counter({row.key: 1 for row in rows})


async def told(sessions) -> Counter:
    async with sessions() as session:
        rows = await session.execute(
            select(Message.conversation_id, func.count()).group_by(Message.conversation_id)
        )
        return Counter(dict(rows.tuples().all()))


if __name__ == "__main__":
    asyncio.run(look(sys.argv[1]))
