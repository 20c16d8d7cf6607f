"""The short answers of a volunteer in the terminal."""

import pytest

from bot.questions.errors import BadLabel, Problem
from bot.questions.labelling import Command, Offer, Procedure, offer_lines, read_answer
from bot.questions.question import Label, Meant, Reading
from bot.questions.table import Known
from bot.questions.wording import PROBLEMS
from tests.unit.questions.asked import a_question

OFFER = Offer(
    [Reading("ask_place", 0.31), Reading("ask_rights", 0.28)],
    [
        Procedure("1.001193", "Đăng ký khai sinh", 0.27),
        Procedure("1.004884", "Đăng ký lại khai sinh", 0.2),
    ],
)
KNOWN = Known(
    {"ask_procedure", "ask_place", "ask_rights", "out_of_scope"},
    {"1.001193", "1.004884", "1.000894"},
)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1", Label("ask_procedure", Meant.ANSWER, ("1.001193",))),
        ("1 2", Label("ask_procedure", Meant.ANSWER, ("1.001193", "1.004884"))),
        ("1,2?", Label("ask_procedure", Meant.CLARIFY, ("1.001193", "1.004884"))),
        ("1.000894", Label("ask_procedure", Meant.ANSWER, ("1.000894",))),
        ("0", Label("ask_procedure", Meant.NONE)),
        (
            "0 # giấy riêng của trường",
            Label("ask_procedure", Meant.NONE, (), "giấy riêng của trường"),
        ),
        ("B", Label("ask_rights")),
        ("a 2", Label("ask_place", Meant.ANSWER, ("1.004884",))),
        ("out_of_scope", Label("out_of_scope")),
        ("ask_procedure", Label("ask_procedure")),
        ("", Command.SKIP),
        ("s", Command.SKIP),
        (" X ", Command.DISMISS),
        ("q", Command.QUIT),
    ],
)
def test_a_short_answer_says_it_all(typed, answer):
    assert read_answer(typed, OFFER, KNOWN) == answer


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("3", Problem.NOT_UNDERSTOOD),
        ("c", Problem.NOT_UNDERSTOOD),
        ("1 và", Problem.NOT_UNDERSTOOD),
        ("9.999999", Problem.UNKNOWN_CODE),
        ("khong biet", Problem.NOT_UNDERSTOOD),
        ("khongbiet", Problem.UNKNOWN_INTENT),
        ("b 1", Problem.CODES_WITHOUT_PROCEDURE),
        ("a ?", Problem.NO_CODES),
        ("0 1", Problem.NOT_UNDERSTOOD),
    ],
)
def test_an_answer_that_says_nothing_is_asked_for_again_in_vietnamese(typed, problem):
    with pytest.raises(BadLabel) as refused:
        read_answer(typed, OFFER, KNOWN)
    assert refused.value.problem is problem
    assert PROBLEMS[problem]


def test_a_question_is_shown_with_all_that_can_be_picked():
    shown = "\n".join(offer_lines(a_question(id=12, times_asked=3), OFFER, left=41))
    assert "Câu 12 · đã hỏi 3 lần, gần nhất 22/11/2026 · còn 41 câu" in shown
    assert "“giấy cho bé”" in shown
    assert "b  ask_rights (28%)" in shown
    assert "2  1.004884  Đăng ký lại khai sinh (20%)" in shown
