"""Figures are what the textbooks say, and never claim more than the rows bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.figures import f1_over, macro_f1, micro_f1, share, with_diacritics

LABELS = st.sampled_from(["greet", "thank", "deny"])
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=30)


def test_a_share_knows_how_uncertain_it_is():
    nine_of_ten = share([True] * 9 + [False])
    assert nine_of_ten.value == 0.9
    assert (round(nine_of_ten.low, 3), round(nine_of_ten.high, 3)) == (0.596, 0.982)
    assert nine_of_ten.of == 10


def test_nothing_measured_is_no_figure():
    assert share([]).value is None
    assert f1_over([], macro_f1).value is None


def test_macro_f1_weighs_a_rare_intent_as_much_as_a_frequent_one():
    pairs = [("ask_procedure", "ask_procedure")] * 98 + [("greet", "ask_procedure")] * 2
    assert macro_f1(pairs) == pytest.approx((2 * 98 / 198 + 0) / 2)


def test_the_fallback_is_a_miss_and_no_class_of_its_own():
    assert macro_f1([("greet", "greet"), ("greet", "nlu_fallback")]) == pytest.approx(2 / 3)


def test_micro_f1_counts_what_was_added_as_well_as_what_was_missed():
    rows = [(("fee", "place"), ("fee",)), (("form",), ("form", "place"))]
    assert micro_f1(rows) == pytest.approx(2 * 2 / 6)


@given(PAIRS)
def test_f1_is_one_exactly_when_everything_is_right(pairs):
    assert 0 <= macro_f1(pairs) <= 1
    assert (macro_f1(pairs) == 1) == all(meant == guess for meant, guess in pairs)


@given(st.integers(1, 200), st.data())
def test_a_share_lies_in_its_interval(of, data):
    right = data.draw(st.integers(0, of))
    figure = share(at < right for at in range(of))
    assert 0 <= figure.low <= figure.value + 1e-9
    assert figure.value <= figure.high + 1e-9 <= 1 + 2e-9


def test_an_f1_is_the_same_each_time_it_is_measured():
    pairs = [("greet", "greet")] * 20 + [("thank", "greet")] * 5 + [("thank", "thank")] * 15
    assert f1_over(pairs, macro_f1) == f1_over(pairs, macro_f1)
    assert f1_over(pairs, macro_f1).low < f1_over(pairs, macro_f1).value


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("làm giấy khai sinh", True),
        ("đi đâu", True),
        ("la\u0300m giấy", True),  # decomposed
        ("lam giay KHAI SINH 2026", False),
        ("\u200balo\u2060", False),  # invisible characters are no diacritics
    ],
)
def test_typing_with_diacritics_is_told_from_typing_without(text, shows):
    assert with_diacritics(text) is shows
