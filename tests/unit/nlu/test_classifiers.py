"""Intents and feedback categories, learned from a handful of sentences."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.vietnamese import fold
from nlu.components.feedback_category import FeedbackCategoryClassifier, summarise
from nlu.components.intents import VietnameseIntentClassifier, asked
from nlu.components.text_classifier import Example, Guess, TextClassifier, held_out

SENTENCES = {
    "greet": ["xin chào", "chào bạn", "chào buổi sáng", "alo có ai không", "chào em"],
    "ask_procedure": [
        *("làm giấy khai sinh cần gì", "đăng ký kết hôn cần giấy tờ gì", "cấp lại căn cước"),
        *("lệ phí làm hộ chiếu bao nhiêu", "thủ tục đăng ký thường trú"),
    ],
    "report_complaint": [
        *("cán bộ đòi tiền", "cán bộ vòi vĩnh 500 nghìn mới làm", "cán bộ đòi phong bì"),
        *("cán bộ bắt cài vneid mới nhận hồ sơ", "phường bắt phải có vneid"),
        *("không có vneid thì cán bộ không nhận", "cán bộ đòi thêm giấy xác nhận của tổ trưởng"),
        *("đòi thêm giấy tờ ngoài quy định", "bắt nộp thêm giấy ngoài danh mục"),
    ],
}
CATEGORIES = ["bribery"] * 3 + ["improper_demand/forced_vneid"] * 3
CATEGORIES += ["improper_demand/extra_papers"] * 3


@pytest.fixture(scope="module")
def training_data() -> TrainingData:
    examples = [
        Message.build(sentence, intent)
        for intent, sentences in SENTENCES.items()
        if intent != "report_complaint"
        for sentence in sentences
    ]
    for sentence, label in zip(SENTENCES["report_complaint"], CATEGORIES, strict=True):
        category, _, subtype = label.partition("/")
        told = {"category": category, **({"subtype": subtype} if subtype else {})}
        examples.append(Message.build(sentence, "report_complaint", intent_metadata=told))
    return TrainingData(examples)


@pytest.fixture(scope="module")
def trained(
    training_data: TrainingData, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[type[Any]], Any]:
    """Train a component on the sentences above and give it back as a brain loads it."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    context = ExecutionContext(GraphSchema({}), None)

    def train_and_load(component: type[GraphComponent]) -> GraphComponent:
        config = component.get_default_config() | {"name_weight": 0}
        resource = Resource(component.__name__)
        component.create(config, storage, resource, context).train(training_data)
        return component.load(config, storage, resource, context)

    return train_and_load


@pytest.fixture(scope="module")
def pipeline(trained: Callable[[type[Any]], Any]) -> list[Any]:
    fallback = FallbackClassifier(
        {**FallbackClassifier.get_default_config(), "threshold": 0.4, "ambiguity_threshold": 0.05}
    )
    return [trained(VietnameseIntentClassifier), trained(FeedbackCategoryClassifier), fallback]


def understood(pipeline: list[Any], text: str) -> Message:
    message = Message({"text": text})
    for component in pipeline:
        (message,) = component.process([message])
    return message


@pytest.mark.parametrize(
    ("sentence", "intent"),
    [
        ("chào bạn nhé", "greet"),
        ("làm giấy khai sinh cần những gì", "ask_procedure"),
        ("cán bộ đòi tiền của tôi", "report_complaint"),
    ],
)
def test_intents_are_known_with_and_without_diacritics(
    pipeline: list[Any], sentence: str, intent: str
) -> None:
    for typed in (sentence, fold(sentence), sentence.upper()):
        message = understood(pipeline, typed)
        assert message.get("intent")["name"] == intent
        assert message.get("intent_ranking")[0] == message.get("intent")


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b", "!!!", "😀😀", "你好", "\ud800", "_" * 9])
def test_what_says_nothing_is_a_fallback(pipeline: list[Any], nothing: str) -> None:
    assert understood(pipeline, nothing).get("intent")["name"] == "nlu_fallback"


def test_a_story_without_end_is_read_from_its_beginning(pipeline: list[Any]) -> None:
    story = "cán bộ đòi tiền " * 10_000
    assert understood(pipeline, story).get("intent")["name"] == "report_complaint"


def test_a_button_costs_no_classification(pipeline: list[Any]) -> None:
    assert understood(pipeline[:1], "/greet").get("intent_ranking") == []


