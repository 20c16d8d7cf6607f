"""Overdue dossiers on real databases: listed, paged, counted, apologised for, and told."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from bot.dossiers.answers import answer, grievance
from bot.dossiers.apologies import Happening, Promise, apologise
from bot.dossiers.codes import read_code
from bot.dossiers.errors import ApologisedMeanwhile, NotOwed
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.models import DossierRow
from bot.dossiers.overdue import Apology, Sought, by_office, count, find, page
from bot.dossiers.table import TableSource
from bot.working_time.calendar import vietnam

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TODAY = date(2026, 11, 23)  # a Monday; the 24th is a holiday
CODE, KEY = "H29.16-261103-0001", "H29162611030001"
CELLS = {
    "code": CODE,
    "status": "Đang xử lý",
    "procedure_name": "Đăng ký khai sinh",
    "office": "UBND phường A",
    "received_on": "03/11/2026",
    "due_on": "10/11/2026",
    "phone": "0912 345 678",
}


@pytest.fixture
def take_in(sessions, vault):
    async def take(*rows: dict) -> None:
        read = understood(enumerate((CELLS | row for row in rows), 2), SourceMapping.load(), it)
        await keep(sessions, vault, read, it, NOW, lambda rows: None)

    it = Report()
    return take


@pytest.fixture
def codes(sessions):
    """List the codes that are sought."""

    async def look(today: date = TODAY, **sought) -> list[str]:
        async with sessions() as session:
            found, _ = await page(session, Sought(**sought), today)
            assert await count(session, Sought(**sought), today) == len(found)
        return [each.code for each in found]

    return look


@pytest.fixture
def told() -> list[tuple[Happening, str]]:
    return []


@pytest.fixture
def apology(sessions, told):
    """Record an apology as Lan; ``seen`` is the new day that was on record when she looked."""

    async def record(new_day: date, seen: date | None = None, on: date = TODAY, key: str = KEY):
        async def tell(happening: Happening, note: str) -> None:
            told.append((happening, note))

        async with sessions() as session, session.begin():
            return await apologise(session, key, Promise("lan", on, new_day), seen, tell)

    return record


async def test_what_the_office_lets_wait_is_listed_and_nothing_else(take_in, codes):
    await take_in(
        {},
        {"code": "H29.16-261103-0002", "due_on": "23/11/2026"},  # today is in time
        {"code": "H29.16-261103-0003", "status": "Yêu cầu bổ sung giấy tờ"},
        {"code": "H29.16-261103-0004", "status": "Đã xử lý xong"},
        {"code": "H29.16-261103-0005", "finished_on": "20/11/2026"},
        {"code": "H29.16-261103-0006", "due_on": "06/11/2026"},
        {"code": "H29.16-261103-0007", "status": "Lạ"},
        {"code": "H29.16-261103-0008", "due_on": ""},
    )
    assert await codes() == ["H29.16-261103-0006", CODE]


async def test_an_import_takes_off_the_list_what_is_done(take_in, codes):
    await take_in({})
    await take_in({"status": "Đã xử lý xong"})
    assert await codes() == []


@pytest.mark.parametrize(
    ("late", "listed"),
    [(1, ["1", "2", "3"]), (2, ["1", "2"]), (9, ["1", "2"]), (10, ["1"]), (200, [])],
)
async def test_how_late_counts_in_working_days(take_in, codes, late, listed):
    await take_in(
        {"code": "H29.16-261103-0001", "due_on": "09/11/2026"},  # ten working days ago
        {"code": "H29.16-261103-0002", "due_on": "10/11/2026"},
        {"code": "H29.16-261103-0003", "due_on": "20/11/2026"},  # on Friday: one
    )
    assert [code[-1] for code in await codes(late=late)] == listed


async def test_it_is_narrowed_to_offices(take_in, codes):
    await take_in({}, {"code": "H29.16-261103-0002", "office": "UBND xã B"})
    assert await codes(offices=["UBND xã B"]) == ["H29.16-261103-0002"]
    assert await codes(offices=[]) == []


async def test_each_office_is_counted_and_who_owes_most_stands_first(take_in, sessions, apology):
    await take_in(
        {},
        {"code": "H29.16-261103-0002", "office": "UBND xã B", "due_on": "06/11/2026"},
        {"code": "H29.16-261103-0003", "office": "UBND xã B"},
    )
    await apology(date(2026, 11, 30))
    async with sessions() as session:
        first, second = await by_office(session, TODAY)
    assert (first.office, first.overdue, first.needed) == ("UBND xã B", 2, 2)
    assert first.oldest == date(2026, 11, 6)
    assert (second.office, second.overdue, second.needed) == ("UBND phường A", 1, 0)


async def test_an_apology_takes_a_dossier_off_the_list_until_its_new_day_has_passed(
    take_in, codes, apology, told
):
    await take_in({})
    await apology(date(2026, 11, 30))
    assert await codes(apology=Apology.NEEDED) == []
    assert await codes(apology=Apology.SENT) == [CODE]
    late_again = date(2026, 12, 1)
    assert await codes(late_again, apology=Apology.NEEDED) == [CODE]
    assert await codes(late_again, apology=Apology.SENT) == []
    note = f"{CODE}; UBND phường A; hẹn trả 10/11/2026, hẹn lại 30/11/2026"
    assert told == [(Happening.APOLOGISED, note)]


async def test_the_next_import_leaves_an_apology_as_it_is(take_in, codes, apology):
    await take_in({})
    await apology(date(2026, 11, 30))
    await take_in({"status": "Được tiếp nhận"})
    assert await codes(apology=Apology.SENT) == [CODE]


async def test_of_two_who_record_an_apology_the_second_is_told(take_in, apology, sessions, told):
    await take_in({})
    await apology(date(2026, 11, 30))
    with pytest.raises(ApologisedMeanwhile):
        await apology(date(2026, 12, 2))
    await apology(date(2026, 12, 2), seen=date(2026, 11, 30))  # who has seen it, corrects it
    async with sessions() as session:
        row = await session.get_one(DossierRow, KEY)
    assert (row.promised_on, row.apologised_by) == (date(2026, 12, 2), "lan")
    assert len(told) == 2


async def test_nothing_is_apologised_for_that_is_not_overdue(take_in, apology):
    await take_in({"due_on": "24/12/2026"})
    for key in (KEY, "H29162611039999"):
        with pytest.raises(NotOwed):
            await apology(date(2026, 12, 31), key=key)


async def test_the_citizen_reads_that_the_office_has_apologised(take_in, apology, sessions, vault):
    await take_in({})

    async def says(today: date) -> str:
        found = await TableSource(sessions, vault).find(read_code(CODE))
        return answer(found.dossier, today, vietnam().working_days).text

    assert "Bạn có quyền yêu cầu văn bản này" in await says(TODAY)
    await apology(date(2026, 11, 30))
    said = "Ngày 23/11/2026, nơi giải quyết đã xin lỗi và hẹn trả kết quả ngày 30/11/2026."
    assert said in await says(TODAY)
    assert "Bạn có quyền yêu cầu" not in await says(date(2026, 11, 30))
    after = await says(date(2026, 12, 1))
    assert "hẹn lại ngày 30/11/2026, nhưng ngày đó cũng đã qua" in after
    assert "Bạn có quyền yêu cầu văn bản này" in after
    found = await TableSource(sessions, vault).find(read_code(CODE))
    story = grievance(found.dossier, date(2026, 12, 1), vietnam().working_days)
    assert "đã xin lỗi và hẹn lại ngày 30/11/2026" in story


async def test_a_new_due_date_of_the_system_goes_before_an_older_promise(
    take_in, apology, sessions
):
    await take_in({})
    await apology(date(2026, 11, 30))
    await take_in({"due_on": "04/12/2026"})
    async with sessions() as session:
        assert await find(session, KEY, date(2026, 12, 4)) is None
        again = await find(session, KEY, date(2026, 12, 7))
    assert again.apology(date(2026, 12, 7)) is Apology.NEEDED


@given(
    days=st.lists(st.integers(1, 12), min_size=0, max_size=23),
    limit=st.integers(1, 5),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_pages_hold_everything_once_and_in_order(take_in, sessions, days, limit):
    async with sessions() as session, session.begin():
        await session.execute(delete(DossierRow))
    await take_in(
        *(
            {"code": f"H29.16-261001-{number:04}", "received_on": "", "due_on": f"{day:02}/11/2026"}
            for number, day in enumerate(days)
        )
    )
    seen, after = [], None
    async with sessions() as session:
        while True:
            found, after = await page(session, Sought(), TODAY, after, limit)
            seen += [(each.owed_on, each.key) for each in found]
            assert len(found) == limit or after is None
            if after is None:
                break
    assert seen == sorted(seen)
    assert len(set(seen)) == len(days)


PLANS = [
    (Sought(), "ix_dossier_owed_on"),
    (Sought(apology=Apology.NEEDED, late=20), "ix_dossier_owed_on"),
    (Sought(offices=("UBND xã B",)), "ix_dossier_office_owed_on"),
]


@pytest.mark.parametrize(("sought", "index"), PLANS)
async def test_a_page_of_the_list_walks_its_index(take_in, engine, sessions, sought, index):
    """Nothing is sorted, and what is not shown is not read, however many dossiers there are."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by what is there; tests/bench/dossiers.py measures it")
    asked = []
    event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, parameters, *more: asked.append(
            (statement, parameters)
        ),
    )
    async with sessions() as session:
        await page(session, sought, TODAY, (date(2026, 1, 1), "H29"))
    statement, parameters = asked[-1]
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan = " ".join(str(row[-1]) for row in rows)
    assert f"USING INDEX {index} " in plan
    assert "TEMP B-TREE" not in plan
