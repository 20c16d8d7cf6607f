"""Whatever a record holds, it is either read or called malformed; nothing else can happen."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.procedures.official import MalformedRecord, code_of, read_record
from bot.procedures.procedure import Procedure
from tests.fakes.portal_records import a_case, a_fee, a_form, a_method, a_paper, a_record

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["OTHER", "1.000001", "DIRECT", "Trường hợp", "10.000 đồng", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FULL = a_record(
    executionMethods=[a_method(fees=[a_fee(5, "năm đồng", currency={"name": "x"})])],
    executionCases=[a_case("a", a_paper("b", attachments=[a_form()], detail={"data": {}}))],
    cases=[{"name": "c", "processingDay": {"qty": 1, "type": "DAY"}}],
    legalBasisesDetails=[{"code": "1/2020/NĐ-CP", "name": "d"}],
    category={"name": "e"},
    keywords="f, g",
)


def places(value, path=()):
    """Yield the path of every value in a record."""
    yield path
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield from places(value[key], (*path, key))


def replaced(value, path, by):
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = replaced(copy[path[0]], path[1:], by)
    return copy


def read_or_refuse(record):
    code_of(record)
    try:
        procedure, _ = read_record(record)
    except MalformedRecord:
        return
    stored = msgspec.json.encode(procedure)
    assert msgspec.json.decode(stored, type=Procedure) == procedure
    assert b"\\u0000" not in stored  # PostgreSQL keeps no NUL


@given(json_values)
def test_any_json_is_read_or_refused(record):
    read_or_refuse(record)


@settings(max_examples=400)
@given(st.sampled_from(sorted(places(FULL), key=str)), json_values)
def test_a_record_with_anything_anywhere_is_read_or_refused(path, value):
    read_or_refuse(replaced(FULL, path, value))


@given(st.text())
def test_tidying_a_text_twice_changes_nothing_more(text):
    from bot.procedures.official.texts import tidy

    assert tidy(tidy(text)) == tidy(text)
