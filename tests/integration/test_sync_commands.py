"""The commands as an operator types them: import, show, sync."""

import asyncio
import threading

import pytest
from click.testing import CliRunner

from bot.procedures.cli import procedures
from bot.procedures.portal import Manners
from bot.settings import Settings
from bot.storage.engine import open_engine
from bot.tables import METADATA
from tests.fakes.portal import FakePortal, as_jsonl, refusal
from tests.fakes.portal_records import a_record


@pytest.fixture
def settings(tmp_path):
    settings = Settings(data=str(tmp_path), contact="ops@example.vn")

    async def create() -> None:
        engine = open_engine(settings.database)
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        await engine.dispose()

    asyncio.run(create())
    return settings


@pytest.fixture
def portal():
    """A portal with a loop of its own, since a command brings its loop along."""
    portal, loop = (
        FakePortal([a_record("1.000001"), a_record("1.000002")]),
        asyncio.new_event_loop(),
    )
    ready, done = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with portal.running():
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield portal
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


def typed(settings: Settings, *words: str):
    return CliRunner().invoke(procedures, words, obj=settings)


def test_import_reads_a_file_and_says_what_it_did(settings, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(as_jsonl([a_record("1.000001"), a_record("bad")]))
    result = typed(settings, "import", str(tmp_path / "a.jsonl"))
    assert result.exit_code == 0
    assert "2 records read, 1 left out" in result.stdout
    assert "1 added, 0 updated, 0 unchanged" in result.stdout
    assert "a.jsonl line 2: code does not look like 1.001193" in result.stdout
    assert "reading" in result.stderr


def test_show_prints_the_record(settings, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(as_jsonl([a_record("1.000001", name="Đăng ký mẫu")]))
    typed(settings, "import", str(tmp_path / "a.jsonl"))
    assert "1.000001  Đăng ký mẫu" in typed(settings, "show", "1.000001").stdout
    assert '"code": "1.000001"' in typed(settings, "show", "--json", "1.000001").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["import", "/nowhere.jsonl"], "/nowhere.jsonl is not there"),
        (["show", "9.999999"], "there is no procedure 9.999999 in the catalogue"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(settings, words, sentence):
    result = typed(settings, *words)
    assert result.exit_code == 1
    assert result.stderr.strip().endswith(f"Error: {sentence}")


def test_a_database_without_tables_is_told_how_to_get_them(tmp_path):
    result = typed(Settings(data=str(tmp_path)), "show", "1.000001")
    assert result.exit_code == 1
    assert "python -m bot db upgrade" in result.stderr


def test_sync_without_a_contact_is_refused(tmp_path):
    result = typed(Settings(data=str(tmp_path)), "sync")
    assert result.exit_code == 1
    assert "BOT_CONTACT" in result.stderr


def test_sync_fetches_and_says_what_it_did(settings, portal):
    result = typed(settings, "sync", "--portal", portal.base, "--forms")
    assert result.exit_code == 0, result.output
    assert "2 added" in result.stdout
    assert "0 blank forms fetched" in result.stdout
    assert portal.mistakes == []


def test_a_sync_that_is_turned_away_says_so_and_what_it_did_before(settings, portal, monkeypatch):
    monkeypatch.setattr("bot.procedures.cli.MANNERS", Manners(pause=0, first_wait=0))
    portal.mood = lambda path, body: refusal(403)
    result = typed(settings, "sync", "--portal", portal.base)
    assert result.exit_code == 1
    assert "leave it alone for some hours" in result.stderr
    assert "0 added" in result.stdout
