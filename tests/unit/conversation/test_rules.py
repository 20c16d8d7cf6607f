"""The quick rule policy decides as Rasa's own does."""

from pathlib import Path

import pytest
import yaml

from bot.conversation.model_file import ROOT
from bot.conversation.rules import IntentRulePolicy

RULES = sorted((ROOT / "nlu" / "data").rglob("rules.yml"))


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.parent.name)
def test_no_rule_speaks_of_the_words_of_a_message(file: Path):
    for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]:
        assert not any("user" in step for step in rule["steps"]), rule["rule"]


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.parent.name)
def test_a_rule_is_one_intent_and_one_action(file: Path):
    for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]:
        assert [next(iter(step)) for step in rule["steps"]] == ["intent", "action"], rule["rule"]


def test_a_rule_is_read_once_and_as_it_stands():
    key = '[{"user": {"intent": "greet"}, "prev_action": {"action_name": "action_listen"}}]'
    read = IntentRulePolicy._rule_key_to_state(key)
    assert read[0]["user"] == {"intent": "greet"}
    assert IntentRulePolicy._rule_key_to_state(key) is read
