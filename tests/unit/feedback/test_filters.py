"""Any query string is a filter or a clear message, and a filter says itself in one."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.category import Category
from bot.feedback.errors import BadFilter
from bot.feedback.filters import LONGEST_WORDS, MOST_VALUES, Due, Filter, Scope, read_filter
from bot.feedback.ranking import Lane
from bot.feedback.states import State

NAMES = tuple(Filter.__dataclass_fields__)
VALUES = [
    *(each.value for enum in (State, Category, Scope, Due) for each in enum),
    *("me", "nobody", "@lan", "web", "79", "26740", "cò mồi", "#12", " ", "", "⟨số⟩"),
]
accounts = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
codes = st.frozensets(st.from_regex(r"[0-9]{1,8}", fullmatch=True), max_size=4)
sayings = st.sampled_from(["", "đòi tiền", "bến nghé", "12", "#7"])
filters = st.builds(
    Filter,
    scope=st.sampled_from(Scope),
    state=st.frozensets(st.sampled_from(State)),
    category=st.frozensets(st.sampled_from(Category)),
    channel=st.frozensets(accounts, max_size=3),
    province=codes,
    commune=codes,
    who=st.sampled_from(["", "me", "nobody"]) | accounts.map("@{}".format),
    due=st.none() | st.sampled_from(Due),
    office=sayings,
    q=sayings,
)


texts = st.text().map(parse_qsl)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(), st.sampled_from(VALUES) | st.text()))


def read_or_refused(pairs) -> Filter | BadFilter:
    try:
        return read_filter(pairs)
    except BadFilter as refusal:
        return refusal


@given(pairs | texts)
def test_any_query_string_is_a_filter_or_a_refusal_that_names_the_field(pairs):
    match read_or_refused(pairs):
        case Filter() as read:
            assert read_filter(read.query()) == read
            assert read.lanes <= set(Lane)
        case refusal:
            assert refusal.field in NAMES
            assert str(refusal).startswith(f"{refusal.field} must be ")


@given(filters)
def test_a_filter_survives_the_address_bar(made):
    assert read_filter(parse_qsl(urlencode(made.query()))) == made


def test_who_asks_for_nothing_sees_what_is_open():
    assert read_filter([]) == Filter()
    assert Filter().lanes == {Lane.RUNNING, Lane.WAITING}
    assert Filter().query() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "gone"),
        ("category", "HARASSMENT"),
        ("scope", "open' OR 1=1"),
        ("due", "never"),
        ("who", "lan"),
        ("who", "@"),
        ("province", "７９"),
        ("commune", "1234567890"),
        ("channel", "we b"),
        ("q", "x " * LONGEST_WORDS),
    ],
)
def test_what_is_no_value_is_refused_without_repeating_it(name, value):
    with pytest.raises(BadFilter) as refused:
        read_filter([(name, value)])
    assert refused.value.field == name
    assert value not in str(refused.value).removeprefix(name) or value == "@"


def test_one_name_is_not_said_without_end():
    with pytest.raises(BadFilter, match="more than"):
        read_filter([("state", "new")] * (MOST_VALUES + 1))
    with pytest.raises(BadFilter, match="one value"):
        read_filter([("q", "a"), ("q", "b")])
    assert read_filter([("q", "a"), ("q", "a")]).q == "a"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), ("#12", 12), ("# 12", 12), ("0", None), ("12 ba", None), ("9" * 19, None)],
)
def test_a_number_is_looked_for_as_the_number_of_a_case(typed, number):
    assert Filter(q=typed).number == number


@pytest.mark.parametrize(
    ("filter", "lanes"),
    [
        (Filter(scope=Scope.DONE), {Lane.DONE}),
        (Filter(scope=Scope.ALL), set(Lane)),
        (Filter(state=frozenset({State.CLOSED})), {Lane.DONE}),
        (Filter(state=frozenset({State.NEW, State.NEED_INFO})), {Lane.RUNNING, Lane.WAITING}),
        (Filter(scope=Scope.ALL, due=Due.OVERDUE), {Lane.RUNNING}),
        (Filter(state=frozenset({State.CLOSED}), due=Due.SOON), set()),
    ],
)
def test_a_filter_knows_in_which_lanes_to_look(filter, lanes):
    assert filter.lanes == lanes


def test_whose_cases_are_meant():
    assert Filter(who="me").account("lan") == "lan"
    assert Filter(who="@minh").account("lan") == "minh"
    assert Filter(who="nobody").account("lan") is None
