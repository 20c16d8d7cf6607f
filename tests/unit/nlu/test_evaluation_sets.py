"""The evaluation sets keep the shapes, labels and proportions that their README promises."""

import gzip
import json
import re
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.evaluation.entities import KINDS
from bot.places import units
from bot.procedures.aspect import Aspect
from bot.procedures.everyday_names import load_everyday_names
from bot.vietnamese import fold, words
from nlu.components.phrases import read_table
from tests.unit.nlu.test_training_data import nlu_files, read

ROOT = Path(__file__).parents[3]
SETS = ROOT / "nlu" / "evaluation"
OFFICIAL = ROOT.parent / "shared" / "data" / "official-procedures.jsonl.gz"

SUBTYPES = ("forced_vneid", "address_confirmation", "extra_papers", "paper_copy_of_online")
LEAST_OF_CATEGORY = {
    **dict.fromkeys(("harassment", "broker", "refusal_reorganisation", "delay", "attitude"), 8),
    **dict.fromkeys(("bribery", "technical", "praise", "suggestion", "other"), 8),
    **{f"improper_demand/{subtype}": 6 for subtype in SUBTYPES},
}
LEAST_OF_INTENT = {
    **dict.fromkeys(("greet", "goodbye", "thank", "affirm", "deny", "cancel", "help"), 20),
    **dict.fromkeys(("ask_human", "track_feedback", "ask_place"), 20),
    **{"ask_procedure": 90, "report_complaint": 120, "check_dossier": 45},
    **{"ask_rights": 40, "out_of_scope": 45},
}
LEAST_OF_CATEGORY_AFRESH = {category: 4 if "/" in category else 2 for category in LEAST_OF_CATEGORY}
LEAST_OF_INTENT_AFRESH = {
    **dict.fromkeys(LEAST_OF_INTENT, 14),
    **{"ask_procedure": 45, "report_complaint": 45},
}
ASPECTS = {aspect.value for aspect in Aspect}


def table(name: str) -> list[dict[str, str]]:
    """The rows of a tab-separated file; every line must have as many cells as the header."""
    lines = (SETS / name).read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


def parts(cell: str) -> list[str]:
    return cell.split(",") if cell else []


def share_without_diacritics(rows: list[dict[str, str]]) -> float:
    return sum(fold(row["text"]) == row["text"].lower() for row in rows) / len(rows)


INTENTS = table("intents.tsv")
PROCEDURES = table("procedures.tsv")
FRESH_INTENTS = table("fresh-intents.tsv")
FRESH_PROCEDURES = table("fresh-procedures.tsv")
BLIND_PROCEDURES = table("blind-procedures.tsv")
SECOND_BLIND_PROCEDURES = table("second-blind-procedures.tsv")
THIRD_BLIND_PROCEDURES = table("third-blind-procedures.tsv")
ALL_INTENTS = {"intents": INTENTS, "fresh-intents": FRESH_INTENTS}
ALL_PROCEDURES = {
    "procedures": PROCEDURES,
    "fresh-procedures": FRESH_PROCEDURES,
    "blind-procedures": BLIND_PROCEDURES,
    "second-blind-procedures": SECOND_BLIND_PROCEDURES,
    "third-blind-procedures": THIRD_BLIND_PROCEDURES,
}
ENTITIES = table("entities.tsv")
FRESH_ENTITIES = table("fresh-entities.tsv")
HOSTILE = table("hostile.tsv")
ALL_ENTITIES = {"entities": ENTITIES, "fresh-entities": FRESH_ENTITIES}
ALL = ALL_INTENTS | ALL_PROCEDURES | ALL_ENTITIES
DIALOGUES: list[dict[str, Any]] = yaml.safe_load(
    (SETS / "dialogues.yml").read_text(encoding="utf-8")
)


def over(tables: dict[str, list[dict[str, str]]]) -> pytest.MarkDecorator:
    """Run a check once for each of these tables, under the table's name."""
    return pytest.mark.parametrize("rows", list(tables.values()), ids=list(tables))


@over(ALL_INTENTS)
def test_the_columns_of_utterances_are_those_of_the_contract(rows):
    assert list(rows[0]) == ["id", "text", "intent", "detail"]


