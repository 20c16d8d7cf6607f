"""The real official records, where they are at hand: every one read, figures as once counted."""

from collections import Counter
from pathlib import Path

import pytest

from bot.procedures.importer import gather
from bot.procedures.procedure import Duration, Kind, Level, TimeUnit
from bot.procedures.report import Report
from bot.procedures.sources import read_source

RECORDS = Path(__file__).parents[3] / "shared" / "data" / "official-procedures.jsonl.gz"
pytestmark = pytest.mark.skipif(not RECORDS.exists(), reason="the official records are not here")


@pytest.fixture(scope="module")
def all_of_them():
    report = Report()
    gathering = gather(read_source(RECORDS), report, lambda cost: None)
    return {procedure.code: procedure for procedure in gathering.procedures}, report


def test_every_record_is_read_or_reported(all_of_them):
    procedures, report = all_of_them
    assert report.read == 5665
    assert len(procedures) + len(report.problems) == 5665
    assert [reason for _, reason in report.problems] == [
        "another record has the code 1.014325 as well",
        "another record has the code 1.014955 as well",
    ]


def test_the_kinds_are_those_once_counted(all_of_them):
    kinds = Counter(procedure.kind for procedure in all_of_them[0].values())
    assert kinds == {Kind.STANDARD: 4574, Kind.PROVINCIAL: 898, Kind.INTERNAL: 191}


def test_most_procedures_publish_no_fee_at_all(all_of_them):
    procedures = all_of_them[0].values()
    silent = [p for p in procedures if not any(way.fees for way in p.ways)]
    assert 3810 <= len(silent) <= 3817


def test_about_as_many_name_a_district_as_once_counted(all_of_them):
    assert 140 <= sum(p.names_district for p in all_of_them[0].values()) <= 175


def test_birth_registration_takes_what_its_cases_say_not_what_the_placeholder_says(all_of_them):
    birth = all_of_them[0]["1.001193"]
    assert [way.duration for way in birth.ways] == [None, None, None]
    assert [term.duration for term in birth.terms] == [Duration(1, TimeUnit.WORKING_DAY)]
    assert birth.levels == (Level.COMMUNE,)
    assert not any(way.fees for way in birth.ways)
    assert not any(group.alternative for group in birth.component_groups)
    assert any("Giấy chứng sinh" in c.name for g in birth.component_groups for c in g.components)


def test_a_fee_whose_words_and_figure_disagree_is_marked(all_of_them):
    fees = [fee for way in all_of_them[0]["1.008906"].ways for fee in way.fees]
    assert fees
    assert all(fee.conflicting and fee.amount is None and fee.text for fee in fees)


def test_dates_that_are_typing_errors_are_gone(all_of_them):
    procedures = all_of_them[0].values()
    assert max(p.decided_on for p in procedures if p.decided_on).isoformat() < "2026-11-22"
    assert all("2026-03-01" < p.record_on.isoformat() < "2026-08-01" for p in procedures)


def test_nothing_invisible_is_left_in_any_name(all_of_them):
    assert all(p.name.isprintable() and p.name for p in all_of_them[0].values())
