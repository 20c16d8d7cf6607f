"""The facts a message already tells, so that nothing has to be asked twice."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.amounts import find_amounts
from nlu.components.aspects import find_aspects
from nlu.components.codes import find_codes
from nlu.components.times import find_times
from nlu.components.view import Found, view

TODAY = "today"  # key of a message's metadata: the ISO date on which the citizen wrote
_PAYLOAD = "/"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VietnameseEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Aspects, codes, phone numbers, amounts and times, by lexicon and pattern."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Rasa's way to make a component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities, with offsets into the text as it was typed."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith(_PAYLOAD):
                found = self._entities(text, _today(message.get("metadata")))
                message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)
        return messages

    def _entities(self, text: str, today: date | None) -> list[dict[str, Any]]:
        seen = view(text)
        first_come = _disjoint([*find_codes(seen), *find_amounts(seen), *find_times(seen, today)])
        return [
            {
                "entity": found.entity,
                "value": found.value,
                "start": seen.offsets[found.start],
                "end": seen.offsets[found.end],
                "extractor": self.name,
                **({"date": found.date} if found.date else {}),
            }
            for found in (*first_come, *find_aspects(seen))
        ]


def _disjoint(candidates: Iterable[Found]) -> list[Found]:
    """Without those that overlap an earlier one: the digits of a code are no phone number."""
    kept: list[Found] = []
    for found in candidates:
        if all(found.end <= other.start or other.end <= found.start for other in kept):
            kept.append(found)
    return kept


def _today(metadata: dict[str, Any] | None) -> date | None:
    try:
        return date.fromisoformat((metadata or {})[TODAY])
    except (KeyError, TypeError, ValueError):
        return None
