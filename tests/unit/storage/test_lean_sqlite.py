"""SQLite under several writers: waits are short, orders are kept, patience ends."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.storage import lean_sqlite
from bot.storage.engine import open_engine

INSERT = text("INSERT INTO kept VALUES (1)")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "danhoi.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (number INTEGER)")
    connection.close()
    return path


@pytest.fixture
def another_writer(path):
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    yield writer
    writer.close()


@pytest.fixture(params=[False, True], ids=["in a thread", "here"])
async def engine(path, request):
    engine = open_engine(f"sqlite:///{path}", inline=request.param)
    yield engine
    await engine.dispose()


async def insert(engine):
    async with engine.begin() as connection:
        await connection.execute(INSERT)


async def count(engine):
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT count(*) FROM kept"))


async def test_a_writer_looks_again_at_even_pauses_until_another_one_has_finished(
    engine, another_writer, monkeypatch
):
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 40:  # SQLite's own handler would sleep 100 ms at a time by now
            another_writer.execute("COMMIT")

    monkeypatch.setattr(lean_sqlite.time, "sleep", pause)
    await insert(engine)
    assert pauses == [lean_sqlite.PAUSE] * 40
    assert await count(engine) == 1


async def test_patience_ends(engine, another_writer, monkeypatch):
    monkeypatch.setattr(lean_sqlite, "PATIENCE", 0.05)
    with pytest.raises(OperationalError, match="locked"):
        await insert(engine)


async def test_what_was_cancelled_while_it_waited_leaves_no_transaction_open(path, another_writer):
    engine = open_engine(f"sqlite:///{path}")
    waiting = asyncio.create_task(insert(engine))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.sleep(0.02)
    another_writer.execute("COMMIT")
    await asyncio.gather(waiting, return_exceptions=True)
    await insert(engine)
    assert await count(engine) == 1
    await engine.dispose()


async def test_an_error_that_is_no_lock_is_told_at_once(engine):
    with pytest.raises(OperationalError, match="no such table"):
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (1)"))
