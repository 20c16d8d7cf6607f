"""docs/conversation.md lists what nlu/domain and the program know, no more and no less."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml

from bot.procedures.aspect import Aspect
from tests.unit.docs.pages import REPOSITORY, section, table

CONVERSATION = "docs/conversation.md"


@cache
def domains() -> tuple[dict[str, Any], ...]:
    files = sorted((REPOSITORY / "nlu" / "domain").glob("*.yml"))
    return tuple(yaml.safe_load(file.read_text("utf-8")) for file in files)


def declared(what: str) -> set[str]:
    """Names under a key of all domain files; an item may carry options."""
    return {
        item if isinstance(item, str) else next(iter(item))
        for domain in domains()
        for item in domain.get(what) or ()
    }


def listed(heading: str) -> list[str]:
    return [row[0].strip("`") for row in table(section(CONVERSATION, heading))]


def holds(heading: str, names: Iterable[str]) -> bool:
    return sorted(listed(heading)) == sorted(names)


def test_every_intent_is_listed():
    assert holds("## Intents", declared("intents"))


def test_every_aspect_is_listed():
    assert holds("## Aspects", (aspect.value for aspect in Aspect))


def test_every_entity_is_listed():
    assert holds("## Entities", declared("entities"))


def test_every_slot_is_listed():
    assert holds("## Slots", declared("slots"))
