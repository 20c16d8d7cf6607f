"""What a complaint is about: the category of a feedback case (phản ánh, kiến nghị) and its subtype.

Learned from the ``metadata`` of report_complaint in nlu/data/feedback. The message gets
``feedback_category``: name, confidence, ranking and, where the category has them, the subtype.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.text_classifier import Example, Guess
from nlu.components.trained import TrainedComponent

FEEDBACK_CATEGORY = "feedback_category"
_COMPLAINT = "report_complaint"
_SUBTYPE = "/"  # improper_demand/forced_vneid: one classifier knows both levels


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FeedbackCategoryClassifier(TrainedComponent):
    """Runs only when the message may be a complaint: other messages pay nothing for it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``least_confidence``: how likely a complaint must be for its category to be read."""
        return {
            "freedom": 30.0,
            "balance": 0.0,
            "sharpness": 1.0,
            "ranking_length": 3,
            "least_confidence": 0.1,
        }

    def examples(self, training_data: TrainingData) -> list[Example]:
        """The complaints that carry a category."""
        return [
            Example(example.get(TEXT), label)
            for example in training_data.intent_examples
            if example.get(INTENT) == _COMPLAINT and (label := _label(example))
        ]

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``feedback_category`` on what may be a complaint."""
        for message in messages:
            if self._classifier and self._may_be_complaint(message):
                guesses = self._classifier.guesses(message.get(TEXT))
                if guesses:
                    category = summarise(guesses, self._config["ranking_length"])
                    message.set(FEEDBACK_CATEGORY, category, add_to_output=True)
        return messages

    def _may_be_complaint(self, message: Message) -> bool:
        least = self._config["least_confidence"]
        return any(
            intent["name"] == _COMPLAINT and intent["confidence"] >= least
            for intent in message.get(INTENT_RANKING_KEY) or ()
        )


def summarise(guesses: Sequence[Guess], ranking_length: int) -> dict[str, Any]:
    """The category out of guesses, likeliest first, that may name a subtype as well.

    A category is as likely as its subtypes together; ``ranking_length`` is in categories.
    """
    totals: dict[str, float] = defaultdict(float)
    for label, confidence in guesses:
        totals[label.partition(_SUBTYPE)[0]] += confidence
    ranking = sorted((Guess(*total) for total in totals.items()), key=lambda guess: -guess[1])
    summary: dict[str, Any] = ranking[0]._asdict()
    summary["ranking"] = [guess._asdict() for guess in ranking[:ranking_length]]
    within = [guess for guess in guesses if guess.name.partition(_SUBTYPE)[0] == summary["name"]]
    subtype = within[0].name.partition(_SUBTYPE)[2]
    if subtype:
        summary["subtype"] = {"name": subtype, "confidence": within[0].confidence}
    return summary


def _label(example: Message) -> str:
    """Category, or category/subtype, from the metadata of the intent or of the example itself."""
    metadata = example.get("metadata") or {}
    told = {**(metadata.get("intent") or {}), **(metadata.get("example") or {})}
    return _SUBTYPE.join(filter(None, (told.get("category"), told.get("subtype"))))
