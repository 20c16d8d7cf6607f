"""The built-in catalogue: well-formed, about citizens' life today, true to the official records."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from bot.procedures.procedure import Component, Procedure

REPOSITORY = Path(__file__).parents[3]
FILES = sorted((REPOSITORY / "bot/procedures/data/builtin").glob("*.yml"))
RECORDS = REPOSITORY.parent / "shared/data/official-procedures.jsonl.gz"
ENOUGH = 80
LONGEST_SHARED_RUN = 11  # words: names of papers, laws and agencies are facts and may be longer
DISTRICT = re.compile(
    r"huyện|\bquận\b|thị xã|thị trấn"
    r"|phòng (tư pháp|lao động|giáo dục|tài nguyên|tài chính|nội vụ|quản lý đô thị)",
    re.IGNORECASE,
)

with_records = pytest.mark.skipif(
    not RECORDS.exists(), reason="needs the official records in ../shared/data, which are not here"
)


@cache
def catalogue() -> dict[str, Procedure]:
    """Every built-in procedure by its code; the later of two with the same code is kept."""
    return {procedure.code: procedure for file in FILES for procedure in strictly_read(file)}


@cache
def strictly_read(file: Path) -> tuple[Procedure, ...]:
    mappings = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    whole = [{**mapping, "kind": "standard", "origin": "builtin"} for mapping in mappings]
    return msgspec.convert(whole, tuple[Procedure, ...], strict=True)


@cache
def records() -> dict[str, dict[str, Any]]:
    """The official records of the built-in procedures, by code."""
    found = {}
    with gzip.open(RECORDS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(unicodedata.normalize("NFC", line))
            if (code := record["code"].strip()) in catalogue():
                found[code] = record["detail"]
    return found


def each() -> list[Any]:
    return [pytest.param(p, id=p.code) for p in catalogue().values()]


def papers(procedure: Procedure) -> list[Component]:
    return [paper for group in procedure.component_groups for paper in group.components]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def own_words(procedure: Procedure) -> list[str]:
    """The sentences that we worded ourselves."""
    return [
        procedure.summary,
        procedure.conditions,
        *(step.text for step in procedure.steps),
        *(note for group in procedure.component_groups for note in group.notes),
        *(text for way in procedure.ways for text in (way.duration_text, way.remark)),
        *(fee.text for way in procedure.ways for fee in way.fees),
    ]


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of words one longer than may be shared with the record."""
    words = re.findall(r"\w+", text.lower())
    size = LONGEST_SHARED_RUN + 1
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def figures(detail: dict[str, Any]) -> set[float]:
    """Every number of a record, in figures or among its words ("50.000 đồng" is 50000)."""
    written = (re.findall(r"\d[\d.,]*", text) for text in texts(detail))
    numbers = {number for found in written for text in found for number in readings(text)}
    for method in detail["executionMethods"]:
        numbers |= {float(fee["value"]) for fee in method["fees"] or [] if fee["value"]}
        numbers |= readings(str(method["processingTime"]))
    cases = (case["processingDay"] or {} for case in detail["cases"] or [])
    return numbers | {float(case["qty"]) for case in cases if case.get("qty")}


def readings(text: str) -> set[float]:
    plain = text.strip(".,")
    digits = re.sub(r"[.,]", "", plain)
    as_decimal = {float(plain)} if re.fullmatch(r"\d+(\.\d+)?", plain) else set()
    return as_decimal | ({float(digits)} if digits.isdecimal() else set())


def letters(code: str) -> str:
    return re.sub(r"[^0-9A-ZĐƯ]", "", code.upper())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_loads_strictly(file: Path):
    assert strictly_read(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_text_names_a_body_of_the_abolished_district_tier(file: Path):
    assert DISTRICT.findall(file.read_text("utf-8")) == []


def test_the_catalogue_is_large_enough_to_be_of_use():
    assert len(catalogue()) >= ENOUGH


def test_no_code_stands_twice():
    assert len(catalogue()) == sum(len(strictly_read(file)) for file in FILES)


@pytest.mark.parametrize("procedure", each())
def test_a_procedure_says_what_it_is_and_how_to_go_about_it(procedure: Procedure):
    assert procedure.summary.endswith(".")
    assert procedure.ways
    assert procedure.steps
    assert procedure.keywords


@pytest.mark.parametrize("procedure", each())
def test_papers_are_listed_or_a_remark_says_why_not(procedure: Procedure):
    remarks = [note for group in procedure.component_groups for note in group.notes]
    assert papers(procedure) or remarks


@pytest.mark.parametrize("procedure", each())
def test_cases_to_choose_from_are_several_and_bear_names(procedure: Procedure):
    cases = [group.name for group in procedure.component_groups if group.alternative]
    assert len(cases) != 1
    assert all(cases)


@pytest.mark.parametrize("procedure", each())
def test_a_fee_says_something(procedure: Procedure):
    fees = [fee for way in procedure.ways for fee in way.fees]
    assert all(fee.amount or fee.text for fee in fees)
    assert all(fee.amount is None or fee.amount > 0 for fee in fees)


@with_records
@pytest.mark.parametrize("procedure", each())
def test_identity_and_dates_are_those_of_the_official_record(procedure: Procedure):
    detail = records()[procedure.code]
    assert procedure.portal_id == detail["id"]
    assert detail["type"] == "STANDARD"
    proposal = detail["procedureProposal"] or {}
    assert procedure.decision == re.sub(r"\s", "", proposal.get("proposalNumber") or "")
    assert procedure.decided_on is None or procedure.decided_on <= procedure.record_on


@with_records
@pytest.mark.parametrize("procedure", each())
def test_every_figure_stands_in_the_official_record(procedure: Procedure):
    fees = {fee.amount for way in procedure.ways for fee in way.fees if fee.amount}
    terms = [way.duration for way in procedure.ways] + [term.duration for term in procedure.terms]
    ours = fees | {term.amount for term in terms if term}
    assert ours <= figures(records()[procedure.code])


@with_records
@pytest.mark.parametrize("procedure", each())
def test_methods_laws_and_forms_stand_in_the_official_record(procedure: Procedure):
    detail = records()[procedure.code]
    methods = {method["submissionMethod"].lower() for method in detail["executionMethods"]}
    assert {way.method.value for way in procedure.ways} == methods
    laws = " ".join(letters(law["code"] or "") for law in detail["legalBasisesDetails"])
    missing = [b.code for b in procedure.legal_bases if letters(b.code)[:-2] not in laws]
    assert missing == []
    known = {text for case in detail["executionCases"] for text in texts(case)}
    assert {form.id for paper in papers(procedure) for form in paper.forms} <= known


@with_records
@pytest.mark.parametrize("procedure", each())
def test_our_wording_is_not_copied_from_the_official_record(procedure: Procedure):
    official = {run for text in texts(records()[procedure.code]) for run in runs(text)}
    copied = [" ".join(run) for text in own_words(procedure) for run in runs(text)]
    assert [run for run in copied if tuple(run.split()) in official] == []
