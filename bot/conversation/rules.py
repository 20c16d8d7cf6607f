"""Rasa's RulePolicy for rules that speak of intents alone, which costs a third of the original."""

import json
from functools import cache

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker


@cache
def _read_rule(rule_key: str) -> list[State]:
    states: list[State] = json.loads(rule_key)
    return states


Found = tuple[str | None, str | None, bool]  # the action, the rule, back from an unhappy path


class IntentRulePolicy(RulePolicy):
    """Takes the place of a trained RulePolicy when the model is loaded to predict.

    It reads each rule once, not at every prediction, and looks for none by the message's text:
    rules of the kind ``- user: "some words"`` would never apply, and nlu/data has none.
    """

    @staticmethod
    def _rule_key_to_state(rule_key: str) -> list[State]:
        return _read_rule(rule_key)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        if use_text_for_last_user_input:
            return None, None, False
        found: Found = super()._find_action_from_rules(tracker, domain, False)
        return found
