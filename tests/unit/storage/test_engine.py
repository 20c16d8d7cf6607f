"""Opening databases: the right driver, and SQLite with the durability that 200 promises."""

import pytest
from sqlalchemy import text

from bot.storage.engine import async_url, autocommitting, open_engine


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:////srv/danhoi.db", "sqlite+aiosqlite:////srv/danhoi.db"),
        ("postgresql://u:p%40ss@db/danhoi", "postgresql+psycopg://u:p%40ss@db/danhoi"),
        ("postgresql+psycopg2://u@db/danhoi", "postgresql+psycopg://u@db/danhoi"),
    ],
)
def test_a_plain_url_gets_the_async_driver(given, opened):
    assert async_url(given) == opened


def test_another_database_is_refused():
    with pytest.raises(ValueError, match="must be sqlite or postgresql"):
        async_url("mysql://u@db/danhoi")


@pytest.mark.parametrize("inline", [False, True])
async def test_what_sqlite_says_is_written_is_on_the_disk(tmp_path, inline):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}", inline=inline)
    async with engine.connect() as connection:
        told = [
            await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    await engine.dispose()
    assert told == ["wal", 2, 1]


async def test_in_autocommit_a_statement_is_there_for_others_without_a_commit(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}")
    by_itself = autocommitting(engine)
    async with by_itself.connect() as writer:
        await writer.execute(text("CREATE TABLE said (words TEXT)"))
        await writer.execute(text("INSERT INTO said VALUES ('xin chào')"))
        async with engine.connect() as reader:
            assert await reader.scalar(text("SELECT words FROM said")) == "xin chào"
    assert by_itself.pool.checkedin() == 1
    await engine.dispose()
    assert by_itself.pool.checkedin() == 0
