"""The domain and the actions agree: nothing is said that is not written, nothing promised."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions import (
    arriving,
    conversation,
    dossiers,
    following,
    following_acts,
    places,
    procedures,
    registry,
    rights,
    speaking,
    telling_offer,
    telling_speech,
)
from actions.registry import build_actions
from actions.rights import load_topics
from actions.services import Services
from actions.telling import QUESTIONS_FILE
from bot.procedures.answers import BUDGET
from tests.unit.actions.acting import a_catalogue

SPEAKING = (
    *(conversation, dossiers, following, following_acts, places, procedures, registry, rights),
    *(arriving, speaking),
    telling_speech,
    telling_offer,
)
NLU = Path(__file__).parents[3] / "nlu"
RULES = [
    rule
    for file in sorted(NLU.glob("data/**/rules.yml"))
    for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]
]


def domain(section: str) -> dict[str, Any]:
    """Read one section of the domain over all its files; lists become keys."""
    found: dict[str, Any] = {}
    for file in sorted(NLU.glob("domain/*.yml")):
        part = yaml.safe_load(file.read_text("utf-8")).get(section, {})
        pairs = (
            part
            if isinstance(part, dict)
            else {
                name: options
                for entry in part
                for name, options in (entry if isinstance(entry, dict) else {entry: None}).items()
            }
        )
        assert not found.keys() & pairs.keys(), f"{file.name} repeats {section}"
        found |= pairs
    return found


RESPONSES = {name: variants[0] for name, variants in domain("responses").items()}


def test_the_intents_are_those_of_the_design():
    named = (
        "greet goodbye thank affirm deny cancel help ask_human ask_procedure check_dossier "
        "report_complaint track_feedback ask_place ask_rights out_of_scope nlu_fallback"
    )
    assert " ".join(sorted(domain("intents"))) == " ".join(sorted(named.split()))


def test_every_intent_has_exactly_one_rule():
    intents = [rule["steps"][0]["intent"] for rule in RULES]
    assert sorted(intents) == sorted(domain("intents"))


def test_rules_domain_and_program_name_the_same_actions():
    built = {action.name() for action in build_actions(Services(a_catalogue()))}
    assert built == set(domain("actions")) == {rule["steps"][1]["action"] for rule in RULES}


def test_every_response_that_is_said_is_written_and_every_written_one_is_said():
    source = "".join(Path(module.__file__).read_text("utf-8") for module in SPEAKING)
    said = set(re.findall(r"utter_\w+", source)) - {"utter_message"}
    said |= {topic.response for topic in (*load_topics(), *load_topics(QUESTIONS_FILE))}
    assert said == set(RESPONSES)


@pytest.mark.parametrize("name", RESPONSES)
def test_responses_fit_one_message_and_name_no_variable_that_nobody_fills(name):
    text = RESPONSES[name]["text"]
    assert len(text) < BUDGET
    assert set(re.findall(r"\{(\w+)\}", text)) <= {
        "contact",
        "hotline",
        "choices",
        "topics",
        "said",
        "now",
        "place",
        "summary",
        "consent",
        "story",
        "code",
        "spoken",
        "number",
        "read_by",
        "answered_by",
        *("case", "wait", "group", "count", "files", "rating"),
        "codes",
    }


@pytest.mark.parametrize("name", [name for name in RESPONSES if name.startswith("utter_rights_")])
def test_every_right_names_its_source(name):
    assert name == "utter_rights_known_topics" or "\nNguồn: " in RESPONSES[name]["text"]


def test_no_response_holds_a_hotline_number_or_sends_to_a_district():
    for response in RESPONSES.values():
        assert not re.search(r"1022|1800|1900|0\d{9}", response["text"])
        assert not re.search(r"\b(huyện|quận)\b", response["text"])


def test_buttons_lead_to_intents_with_short_titles():
    for response in RESPONSES.values():
        for button in response.get("buttons", ()):
            assert len(button["title"]) <= 40
            assert re.match(r"/(\w+)", button["payload"]).group(1) in domain("intents")


def test_nothing_steers_the_rules_but_the_intent():
    assert all(slot["influence_conversation"] is False for slot in domain("slots").values())
