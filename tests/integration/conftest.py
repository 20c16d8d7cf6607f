"""Real databases: every test that asks for ``database_url`` runs on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Awaitable, Callable, Iterator

import psycopg
import pytest

from bot.feedback.deadlines import load_deadlines
from bot.feedback.services import Desk
from bot.storage.engine import open_engine, open_sessions
from bot.storage.upgrade import upgrade
from bot.storage.vault import Vault
from tests.fakes.postgres import postgres_server

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the whole run."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path) -> str:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'danhoi.db'}"
    server = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def database_url(empty_database) -> str:
    """The URL of a database with all the tables."""
    upgrade(empty_database)
    return empty_database


@pytest.fixture
async def engine(database_url):
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine):
    return open_sessions(engine)


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines())


@pytest.fixture
def doing(sessions):
    """Do one thing in a transaction of its own."""

    async def do(work: Callable[..., Awaitable], *arguments, **named):
        async with sessions() as session, session.begin():
            return await work(session, *arguments, **named)

    return do
