"""The evaluation sets keep the shapes, labels and proportions that their README promises."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.procedures.aspect import Aspect
from bot.vietnamese import fold

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
DIALOGUES: list[dict[str, Any]] = yaml.safe_load(
    (SETS / "dialogues.yml").read_text(encoding="utf-8")
)


def test_the_columns_are_those_of_the_contract():
    assert list(INTENTS[0]) == ["id", "text", "intent", "detail"]
    assert list(PROCEDURES[0]) == ["id", "text", "kind", "codes", "aspects"]


@pytest.mark.parametrize("rows", [INTENTS, PROCEDURES], ids=["intents", "procedures"])
def test_every_row_has_its_own_id_and_its_own_words(rows):
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({fold(row["text"]) for row in rows}) == len(rows)
    assert all(row["text"].strip() == row["text"] != "" for row in rows)


@pytest.mark.parametrize("rows", [INTENTS, PROCEDURES], ids=["intents", "procedures"])
def test_about_two_in_five_are_typed_without_diacritics(rows):
    assert 0.35 <= share_without_diacritics(rows) <= 0.48


def test_every_intent_of_the_design_is_there_often_enough():
    counts = Counter(row["intent"] for row in INTENTS)
    assert set(counts) == set(LEAST_OF_INTENT)
    assert {i: n for i, n in LEAST_OF_INTENT.items() if counts[i] < n} == {}
    assert len(INTENTS) >= 520


def test_every_category_of_a_complaint_is_there_often_enough():
    # An empty detail is the bare announcement of a report: nothing to classify yet.
    details = Counter(row["detail"] for row in INTENTS if row["intent"] == "report_complaint")
    assert set(details) - {""} == set(LEAST_OF_CATEGORY)
    assert {c: n for c, n in LEAST_OF_CATEGORY.items() if details[c] < n} == {}


def test_procedure_questions_name_known_aspects_once_and_the_rest_no_detail():
    for row in INTENTS:
        if row["intent"] == "ask_procedure":
            assert_aspects(row["detail"])
        elif row["intent"] != "report_complaint":
            assert row["detail"] == ""
    asked = {aspect for row in INTENTS for aspect in parts(row["detail"])}
    assert asked >= ASPECTS


def assert_aspects(cell: str) -> None:
    aspects = parts(cell)
    assert set(aspects) <= ASPECTS
    assert len(set(aspects)) == len(aspects)


def test_questions_are_answered_clarified_or_refused_in_the_planned_proportion():
    shares = Counter(row["kind"] for row in PROCEDURES)
    assert len(PROCEDURES) >= 240
    assert set(shares) == {"answer", "clarify", "none"}
    assert shares["answer"] / len(PROCEDURES) == pytest.approx(0.60, abs=0.05)
    assert shares["clarify"] / len(PROCEDURES) == pytest.approx(0.22, abs=0.05)
    assert shares["none"] / len(PROCEDURES) == pytest.approx(0.18, abs=0.05)


def test_an_answer_has_a_code_a_clarification_a_choice_and_nothing_else_has_codes():
    least = {"answer": 1, "clarify": 2, "none": 0}
    for row in PROCEDURES:
        codes = parts(row["codes"])
        assert len(set(codes)) == len(codes) >= least[row["kind"]], row["id"]
        assert (row["kind"] == "none") == (not codes), row["id"]
        assert_aspects(row["aspects"])


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official records (../shared) are not here")
def test_every_code_is_an_official_one_open_to_the_public():
    with gzip.open(OFFICIAL, "rt", encoding="utf-8") as lines:
        kinds = {r["code"].strip(): r["detail"]["type"] for r in map(json.loads, lines)}
    used = {code for row in PROCEDURES for code in parts(row["codes"])}
    assert used - set(kinds) == set()
    assert {code for code in used if kinds[code] == "STANDARD_INTERNAL"} == set()


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
