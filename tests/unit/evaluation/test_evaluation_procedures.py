"""Questions about procedures are scored by what a citizen is shown."""

import pytest

from bot.evaluation.procedures import (
    Question,
    Shown,
    is_right,
    measure_procedures,
    out_of_reach,
    procedure_result,
    shown,
)
from bot.procedures.search import Decision
from tests.unit.evaluation.talking import ScriptedAssistant, says

ANSWER, CLARIFY, NONE = Decision.ANSWER, Decision.CLARIFY, Decision.NONE
BIRTH, AGAIN, COPY = "1.001193", "1.004884", "2.000635"


def test_the_first_reply_about_procedures_counts():
    replies = [
        says("Chào bạn"),
        says("Bạn cần thủ tục nào?", codes=[BIRTH, AGAIN], decision="clarify"),
    ]
    assert shown(replies) == (CLARIFY, (BIRTH, AGAIN))


def test_small_talk_shows_no_procedure():
    assert shown([says("Chào bạn")]) == (NONE, ())


@pytest.mark.parametrize(
    ("kind", "decision", "codes", "right"),
    [
        (ANSWER, ANSWER, (BIRTH, AGAIN), True),
        (ANSWER, CLARIFY, (BIRTH, AGAIN), True),  # ranked first among the choices
        (ANSWER, CLARIFY, (AGAIN, BIRTH), False),
        (ANSWER, NONE, (), False),
        (CLARIFY, CLARIFY, (AGAIN, BIRTH), True),
        (CLARIFY, CLARIFY, (AGAIN, COPY), False),
        (CLARIFY, CLARIFY, ("1", "2", "3", "4", "5", BIRTH), False),  # nobody is shown a sixth
        (CLARIFY, ANSWER, (BIRTH,), False),
        (NONE, NONE, (), True),
        (NONE, CLARIFY, (BIRTH, AGAIN), True),  # offered to choose from, not as the answer
        (NONE, ANSWER, (BIRTH,), False),
    ],
)
def test_what_is_right_depends_on_the_kind(kind, decision, codes, right):
    question = Question("q", "khai sinh", kind, () if kind is NONE else (BIRTH,))
    assert is_right(question, Shown(decision, codes)) is right


def test_figures_count_each_kind_by_itself():
    third = Shown(CLARIFY, (AGAIN, COPY, BIRTH), "ask_procedure")
    result = procedure_result(
        [
            (Question("1", "khai sinh", ANSWER, (BIRTH,)), third),
            (Question("2", "khai sinh cho con", ANSWER, (AGAIN,)), third),
            (Question("3", "khai sinh gì", CLARIFY, (BIRTH,)), third),
            (Question("4", "ly hôn", NONE), third),
        ]
    )
    values = {name: figure.value for name, figure in result.figures.items()}
    assert (values["recall_at_1"], values["recall_at_3"]) == (0.5, 1)
    assert (values["clarify_ok"], values["none_ok"], values["none_silent"]) == (1, 1, 0)
    assert [row[0] for row in result.wrong.rows] == ["1"]
    assert result.summary()["n"] == 4


async def test_a_question_taken_for_something_else_counts_as_it_would_for_a_citizen():
    assistant = ScriptedAssistant(
        {"mất khai sinh": [says("Chào bạn")]}, {"intent": {"name": "greet"}}
    )
    rows = [Question("1", "mất khai sinh", ANSWER, (AGAIN,))]
    result = procedure_result(await measure_procedures(rows, assistant.open_talk, assistant))
    assert result.figures["recall_at_1"].value == 0
    assert result.counts["taken_for_other"] == 1
    assert result.wrong.rows[0][-1] == "greet"


async def test_every_question_gets_a_conversation_of_its_own():
    assistant = ScriptedAssistant({})
    rows = [Question(str(n), "khai sinh", ANSWER, (BIRTH,)) for n in range(3)]
    await measure_procedures(rows, assistant.open_talk, assistant)
    assert len(set(assistant.opened)) == 3


def test_questions_beyond_the_catalogue_are_counted():
    rows = [
        Question("1", "a", ANSWER, (BIRTH, "9")),
        Question("2", "b", ANSWER, ("9",)),
        Question("3", "c", NONE),
    ]
    assert out_of_reach(rows, {BIRTH}) == 1
