"""What holds for any record: within the budget, named, nothing free or district by invention."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.procedures.answers import BUDGET, MAX_BUTTONS, Answer, answer
from bot.procedures.aspect import Aspect
from bot.procedures.procedure import (
    Component,
    ComponentGroup,
    Duration,
    Fee,
    Form,
    LegalBasis,
    Procedure,
    Step,
    Term,
    Way,
)
from tests.records import official_records

texts = st.text(max_size=60) | st.text("ab \n.;-", max_size=3000)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
amounts = st.floats(0, 1e12)


def any_of(struct: type, **known: st.SearchStrategy) -> st.SearchStrategy:
    """Fill every field of a struct, also those with defaults; what is not known is inferred."""
    return st.builds(struct, **{name: known.get(name, ...) for name in struct.__struct_fields__})


def some(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=4).map(tuple)


durations = st.none() | any_of(Duration, amount=amounts)
fees = some(any_of(Fee, amount=st.none() | amounts, text=texts, currency=st.just("VND")))
forms = some(any_of(Form, id=texts, file_name=texts))
papers = some(any_of(Component, name=texts, forms=forms, originals=st.integers(0, 9)))
groups = some(any_of(ComponentGroup, name=texts, components=papers, notes=some(texts)))
ways = some(any_of(Way, duration=durations, duration_text=texts, fees=fees, remark=texts))
records = any_of(
    Procedure,
    code=st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True),
    name=texts,
    portal_id=st.just("") | st.uuids().map(str),
    summary=texts,
    record_on=days,
    decided_on=st.none() | days,
    decision=texts,
    publisher=texts,
    ways=ways,
    terms=some(any_of(Term, name=texts, duration=durations)),
    component_groups=groups,
    steps=some(any_of(Step, text=texts, name=texts)),
    conditions=texts,
    legal_bases=some(any_of(LegalBasis, code=texts, name=texts)),
    results=some(texts),
    receiving_places=some(texts),
    deciding_agencies=some(texts),
)


def said_of(procedure: Procedure, aspects: tuple[Aspect, ...], case: int) -> Iterator[Answer]:
    first = answer(procedure, aspects, case)
    yield first
    following = [b for b in first.buttons if b.title.startswith("Xem tiếp")]
    for part in range(2, 4) if following else ():
        yield answer(procedure, aspects, case, part)


@settings(max_examples=100, deadline=None)
@given(
    records,
    st.lists(st.sampled_from(Aspect), max_size=3, unique=True).map(tuple),
    st.integers(0, 4),
)
def test_any_record_is_answered_within_one_message(procedure, aspects, case):
    for shown in said_of(procedure, aspects, case):
        assert procedure.code in shown.text
        assert len(shown.text) <= BUDGET
        assert len(shown.buttons) <= MAX_BUTTONS
        assert all(0 < len(button.title) <= 40 for button in shown.buttons)
        msgspec.json.encode(shown.card)


@pytest.fixture(scope="module")
def official() -> list[Procedure]:
    return list(official_records(every=12))  # enough to meet every trap, and quick


@pytest.mark.parametrize("aspects", [(), *((aspect,) for aspect in Aspect)])
def test_official_records_are_answered_within_one_message(official, aspects):
    for procedure in official:
        shown = answer(procedure, aspects)
        assert procedure.code in shown.text
        assert len(shown.text) <= BUDGET, procedure.code


def test_nothing_is_free_unless_the_record_says_so(official):
    for procedure in official:
        words = " ".join(fee.text for way in procedure.ways for fee in way.fees).lower()
        text = answer(procedure, (Aspect.FEE,)).text.lower()
        for free in ("miễn phí", "miễn lệ phí", "không mất phí"):
            assert free not in text.replace(procedure.name.lower(), "") or free in words


def test_no_official_record_sends_anybody_to_a_district_office(official):
    for procedure in official:
        for aspects in ((), (Aspect.PLACE,)):
            facts = dict(answer(procedure, aspects).card["facts"])
            place = facts["Nơi nộp"].lower()
            assert "cấp huyện" not in place, procedure.code
            assert "nhân dân huyện" not in place, procedure.code
            assert "nhân dân quận" not in place, procedure.code
