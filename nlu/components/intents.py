"""The intent of a message, with a probability that means what it says."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.procedures.asked import load_asked
from bot.procedures.everyday_names import load_everyday_names
from nlu.components.text_classifier import Example
from nlu.components.trained import TrainedComponent

_PROCEDURE = "ask_procedure"
_PAYLOAD = "/"  # a button's /intent{"entity": "value"}; Rasa reads it behind the pipeline


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VietnameseIntentClassifier(TrainedComponent, IntentClassifier):
    """Featurizes and classifies in one go: Rasa's feature objects would cost more than both."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``ranking_length``: how many intents a message keeps; ``name_weight``: see ``asked``.

        ``name_weight`` 0 leaves out what is asked of the search, for tests with few sentences.
        """
        return {
            "freedom": 30.0,
            "balance": 0.7,
            "sharpness": 1.0,
            "ranking_length": 5,
            "name_weight": 0.3,
        }

    def examples(self, training_data: TrainingData) -> list[Example]:
        """Every example under nlu/data with its intent, and what the search of procedures knows."""
        return intent_examples(training_data, self._config["name_weight"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking; a text that says nothing gets no intent and no confidence."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            likeliest = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, likeliest, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._classifier is None or text.startswith(_PAYLOAD):
            return []
        guesses = self._classifier.guesses(text)[: self._config["ranking_length"]]
        return [guess._asdict() for guess in guesses]


def intent_examples(training_data: TrainingData, name_weight: float) -> list[Example]:
    """What the intents are learned from."""
    written = [
        Example(example.get(TEXT), example.get(INTENT))
        for example in training_data.intent_examples
        if example.get(TEXT) and example.get(INTENT)
    ]
    return [*(asked(name_weight) if name_weight else ()), *written]


def asked(name_weight: float) -> list[Example]:
    """What people say who ask for a procedure: the questions and names that the search learns from.

    "mất bằng lái" tells of a misfortune in the words of a complaint; only who knows the procedures
    hears the question in it. Names are many and no sentences, so each counts ``name_weight``.
    """
    names = {name for some in load_everyday_names().values() for name in some}
    return [
        *(Example(name, _PROCEDURE, name_weight) for name in sorted(names)),
        *(Example(row.text, _PROCEDURE) for row in load_asked() if row.codes),
    ]
