"""What the search must say over the built-in catalogue, with which a newcomer runs the bot."""

import pytest

from bot.procedures.builtin import load_builtin
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.search import Decision, Hit, SearchIndex
from bot.procedures.search.ranking import choices


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


def test_far_fetched_choices_are_not_offered():
    chances = [0.6, 0.2, 0.1, 0.02, 0.01, 0.001]
    hits = tuple(Hit(str(chance), "", chance) for chance in chances)
    assert choices(hits) == hits[:3]


def test_there_are_at_most_five_choices_and_only_one_where_the_others_are_far_fetched():
    sure = (Hit("a", "", 0.9), Hit("b", "", 0.001), Hit("c", "", 0.0))
    assert choices(sure) == sure[:1]
    assert len(choices(tuple(Hit(str(n), "", 0.1) for n in range(9)))) == 5
