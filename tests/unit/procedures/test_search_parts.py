"""The parts of the search, each alone."""

import numpy as np
import pytest

from bot.procedures.evaluation import BadRow, Row, evaluate, read_rows, wilson
from bot.procedures.search import Decision, Hit, Outcome
from bot.procedures.search.index import FEATURES, OF_NAMES
from bot.procedures.search.learning import Grade, best_line, confusion, reliability
from bot.procedures.search.postings import Postings
from bot.procedures.search.question import read_question, synonyms_in
from bot.procedures.search.ranking import SIGNS, chances, load_ranking
from bot.procedures.search.spelling import Speller
from bot.vietnamese import fold


def kept(text: str) -> str:
    return " ".join(word.typed for word in read_question(text).words)


def test_courtesy_and_aspects_are_set_aside():
    assert kept("dạ cho em hỏi đăng ký kết hôn cần giấy tờ gì, mất bao lâu ạ") == "đăng ký kết hôn"


@pytest.mark.parametrize(
    "name", ["mở hộ kinh doanh", "sang tên sổ đỏ", "xin phép xây nhà", "làm thẻ căn cước"]
)
def test_courtesy_is_not_confused_with_a_name_that_differs_in_diacritics(name):
    assert kept(f"dạ cho em hỏi {name} ở đâu vậy ạ") == name
    assert kept(fold(name)) == fold(name)


def test_a_question_leaves_it_open_only_in_the_words_that_say_so():
    assert read_question("xin trợ cấp gì đó cho bà").hedged
    assert not read_question("chuyển trường cho con").hedged


def test_a_question_without_diacritics_is_recognised():
    assert not read_question("dang ky ket hon").marked
    assert read_question("đăng ký kết hôn").marked


def test_an_abbreviation_does_not_make_a_question_one_with_diacritics():
    assert not read_question("dk ket hon can j").marked
    assert kept("dk ket hon can j") == "đăng ký ket hon"


def test_synonyms_need_the_right_diacritics_where_some_were_typed():
    assert any(s.meant[0].typed == "lợn" for s in synonyms_in(read_question("nuôi heo")))
    assert any(s.meant[0].typed == "lợn" for s in synonyms_in(read_question("nuoi heo")))
    assert not any(s.meant[0].typed == "lợn" for s in synonyms_in(read_question("nuôi hẹo")))


def test_rare_words_weigh_more_and_documents_add_them_up():
    postings = Postings([["giấy", "phép"], ["giấy", "khai"], ["giấy"]])
    assert postings.weight("khai") > postings.weight("giấy")
    shared = postings.shared({"giấy": 1.0, "khai": 2.0, "unknown": 5.0})
    assert shared.tolist() == [1.0, 3.0, 1.0]


def test_a_cap_holds_down_a_word_that_is_common_elsewhere():
    assert Postings([["nhà"], ["x"]], caps={"nhà": 0.1}).weight("nhà") == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("khaisinh", ("khai", "sinh")),
        ("giaykhaisinh", ("giay", "khai", "sinh")),
        ("sihn", ("sinh",)),
        ("xyzxyz", ()),
        ("x" * 500, ()),
    ],
)
def test_slips_are_mended(typed, read):
    assert Speller(["giay", "khai", "sinh", "ket", "hon"]).mend(typed)[0] == read


def test_the_learned_figures_fit_the_program():
    ranking = load_ranking()
    assert tuple(ranking.weights) == FEATURES
    assert tuple(ranking.judgement) == (*SIGNS, *(f"best_{feature}" for feature in OF_NAMES))


def test_chances_of_rivals_add_up_to_one():
    assert chances(np.array([3.0, 2.0, -50.0], np.float32)).sum() == pytest.approx(1)


HITS = tuple(Hit(code, code, 0.1) for code in ("a", "b", "c", "d", "e", "f"))


def test_the_figures_follow_the_contract():
    said = {
        "first": Outcome(Decision.ANSWER, HITS),
        "third": Outcome(Decision.CLARIFY, HITS),
        "asked": Outcome(Decision.CLARIFY, HITS),
        "unasked": Outcome(Decision.ANSWER, HITS),
        "unknown": Outcome(Decision.NONE),
    }
    rows = [
        Row("1", "first", Decision.ANSWER, ("a",)),
        Row("2", "third", Decision.ANSWER, ("c",)),
        Row("3", "asked", Decision.CLARIFY, ("e", "z")),
        Row("4", "unasked", Decision.CLARIFY, ("a",)),
        Row("5", "asked", Decision.CLARIFY, ("f",)),
        Row("6", "unknown", Decision.NONE),
    ]
    figures = evaluate(rows, said.__getitem__)
    assert figures.n == 6
    assert figures.recall_at_1.value == 0.5
    assert figures.recall_at_3.value == 1.0
    assert (figures.clarify_ok.right, figures.clarify_ok.of) == (1, 3)
    assert figures.none_ok.value == 1.0
    assert [wrong.row.id for wrong in figures.wrong] == ["2", "4", "5"]


def test_figures_over_nothing_claim_nothing():
    share = evaluate([], lambda _: Outcome(Decision.NONE)).recall_at_1
    assert (share.value, share.low, share.high) == (None, 0.0, 1.0)


def test_the_interval_is_that_of_wilson():
    low, high = wilson(88, 100)
    assert (round(low, 3), round(high, 3)) == (0.802, 0.93)


def test_rows_are_read_and_bad_ones_named():
    text = "id\ttext\tkind\tcodes\taspects\n1\tkhai sinh\tanswer\t1.001193, 1.000689\tfee\n"
    assert read_rows(text) == [Row("1", "khai sinh", Decision.ANSWER, ("1.001193", "1.000689"))]
    with pytest.raises(BadRow, match="line 2"):
        read_rows("id\ttext\tkind\tcodes\n1\tx\tmaybe\t\n")
    with pytest.raises(BadRow, match="line 2"):
        read_rows("id\ttext\tkind\tcodes\n1\tx\tanswer\t\n")


def test_reliability_compares_promise_and_truth():
    grades = [
        Grade(Decision.ANSWER, Decision.ANSWER, 0.95, True, 0.99, True),
        Grade(Decision.ANSWER, Decision.ANSWER, 0.91, False, 0.95, True),
        Grade(Decision.NONE, Decision.CLARIFY, 0.05, False, 0.1, False),
    ]
    low, high = reliability(grades)
    assert (low.n, high.n, high.true) == (1, 2, 0.5)
    assert confusion(grades)[Decision.NONE][Decision.CLARIFY] == 1


def offers(*found: tuple[float, bool]) -> list[Grade]:
    return [
        Grade(Decision.ANSWER, Decision.NONE, offered, among, offered, among)
        for offered, among in found
    ]


def test_the_line_of_an_offer_lies_between_the_right_and_the_vain_ones():
    clear = offers((0.1, False), (0.2, False), (0.6, True), (0.7, True))
    assert 0.2 < best_line(clear, Decision.NONE, taken=1.0, left=1.0) <= 0.6


def test_the_cheaper_an_offer_in_vain_the_lower_lies_the_line():
    mixed = offers((0.1, True), (0.3, False), (0.5, False), (0.7, True))
    assert best_line(mixed, Decision.NONE, taken=0.1, left=1.0) <= 0.1
    assert best_line(mixed, Decision.NONE, taken=1.0, left=1.0) > 0.5
