"""Understanding is scored as the contract says, also where a message was half understood."""

from bot.evaluation.intents import (
    Understood,
    Utterance,
    category_pairs,
    intent_result,
    measure_intents,
    stripped,
    understood,
)
from tests.unit.evaluation.talking import ScriptedAssistant

PARSE = {
    "intent": {"name": "nlu_fallback", "confidence": 0.6},
    "intent_ranking": [
        {"name": "nlu_fallback", "confidence": 0.6},
        {"name": "report_complaint", "confidence": 0.45},
    ],
    "feedback_category": {"name": "improper_demand", "subtype": {"name": "forced_vneid"}},
    "entities": [
        {"entity": "aspect", "value": "fee,place"},
        {"entity": "aspect", "value": "fee"},
        {"entity": "phone", "value": "0912345678"},
    ],
}


def a_complaint(category: str = "", subtype: str = "") -> Utterance:
    return Utterance("c", "họ bắt phải có VNeID", "report_complaint", category, subtype)


def heard_as(intent: str, **detail) -> Understood:
    return Understood(intent, intent, 0.9, **detail)


def test_a_parse_is_read_for_what_is_scored():
    got = understood(PARSE)
    assert (got.intent, got.likeliest, got.confidence) == ("nlu_fallback", "report_complaint", 0.45)
    assert (got.category, got.subtype) == ("improper_demand", "forced_vneid")
    assert got.aspects == ("fee", "place")


def test_a_parse_that_understood_nothing_is_read_too():
    got = understood({"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []})
    assert got == Understood("", "", 0.0)


def test_the_category_counts_whether_or_not_the_intent_was_heard():
    result = intent_result(
        [
            (a_complaint("delay"), heard_as("check_dossier", category="delay")),
            (a_complaint("delay"), heard_as("check_dossier")),
            (a_complaint(), heard_as("report_complaint", category="praise")),
        ]
    )
    assert result.figures["category_accuracy"].value == 0.5
    assert result.figures["category_accuracy"].of == 2
    assert result.figures["accuracy"].value == 1 / 3


def test_a_subtype_is_right_with_its_category_only():
    demand = a_complaint("improper_demand", "extra_papers")
    right = heard_as("report_complaint", category="improper_demand", subtype="extra_papers")
    other = heard_as("report_complaint", category="improper_demand", subtype="forced_vneid")
    figures = intent_result([(demand, right), (demand, other)]).figures
    assert figures["category_accuracy"].value == 1
    assert figures["subtype_accuracy"].value == 0.5
    assert category_pairs([(demand, other)]) == [
        ("improper_demand/extra_papers", "improper_demand/forced_vneid")
    ]


def test_aspects_count_only_where_they_are_given():
    asked = Utterance("a", "lệ phí bao nhiêu", "ask_procedure", aspects=("fee",))
    overview = Utterance("b", "làm khai sinh", "ask_procedure")
    got = heard_as("ask_procedure", aspects=("fee", "place"))
    result = intent_result([(asked, got), (overview, got)])
    assert result.figures["aspect_f1"].of == 1
    assert round(result.figures["aspect_f1"].value, 3) == 0.667
    assert [row[0] for row in result.wrong.rows] == ["a"]


def test_the_two_ways_of_typing_are_told_apart():
    rows = [
        (Utterance("1", "chào bạn", "greet"), heard_as("greet")),
        (Utterance("2", "chao ban", "greet"), heard_as("thank")),
    ]
    figures = intent_result(rows).figures
    assert figures["accuracy_with_diacritics"].value == 1
    assert figures["accuracy_without_diacritics"].value == 0


def test_the_same_sentences_are_heard_again_without_their_diacritics():
    rows = [Utterance("a", "Xin chào", "greet"), Utterance("b", "xin chao", "greet")]
    assert [(row.id, row.text) for row in stripped(rows)] == [("a", "xin chao")]
    result = intent_result([(rows[0], heard_as("greet"))], [(rows[0], heard_as("deny"))])
    assert result.figures["macro_f1"].value == 1
    assert result.figures["macro_f1_stripped"].value == 0


def test_the_summary_has_the_keys_of_the_contract():
    result = intent_result([(Utterance("1", "chào", "greet"), heard_as("greet"))])
    summary = result.summary()
    assert {"n", "accuracy", "macro_f1", "category_accuracy", "aspect_f1"} <= summary.keys()
    assert (summary["n"], summary["accuracy"], summary["category_accuracy"]) == (1, 1.0, None)


async def test_every_message_is_understood_once():
    rows = [Utterance("1", "chào", "greet"), Utterance("2", "tạm biệt", "goodbye")]
    heard = await measure_intents(rows, ScriptedAssistant({}, PARSE))
    assert [row.id for row, _ in heard] == ["1", "2"]
