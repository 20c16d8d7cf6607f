"""What the console's pages ask of a real database: little, and never to read all cases."""

from datetime import UTC, datetime

import pytest

from tests.bench import cases
from tests.bench.console import bench_of
from tests.bench.console_pages import LEAD
from tests.fakes.plans import planner_of, read_whole
from tests.fakes.statements import Statement, statements

# What grows with the years; of the rest there are some dozen rows.
GROWING = {
    *("feedback_case", "case_event", "case_message", "case_word", "case_evidence"),
    *("case_publication", "case_mention", "case_stint"),
}
MOST = 24  # statements of a page; one for each case or event that it shows would be fifty and more


@pytest.fixture
async def bench(database_url, monkeypatch):
    """The application over some hundred cases, one with a long history."""
    monkeypatch.setattr("tests.bench.console.DEEP", 2)
    engine = cases.open_to_fill(database_url)
    cases.fill(engine, 300, seed=4, now=datetime.now(UTC))
    engine.dispose()
    async with bench_of(database_url) as bench:
        yield bench


@pytest.fixture
def planner(database_url):
    planner = planner_of(database_url)
    yield planner
    planner.close()


async def test_pages_ask_for_few_things_and_an_index_finds_each(bench, planner):
    too_many, whole = {}, []
    for page in await bench.pages():
        with statements(bench.store.engine) as said:
            await bench.loaded(page)
        if len(said) > MOST:
            too_many[page.name] = len(said)
        for statement in said:
            tables = read_whole(planner, statement, GROWING)
            whole += [(page.name, table, statement.sql) for table in tables]
    assert whole == []
    assert too_many == {}


async def test_a_long_history_costs_as_many_statements_as_a_short_one(bench):
    staff, counts = await bench.staff(LEAD), []
    for case_id in (1, bench.there.long_case):
        await staff.reads(f"/console/cases/{case_id}")  # the first reading is one event more
        with statements(bench.store.engine) as said:
            await staff.reads(f"/console/cases/{case_id}")
        counts.append(len(said))
    short, long = counts
    assert long <= short + 1  # the words that it shares with others, where it has rare ones


def test_a_condition_without_an_index_is_noticed(planner):
    asked = Statement("SELECT id FROM feedback_case WHERE place_words = ''", ())
    assert read_whole(planner, asked, GROWING) == {"feedback_case"}
