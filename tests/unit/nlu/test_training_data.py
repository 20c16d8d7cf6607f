"""The NLU examples: loadable, one sentence one intent, enough of each kind.

Examples are written by hand. What is checked here is what a tired writer gets wrong:
the same sentence under two intents (after folding diacritics, since citizens often
type without them), a forgotten category, decomposed Unicode, a thin intent.
"""

import re
import unicodedata
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

with warnings.catch_warnings():
    # Rasa's own imports warn under our "warnings are errors"; its age is not our data's fault.
    warnings.simplefilter("ignore")
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

NLU_DATA = Path(__file__).parents[3] / "nlu" / "data"

# One folded spelling that two intents must share: "đúng" (right) and "dừng" (stop)
# are both everyday one-word answers. With diacritics they are told apart.
SHARED_WHEN_FOLDED = {"dung"}

FEWEST_PER_INTENT = {
    "greet": 80,
    "goodbye": 80,
    "thank": 80,
    "affirm": 80,
    "deny": 80,
    "cancel": 80,
    "help": 80,
    "ask_human": 80,
    "ask_place": 80,
    "track_feedback": 100,
    "ask_rights": 150,
    "check_dossier": 150,
    "out_of_scope": 200,
    "report_complaint": 350,
    "ask_procedure": 450,
}
FEWEST_PER_CATEGORY = 25
CATEGORIES = {
    "harassment",
    "broker",
    "improper_demand",
    "refusal_reorganisation",
    "delay",
    "attitude",
    "bribery",
    "technical",
    "praise",
    "suggestion",
    "other",
}
SUBTYPES = {
    "forced_vneid",
    "address_confirmation",
    "extra_papers",
    "paper_copy_of_online",
}


class Example(NamedTuple):
    """One sentence with what it is an example of, and the file that says so."""

    text: str
    intent: str
    category: str | None
    subtype: str | None
    annotated: bool
    file: str


def nlu_files() -> list[Path]:
    """Every file under nlu/data with an ``nlu:`` section (rules live beside them)."""
    return [
        path
        for path in sorted(NLU_DATA.rglob("*.yml"))
        if re.search(r"^nlu:", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def read(path: Path) -> list[Example]:
    """The examples of one file, with the intent's metadata as Rasa hands it on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        messages = RasaYAMLReader().read(str(path)).intent_examples
    found = []
    for message in messages:
        about = (message.get("metadata") or {}).get("intent") or {}
        found.append(
            Example(
                message.get("text"),
                message.get("intent"),
                about.get("category"),
                about.get("subtype"),
                bool(message.get("entities")),
                path.name,
            )
        )
    return found


def fold(text: str) -> str:
    """Lower case without diacritics (đ → d) and without punctuation."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", letters)) or letters


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [example for path in nlu_files() for example in read(path)]


def test_no_sentence_is_an_example_of_two_intents(examples: list[Example]) -> None:
    intents = defaultdict(set)
    for example in examples:
        intents[fold(example.text)].add(example.intent)
    shared = {text: sorted(names) for text, names in intents.items() if len(names) > 1}
    assert set(shared) <= SHARED_WHEN_FOLDED, shared


def test_no_complaint_is_an_example_of_two_categories(examples: list[Example]) -> None:
    labels = defaultdict(set)
    for example in examples:
        if example.intent == "report_complaint":
            labels[fold(example.text)].add((example.category, example.subtype))
    shared = {text: names for text, names in labels.items() if len(names) > 1}
    assert not shared


def test_no_intent_says_the_same_sentence_twice(examples: list[Example]) -> None:
    times = Counter((example.intent, example.text.lower()) for example in examples)
    assert not [sentence for sentence, count in times.items() if count > 1]


@pytest.mark.parametrize(("intent", "fewest"), FEWEST_PER_INTENT.items())
def test_an_intent_has_enough_examples(examples: list[Example], intent: str, fewest: int) -> None:
    assert sum(example.intent == intent for example in examples) >= fewest


def test_only_known_intents_are_taught(examples: list[Example]) -> None:
    assert {example.intent for example in examples} == set(FEWEST_PER_INTENT)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_a_feedback_category_has_enough_examples(examples: list[Example], category: str) -> None:
    assert sum(example.category == category for example in examples) >= FEWEST_PER_CATEGORY


@pytest.mark.parametrize("subtype", sorted(SUBTYPES))
def test_an_improper_demand_subtype_has_enough_examples(
    examples: list[Example], subtype: str
) -> None:
    told = [example for example in examples if example.subtype == subtype]
    assert len(told) >= FEWEST_PER_CATEGORY
    assert {example.category for example in told} == {"improper_demand"}


def test_every_complaint_has_a_known_category_except_bare_openings(examples: list[Example]) -> None:
    """ "Tôi muốn phản ánh" tells no category, so its file names none."""
    for example in examples:
        if example.file == "report_complaint.yml" or example.intent != "report_complaint":
            assert example.category is None, example
        else:
            assert example.category in CATEGORIES, example
            assert (example.category == "improper_demand") == (example.subtype in SUBTYPES)


def test_examples_are_composed_unicode_without_annotations(examples: list[Example]) -> None:
    """Entities are found by lexicons and patterns, not by annotated examples."""
    assert not [e for e in examples if not unicodedata.is_normalized("NFC", e.text)]
    assert not [e for e in examples if e.annotated]


def test_every_intent_is_also_typed_without_diacritics(examples: list[Example]) -> None:
    plain = Counter(e.intent for e in examples if fold(e.text) == e.text.lower())
    assert min(plain[intent] for intent in FEWEST_PER_INTENT) >= 5, plain
