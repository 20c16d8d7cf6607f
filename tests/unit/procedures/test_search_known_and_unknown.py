"""What the search must say over the built-in catalogue, with which a newcomer runs the bot."""

import pytest

from bot.procedures.builtin import load_builtin
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.search import Decision, Hit, Outcome, SearchIndex
from bot.procedures.search.ranking import choices, nearest


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.build(load_builtin(), load_everyday_names())


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("lam giay khai sinh can gi", "1.001193"),
        ("làm giấy khai sinh cần gì", "1.001193"),
        ("dang ky ket hon", "1.000894"),
        ("đăng ký tạm trú", "1.004194"),
        ("đổi bằng lái xe", "3.000347"),
    ],
)
def test_a_plain_name_is_answered_in_both_typings(index, question, code):
    outcome = index.find(question)
    assert (outcome.decision, outcome.hits[0].code) == (Decision.ANSWER, code)


@pytest.mark.parametrize(
    "question",
    [
        "đăng ký tàu vũ trụ",
        "xin giấy phép nuôi rồng",
        "thủ tục mua vé số",
        "cấp phép bay lên mặt trăng",
    ],
)
def test_what_does_not_exist_is_not_answered_from_filler_words(index, question):
    assert index.find(question).decision is Decision.NONE


def test_of_the_choices_past_the_third_none_is_far_fetched():
    chances = [0.6, 0.02, 0.01, 0.005, 0.001, 0.001]
    hits = tuple(Hit(str(chance), "", chance) for chance in chances)
    assert choices(hits) == hits[:3]
    assert choices(tuple(Hit(str(n), "", 0.1) for n in range(9))) == tuple(
        Hit(str(n), "", 0.1) for n in range(5)
    )


def test_what_is_nearest_is_never_far_fetched():
    sure = (Hit("a", "", 0.9), Hit("b", "", 0.001), Hit("c", "", 0.0))
    assert nearest(Outcome(Decision.NONE, sure)) == sure[:1]
    assert nearest(Outcome(Decision.NONE)) == ()