@over(ALL_PROCEDURES)
def test_the_columns_of_questions_are_those_of_the_contract(rows):
    assert list(rows[0]) == ["id", "text", "kind", "codes", "aspects"]


@over(ALL)
def test_every_row_has_its_own_id_and_its_own_words(rows):
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({fold(row["text"]) for row in rows}) == len(rows)
    assert all(row["text"].strip() == row["text"] != "" for row in rows)


@over(ALL)
def test_about_two_in_five_are_typed_without_diacritics(rows):
    assert 0.35 <= share_without_diacritics(rows) <= 0.48


@pytest.mark.parametrize(
    ("rows", "least", "together"),
    [(INTENTS, LEAST_OF_INTENT, 520), (FRESH_INTENTS, LEAST_OF_INTENT_AFRESH, 300)],
    ids=list(ALL_INTENTS),
)
def test_every_intent_of_the_design_is_there_often_enough(rows, least, together):
    counts = Counter(row["intent"] for row in rows)
    assert set(counts) == set(least)
    assert {i: n for i, n in least.items() if counts[i] < n} == {}
    assert len(rows) >= together


@pytest.mark.parametrize(
    ("rows", "least"),
    [(INTENTS, LEAST_OF_CATEGORY), (FRESH_INTENTS, LEAST_OF_CATEGORY_AFRESH)],
    ids=list(ALL_INTENTS),
)
def test_every_category_of_a_complaint_is_there_often_enough(rows, least):
    # An empty detail is the bare announcement of a report: nothing to classify yet.
    details = Counter(row["detail"] for row in rows if row["intent"] == "report_complaint")
    assert set(details) - {""} == set(least)
    assert {c: n for c, n in least.items() if details[c] < n} == {}


@over(ALL_INTENTS)
def test_procedure_questions_name_known_aspects_once_and_the_rest_no_detail(rows):
    for row in rows:
        if row["intent"] == "ask_procedure":
            assert_aspects(row["detail"])
        elif row["intent"] != "report_complaint":
            assert row["detail"] == ""
    asked = {aspect for row in rows for aspect in parts(row["detail"])}
    assert asked >= ASPECTS


def assert_aspects(cell: str) -> None:
    aspects = parts(cell)
    assert set(aspects) <= ASPECTS
    assert len(set(aspects)) == len(aspects)


@pytest.mark.parametrize(
    ("rows", "together", "planned"),
    [
        (PROCEDURES, 240, (0.60, 0.22, 0.18)),
        (FRESH_PROCEDURES, 160, (0.66, 0.19, 0.16)),
        (BLIND_PROCEDURES, 160, (0.62, 0.22, 0.16)),
        (SECOND_BLIND_PROCEDURES, 150, (0.64, 0.20, 0.16)),
        (THIRD_BLIND_PROCEDURES, 170, (0.46, 0.46, 0.09)),
    ],
    ids=list(ALL_PROCEDURES),
)
def test_questions_are_answered_clarified_or_refused_in_the_planned_proportion(
    rows, together, planned
):
    kinds = Counter(row["kind"] for row in rows)
    assert len(rows) >= together
    assert set(kinds) == {"answer", "clarify", "none"}
    shares = [kinds[kind] / len(rows) for kind in ("answer", "clarify", "none")]
    assert shares == pytest.approx(planned, abs=0.05)


@over(ALL_PROCEDURES)
def test_an_answer_has_a_code_a_clarification_a_choice_and_nothing_else_has_codes(rows):
    least = {"answer": 1, "clarify": 2, "none": 0}
    for row in rows:
        codes = parts(row["codes"])
        assert len(set(codes)) == len(codes) >= least[row["kind"]], row["id"]
        assert (row["kind"] == "none") == (not codes), row["id"]
        assert_aspects(row["aspects"])


@pytest.fixture(scope="module")
def official_kinds() -> dict[str, str]:
    """The kind of every official record by its code."""
    with gzip.open(OFFICIAL, "rt", encoding="utf-8") as lines:
        return {r["code"].strip(): r["detail"]["type"] for r in map(json.loads, lines)}


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official records (../shared) are not here")
@over(ALL_PROCEDURES)
def test_every_code_is_an_official_one_open_to_the_public(rows, official_kinds):
    used = {code for row in rows for code in parts(row["codes"])}
    assert used - set(official_kinds) == set()
    assert {code for code in used if official_kinds[code] == "STANDARD_INTERNAL"} == set()


