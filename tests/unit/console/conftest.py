"""The console over a small SQLite of each test's own."""

import pytest
from aiohttp import DummyCookieJar

from bot.storage.engine import open_engine
from tests.fakes.console import Clock, a_console, console_app, make_tables


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def console(tmp_path, clock):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    yield a_console(engine, clock)
    await engine.dispose()


@pytest.fixture
async def client(aiohttp_client, console):
    """A browser without script at the console, not signed in: `await signed_in(client)`."""
    return await aiohttp_client(console_app(console), cookie_jar=DummyCookieJar())
