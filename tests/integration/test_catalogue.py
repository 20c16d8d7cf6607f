"""The catalogue on a real database: store, retire, revive, and a version that tells of changes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.procedures.errors import TooManyMissing
from bot.procedures.importer import gather, keep
from bot.procedures.models import ProcedureRow
from bot.procedures.official import read_record
from bot.procedures.procedure import Origin, Procedure
from bot.procedures.report import Report
from bot.procedures.services import Stored, get, load_all, retire_missing, store, version
from bot.procedures.sources import read_source
from bot.storage.engine import open_engine, open_sessions
from bot.tables import METADATA
from tests.fakes.portal import as_jsonl
from tests.fakes.portal_records import a_record

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
async def sessions(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield open_sessions(engine)
    await engine.dispose()


def official(code="1.000001", **fields) -> Procedure:
    return read_record(a_record(code, **fields))[0]


def builtin(code="1.000001", **fields) -> Procedure:
    procedure = official(code, **fields)
    return Procedure(
        **{name: getattr(procedure, name) for name in procedure.__struct_fields__}
        | {"origin": Origin.BUILTIN}
    )


async def stored(sessions, *procedures, now=NOW) -> Stored:
    async with sessions() as session, session.begin():
        return await store(session, procedures, now)


async def retired(sessions, codes, **options) -> int:
    async with sessions() as session, session.begin():
        return await retire_missing(session, codes, LATER, **options)


async def catalogue(sessions) -> tuple[list[Procedure], int]:
    async with sessions() as session:
        return await load_all(session), await version(session)


async def test_an_empty_catalogue_has_version_zero(sessions):
    assert await catalogue(sessions) == ([], 0)


async def test_what_is_stored_comes_back_as_it_was(sessions):
    procedures = [official("1.000001", name="Một"), official("1.000002", name="Hai")]
    assert await stored(sessions, *procedures) == Stored(added=2)
    assert await catalogue(sessions) == (procedures, 1)
    async with sessions() as session:
        assert await get(session, "1.000002") == procedures[1]
        assert await get(session, "9.999999") is None


async def test_storing_again_changes_nothing_and_the_version_stays(sessions):
    await stored(sessions, official())
    assert await stored(sessions, official(), now=LATER) == Stored(unchanged=1)
    assert (await catalogue(sessions))[1] == 1


async def test_only_what_changed_is_updated_and_the_version_rises_once(sessions):
    await stored(sessions, official("1.000001"), official("1.000002"))
    changed = official("1.000002", name="Tên mới")
    assert await stored(sessions, official("1.000001"), changed, now=LATER) == Stored(
        updated=1, unchanged=1
    )
    async with sessions() as session:
        times = dict(
            (await session.execute(select(ProcedureRow.code, ProcedureRow.imported_at))).all()
        )
    assert times == {"1.000001": NOW, "1.000002": LATER}
    assert (await catalogue(sessions))[1] == 2


async def test_an_official_record_takes_the_place_of_the_built_in_one(sessions):
    await stored(sessions, builtin(name="Bản tóm tắt"))
    assert await stored(sessions, official(name="Bản chính thức")) == Stored(updated=1)
    ((procedure,), _) = await catalogue(sessions)
    assert procedure.name == "Bản chính thức"


async def test_a_built_in_one_never_takes_the_place_of_an_official_record(sessions):
    await stored(sessions, official(name="Bản chính thức"))
    assert await stored(sessions, builtin(name="Bản tóm tắt")) == Stored(kept_official=1)
    ((procedure,), at) = await catalogue(sessions)
    assert (procedure.name, at) == ("Bản chính thức", 1)


async def test_nor_does_it_bring_back_a_retired_official_record(sessions):
    await stored(sessions, official("1.000001"), official("1.000002"))
    await retired(sessions, {"1.000002"})
    assert await stored(sessions, builtin("1.000001")) == Stored(kept_official=1)
    assert [p.code for p in (await catalogue(sessions))[0]] == ["1.000002"]


async def test_what_is_missing_is_retired_and_what_comes_back_is_revived(sessions):
    await stored(sessions, official("1.000001"), official("1.000002"))
    assert await retired(sessions, {"1.000001"}) == 1
    async with sessions() as session:
        assert await get(session, "1.000002") is None
    assert await retired(sessions, {"1.000001"}) == 0
    assert (await catalogue(sessions))[1] == 2
    assert await stored(sessions, official("1.000002")) == Stored(revived=1)
    assert (await catalogue(sessions))[1] == 3


async def test_built_in_ones_are_never_retired(sessions):
    await stored(sessions, builtin("1.000001"), official("1.000002"))
    assert await retired(sessions, {"1.000002"}) == 0


async def test_a_source_that_lacks_too_much_retires_nothing(sessions):
    await stored(sessions, *(official(f"1.{n:06}") for n in range(100)))
    kept = {f"1.{n:06}" for n in range(79)}
    with pytest.raises(TooManyMissing, match="21 of 100"):
        await retired(sessions, kept)
    with pytest.raises(TooManyMissing):
        await retired(sessions, set())
    assert len((await catalogue(sessions))[0]) == 100
    assert await retired(sessions, kept | {"1.000079"}) == 20


async def test_an_import_that_breaks_off_before_its_commit_leaves_the_catalogue_as_it_was(sessions):
    await stored(sessions, official())
    async with sessions() as session:
        await store(session, [official(name="Khác"), official("1.000002")], NOW)
        await session.rollback()
    assert await catalogue(sessions) == ([official()], 1)


async def imported(sessions, path: Path, *, retire=False) -> Report:
    report = Report()
    gathering = gather(read_source(path), report, lambda cost: None)
    async with sessions() as session, session.begin():
        await keep(session, gathering, report, NOW, retire=retire)
    return report


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(
        st.builds(
            a_record,
            st.sampled_from(["1.000001", " 1.000001", "1.000002", "1.000002-Xoa", "x"]),
            name=st.text(max_size=8),
            type=st.sampled_from(["STANDARD", "SPECIFIC", "STANDARD_INTERNAL", "?"]),
            note=st.text(max_size=8),
        ),
        max_size=6,
    )
)
async def test_importing_again_never_changes_anything(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("again")
    engine = open_engine(f"sqlite:///{folder / 'danhoi.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    sessions = open_sessions(engine)
    (folder / "a.jsonl").write_bytes(as_jsonl(records))
    await imported(sessions, folder / "a.jsonl")
    before = await catalogue(sessions)
    report = await imported(sessions, folder / "a.jsonl", retire=bool(before[0]))
    assert not report.stored.changed
    assert await catalogue(sessions) == before
    await engine.dispose()


async def test_a_source_with_an_unreadable_line_retires_nothing(sessions, tmp_path):
    await stored(sessions, official("1.000001"), official("1.000002"))
    (tmp_path / "a.jsonl").write_bytes(as_jsonl([a_record("1.000001")]) + b"{broken\n")
    report = await imported(sessions, tmp_path / "a.jsonl", retire=True)
    assert report.retired is None
    assert len((await catalogue(sessions))[0]) == 2


async def test_a_malformed_record_keeps_what_was_known_of_it(sessions, tmp_path):
    await stored(sessions, official("1.000001"), official("1.000002"))
    records = [a_record("1.000001"), a_record("1.000002", type="?")]
    (tmp_path / "a.jsonl").write_bytes(as_jsonl(records))
    report = await imported(sessions, tmp_path / "a.jsonl", retire=True)
    assert report.retired == 0
    assert len((await catalogue(sessions))[0]) == 2
