"""The intent of a message, with a probability that means what it says."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.trained import TrainedComponent

_PAYLOAD = "/"  # a button's /intent{"entity": "value"}; Rasa reads it behind the pipeline


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VietnameseIntentClassifier(TrainedComponent, IntentClassifier):
    """Featurizes and classifies in one go: Rasa's feature objects would cost more than both."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``ranking_length``: how many intents a message keeps."""
        return {"freedom": 30.0, "ranking_length": 5}

    def labels(self, training_data: TrainingData) -> dict[str, str]:
        """Every example under nlu/data with its intent."""
        return {
            example.get(TEXT): example.get(INTENT)
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        }

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
