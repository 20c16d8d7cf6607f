"""The console's bench, over a few cases: each of its pages is there, and a new case is told of."""

from datetime import UTC, datetime

import pytest

from tests.bench import cases
from tests.bench.console import bench_of


@pytest.fixture
async def bench(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.bench.console.DEEP", 1)
    monkeypatch.setattr("tests.bench.console_pages.HISTORY", 20)
    database = f"sqlite:///{tmp_path / 'cases.db'}"
    engine = cases.open_to_fill(database)
    cases.fill(engine, 60, seed=4, now=datetime.now(UTC))
    engine.dispose()
    async with bench_of(database) as bench:
        yield bench


async def test_every_page_that_is_measured_is_there_and_an_open_one_tells_of_a_new_case(bench):
    pages = await bench.pages()
    assert {"/nhac-ten", "/mau-tra-loi", "/nguoi-dung"} <= {each.name for each in pages}
    for each in pages:
        assert await bench.loaded(each) > 0
    told, shown = await bench.arrival()
    assert told <= shown
