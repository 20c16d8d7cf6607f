"""Real databases: every test that asks for ``database_url`` runs on SQLite and on PostgreSQL."""

import itertools
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

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


@pytest.fixture(scope="session")
def grown_sqlite(tmp_path_factory) -> Path:
    """A file with all the tables, for each test to copy: migrating takes a second, copying none."""
    path = tmp_path_factory.mktemp("grown") / "danhoi.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def grown_postgres(postgres) -> str:
    """The name of a database with all the tables, for each test to copy."""
    upgrade(_create(postgres, "grown"))
    return "grown"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request) -> str:
    """Which database a test runs on."""
    return request.param


@pytest.fixture
def empty_database(kind, request, tmp_path) -> str:
    """The URL of a database without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'danhoi.db'}"
    return _create(request.getfixturevalue("postgres"), f"test_{next(_numbers)}")


@pytest.fixture
def database_url(kind, request, tmp_path) -> str:
    """The URL of a database with all the tables."""
    if kind == "sqlite":
        path = shutil.copy(request.getfixturevalue("grown_sqlite"), tmp_path / "danhoi.db")
        return f"sqlite:///{path}"
    grown = request.getfixturevalue("grown_postgres")
    return _create(request.getfixturevalue("postgres"), f"test_{next(_numbers)}", template=grown)


def _create(server: str, name: str, template: str = "template1") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.rpartition("/")[0] + f"/{name}"


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
