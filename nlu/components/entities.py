"""The facts a message already tells, so that nothing has to be asked twice."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self

import msgspec
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.places import units
from nlu.components.amounts import find_amounts
from nlu.components.aspects import find_aspects
from nlu.components.codes import find_codes
from nlu.components.officials import find_offices, find_roles
from nlu.components.phrases import words_of, written_out
from nlu.components.places import Place, find_places
from nlu.components.times import find_times
from nlu.components.view import Found, View, view

TODAY = "today"  # key of a message's metadata: the ISO date on which the citizen wrote
_PAYLOAD = "/"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VietnameseEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Aspects, codes, phones, amounts, times, places and officials, by lexicon and pattern."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Rasa's way to make a component; the units are read before the first message waits."""
        units()
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
                "start": seen.offsets[found.start],
                "end": seen.offsets[found.end],
                "extractor": self.name,
                **_told(found, text[seen.offsets[found.start] : seen.offsets[found.end]]),
            }
            for found in (*first_come, *find_aspects(seen), *_where_and_who(seen))
        ]


def _where_and_who(seen: View) -> Iterator[Found]:
    words = words_of(seen)
    full_words = written_out(words)
    yield from find_places(seen, words)
    yield from find_offices(full_words)
    yield from find_roles(full_words)


def _told(found: Found, words: str) -> dict[str, Any]:
    """A place's value is the citizen's words, and ``unit`` what they mean."""
    if isinstance(found.value, Place):
        return {"value": words, "unit": msgspec.to_builtins(found.value)}
    return {"value": found.value, **({"date": found.date} if found.date else {})}


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