def test_a_complaint_gets_its_category_and_subtype(pipeline: list[Any]) -> None:
    category = understood(pipeline, "can bo bat phai co vneid").get("feedback_category")
    assert category["name"] == "improper_demand"
    assert category["subtype"]["name"] == "forced_vneid"
    assert category["ranking"][0] == {
        "name": "improper_demand",
        "confidence": category["confidence"],
    }
    assert "subtype" not in understood(pipeline, "cán bộ vòi tiền").get("feedback_category")


def test_other_messages_get_no_category(pipeline: list[Any]) -> None:
    assert understood(pipeline, "xin chào").get("feedback_category") is None


def test_without_categories_in_the_data_nothing_is_learned(
    training_data: TrainingData, tmp_path: Path
) -> None:
    storage, context = LocalModelStorage(tmp_path), ExecutionContext(GraphSchema({}), None)
    config, resource = FeedbackCategoryClassifier.get_default_config(), Resource("none")
    plain = TrainingData([Message.build("xin chào", "greet")])
    FeedbackCategoryClassifier.create(config, storage, resource, context).train(plain)
    component = FeedbackCategoryClassifier.load(config, storage, resource, context)
    message = Message({"intent_ranking": [{"name": "report_complaint", "confidence": 1.0}]})
    assert component.process([message])[0].get("feedback_category") is None


def test_a_category_is_as_likely_as_its_subtypes_together() -> None:
    guesses = [
        Guess("bribery", 0.4),
        Guess("improper_demand/extra_papers", 0.35),
        Guess("improper_demand/forced_vneid", 0.25),
    ]
    summary = summarise(guesses, ranking_length=1)
    assert summary["name"] == "improper_demand"
    assert summary["confidence"] == pytest.approx(0.6)
    assert summary["subtype"] == {"name": "extra_papers", "confidence": 0.35}
    assert len(summary["ranking"]) == 1


@pytest.mark.parametrize("intents", [("greet", "ask_procedure"), tuple(SENTENCES)])
def test_confidences_are_those_of_scikit_learn(intents: tuple[str, ...]) -> None:
    """The few lines that answer in its place must say the same."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from nlu.components.features import both_ways, ngrams, readable

    examples = [Example(text, intent) for intent in intents for text in SENTENCES[intent]]
    seen = both_ways((e.text for e in examples), (e.label for e in examples))
    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=2)
    machine = LogisticRegression(C=30, solver="liblinear", random_state=1)
    machine.fit(vectorizer.fit_transform(list(seen)), np.array(list(seen.values())))
    asked = "cán bộ ơi chào bạn làm giấy khai sinh"
    (expected,) = machine.predict_proba(vectorizer.transform([readable(asked)]))
    ours = dict(TextClassifier.fit(examples, freedom=30).guesses(asked))
    for label, confidence in zip(machine.classes_, expected, strict=True):
        assert ours[label] == pytest.approx(confidence, abs=1e-4)


def test_a_sharper_classifier_says_the_same_more_surely() -> None:
    examples = [Example(text, intent) for intent in SENTENCES for text in SENTENCES[intent]]
    plain, sharp = (TextClassifier.fit(examples, freedom=30, sharpness=s) for s in (1.0, 2.0))
    said, surer = plain.guesses("cán bộ đòi tiền"), sharp.guesses("cán bộ đòi tiền")
    assert [guess.name for guess in said] == [guess.name for guess in surer]
    assert surer[0].confidence > said[0].confidence


def test_a_label_with_few_examples_can_be_weighed_up() -> None:
    few, many = "xin chào anh", "đóng tiền"
    examples = [Example(few, "greet"), *(Example(f"{many} {n}", "other") for n in range(20))]
    odds = [
        dict(TextClassifier.fit(examples, freedom=1, balance=b).guesses(few))["greet"]
        for b in (0.0, 1.0)
    ]
    assert odds[1] > odds[0]


def test_held_out_examples_are_judged_by_who_has_not_seen_them() -> None:
    examples = [
        *(Example(f"xin chào {n}", "greet") for n in range(10)),
        *(Example(f"đóng tiền {n}", "other") for n in range(10)),
        Example("tiền", "other", weight=0.5),
    ]
    guesses = held_out(examples, 3, freedom=30)
    assert [said[0].name for said in guesses[:-1]] == ["greet"] * 10 + ["other"] * 10
    assert guesses[-1] == []


def test_questions_for_procedures_teach_the_intent_in_the_words_of_life() -> None:
    told = asked(0.3)
    assert {example.label for example in told} == {"ask_procedure"}
    assert {example.weight for example in told} == {0.3, 1.0}
    assert len(told) > 4000