@over(ALL_ENTITIES)
def test_the_columns_of_what_is_told_are_the_kinds_of_facts(rows):
    assert list(rows[0]) == ["id", "text", "on", *KINDS]
    assert {kind for row in rows for kind in KINDS if row[kind]} == set(KINDS)
    assert sum(not any(row[kind] for kind in KINDS) for row in rows) >= 5, "what tells nothing"


@over(ALL_ENTITIES)
def test_offices_and_roles_are_those_that_the_tables_name(rows):
    for kind, name in (("office", "offices.tsv"), ("role", "roles.tsv")):
        known = {meaning for meaning, _ in read_table(name)}
        assert {one for row in rows for one in facts_in(row[kind])} - known == set()


@over(ALL_ENTITIES)
def test_places_are_units_of_today(rows):
    known = {province.name for province in units().provinces}
    known |= {commune.name for commune in units().communes}
    places = [one for row in rows for one in facts_in(row["place"])]
    named = {re.sub(r" \(.*", "", one) for place in places for one in place.split(" | ")}
    assert named - known == set()


def test_hostile_messages_are_many_and_none_of_them_asks_for_a_procedure():
    assert len(HOSTILE) >= 190
    assert {row["kind"] for row in HOSTILE} == {"none"}
    assert len({row["text"] for row in HOSTILE}) == len(HOSTILE)
    assert max(len(row["text"]) for row in HOSTILE) > 4_500


def facts_in(cell: str) -> list[str]:
    return [fact.strip() for fact in cell.split(";") if fact]


def said(text: str) -> str:
    """A text's words alone: two texts that differ only in case, diacritics or signs are one."""
    return " ".join(words(fold(text))) or text


def asked_to_learn_from() -> list[str]:
    """The questions that the search learns its ranking from."""
    learnt = resources.files("bot.procedures") / "data" / "search-questions.tsv"
    header, *lines = learnt.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[header.split("\t").index("text")] for line in lines]


@pytest.fixture(scope="module")
def already_seen() -> set[str]:
    """Every sentence that something is trained or tuned on, and the rows of the older sets."""
    examples = [example.text for path in nlu_files() for example in read(path)]
    names = [name for some in load_everyday_names().values() for name in some]
    older = [row["text"] for row in (*INTENTS, *PROCEDURES)]
    return {said(text) for text in (*examples, *names, *asked_to_learn_from(), *older)}


@over(
    {
        "fresh-intents": FRESH_INTENTS,
        "fresh-procedures": FRESH_PROCEDURES,
        "blind-procedures": BLIND_PROCEDURES,
        "second-blind-procedures": SECOND_BLIND_PROCEDURES,
        "third-blind-procedures": THIRD_BLIND_PROCEDURES,
    }
)
def test_a_fresh_row_is_no_sentence_that_anything_was_trained_or_tuned_on(rows, already_seen):
    assert {row["id"]: row["text"] for row in rows if said(row["text"]) in already_seen} == {}


def test_no_fresh_row_stands_in_both_fresh_sets():
    utterances = {said(row["text"]) for row in FRESH_INTENTS}
    assert utterances & {said(row["text"]) for row in FRESH_PROCEDURES} == set()


def test_dialogues_are_many_and_distinct():
    assert len(DIALOGUES) >= 25
    assert len({dialogue["id"] for dialogue in DIALOGUES}) == len(DIALOGUES)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["id"])
def test_a_dialogue_begins_with_the_citizen_and_expects_words_in_folded_form(dialogue):
    assert set(dialogue) == {"id", "goal", "turns"}
    assert "user" in dialogue["turns"][0]
    assert "expect" in dialogue["turns"][-1]
    for turn in dialogue["turns"]:
        assert_turn(turn)


def assert_turn(turn: dict[str, Any]) -> None:
    if "user" in turn:
        assert set(turn) == {"user"}
        return
    assert set(turn) <= {"expect", "must_contain_any", "must_not_contain"}
    keys = [*turn.get("must_contain_any", []), *turn.get("must_not_contain", [])]
    assert keys, "an expectation must hold something"
    assert keys == [fold(key) for key in keys]
