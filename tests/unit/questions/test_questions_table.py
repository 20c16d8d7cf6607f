"""Questions as a table: safe for a spreadsheet, and read back with every rule kept."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.errors import BadLabel, Problem
from bot.questions.question import DISMISS, Label, Meant, State
from bot.questions.table import (
    Known,
    as_line,
    intent_rows,
    procedure_rows,
    read_mark,
    to_label,
)
from tests.unit.questions.asked import a_question

KNOWN = Known({"ask_procedure", "ask_place", "ask_rights"}, {"1.001193", "1.004884"})


def mark(**cells: str):
    return read_mark(2, {"id": "7", "text": "giấy cho bé", **cells}, KNOWN)


def cells(line: str) -> list[str]:
    assert line.endswith("\n")
    return line[:-1].split("\t")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_a_line_is_one_line_with_as_many_cells_and_no_formula(some):
    line = as_line(some)
    assert len(line.splitlines()) == 1
    assert len(cells(line)) == len(some)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells(line))


@given(st.text(st.sampled_from("=+-@' ab"), max_size=6))
def test_what_was_made_safe_comes_back_as_it_was(text):
    plain = " ".join(text.split())
    written = cells(as_line([plain]))[0]
    assert mark(intent="ask_rights", text=written).text == plain


def test_a_question_goes_out_with_room_for_a_label():
    head, line = to_label([a_question(id=7, text="=1+1 giấy cho bé", times_asked=3)])
    row = dict(zip(cells(head), cells(line), strict=True))
    assert (row["id"], row["text"], row["times_asked"]) == ("7", "'=1+1 giấy cho bé", "3")
    assert (row["understood"], row["confidence"]) == ("ask_place", "0.31")
    assert (row["decision"], row["best_code"], row["chance"]) == ("clarify", "1.001193", "0.27")
    assert [row[name] for name in ("intent", "kind", "codes", "note")] == ["", "", "", ""]


def test_a_row_without_an_intent_is_no_mark():
    assert mark(intent="", codes="1.001193") is None


def test_codes_alone_mean_that_one_of_them_is_the_answer():
    said = mark(intent="ask_procedure", codes="1.001193, 1.004884", note="cấp lại?")
    assert said.label == Label("ask_procedure", Meant.ANSWER, ("1.001193", "1.004884"), "cấp lại?")


def test_a_question_can_be_put_aside():
    assert mark(intent=DISMISS).label is None


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"intent": "hoi_thu_tuc"}, Problem.UNKNOWN_INTENT),
        ({"intent": "ask_procedure", "codes": "9.999999"}, Problem.UNKNOWN_CODE),
        ({"intent": "ask_procedure", "kind": "maybe"}, Problem.UNKNOWN_MEANING),
        ({"intent": "ask_procedure", "kind": "answer"}, Problem.NO_CODES),
        ({"intent": "ask_procedure", "kind": "none", "codes": "1.001193"}, Problem.CODES_BUT_NONE),
        ({"intent": "ask_rights", "codes": "1.001193"}, Problem.CODES_WITHOUT_PROCEDURE),
        ({"intent": "ask_rights", "id": "bảy"}, Problem.UNKNOWN_QUESTION),
        ({"intent": "ask_rights", "id": "²"}, Problem.UNKNOWN_QUESTION),
    ],
)
def test_a_label_that_breaks_a_rule_is_refused(cells, problem):
    with pytest.raises(BadLabel) as refused:
        mark(**cells)
    assert refused.value.problem is problem


def test_labelled_questions_go_out_in_the_columns_of_the_evaluation_sets():
    labelled = a_question(
        id=7,
        text="giấy cho bé",
        state=State.LABELLED,
        label_intent="ask_procedure",
        label_meant=Meant.ANSWER,
        label_codes="1.001193,1.004884",
        labelled_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert list(intent_rows([labelled])) == [
        "id\ttext\tintent\tdetail\n",
        "q-7\tgiấy cho bé\task_procedure\t\n",
    ]
    assert list(procedure_rows([labelled])) == [
        "id\ttext\tkind\tcodes\taspects\n",
        "q-7\tgiấy cho bé\tanswer\t1.001193,1.004884\t\n",
    ]


def test_without_a_word_about_procedures_nothing_is_learned_about_them():
    silent = a_question(state=State.LABELLED, label_intent="ask_procedure")
    assert len(list(procedure_rows([silent]))) == 1
