"""A talk with the actions as the brain calls them, without Rasa: the test says what was understood.

Each message is one transaction; slots live from one message to the next; a pick is pressed.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import read_payload
from actions.registry import build_actions
from actions.services import Services
from bot.storage.unit_of_work import unit_of_work
from nlu.components.codes import find_codes
from nlu.components.view import view

_DOMAIN = Path(__file__).parents[2] / "nlu" / "domain"


@cache
def responses() -> Mapping[str, str]:
    """The text of every response of the domain."""
    return {
        name: variants[0]["text"]
        for file in _DOMAIN.glob("*.yml")
        for name, variants in yaml.safe_load(file.read_text("utf-8")).get("responses", {}).items()
    }


class Talk:
    """One conversation; ``said`` is what the last message was answered with."""

    def __init__(self, services: Services, engine, conversation: str) -> None:
        self._actions = {action.name(): action for action in build_actions(services)}
        self._engine = engine
        self.conversation = conversation
        self.slots: dict[str, Any] = {}
        self.messages: list[Mapping[str, Any]] = []

    @property
    def said(self) -> str:
        return "\n".join(
            message.get("text")
            or responses()[message["response"]].format_map({"hotline": "", **message})
            for message in self.messages
        )

    @property
    def offered(self) -> dict[str, str]:
        return {b["title"]: b["payload"] for m in self.messages for b in m.get("buttons") or ()}

    @property
    def facts(self) -> Mapping[str, Any]:
        return next((m["custom"] for m in reversed(self.messages) if m.get("custom")), {})

    async def says(
        self,
        text: str,
        intent: str = "nlu_fallback",
        *,
        files: Sequence[str] = (),
        sure: float = 0.9,
    ) -> str:
        """Say something in words, understood as an intent, more or less surely."""
        codes = [{"entity": each.entity, "value": each.value} for each in find_codes(view(text))]
        await self._turn(text, (intent, sure), codes, files)
        return self.said

    async def taps(self, title: str) -> str:
        """Tap a button of the last answer."""
        return await self.presses(self.offered[title])

    async def presses(self, payload: str) -> str:
        """Send any payload, also one that was never offered."""
        intent, entities = read_payload(payload)
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        await self._turn(payload, (intent, 1.0), found, ())
        return self.said

    async def _turn(self, text, understood, entities, files) -> None:
        async with unit_of_work(self._engine) as work:
            self.messages = []
            events = await self._act(text, understood, entities, files)
            await work.commit()
        self.slots |= {e["name"]: e["value"] for e in events if e["event"] == "slot"}

    async def _act(self, text, understood, entities, files) -> list[Mapping[str, Any]]:
        intent, sure = understood
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": sure},
            "intent_ranking": [{"name": intent, "confidence": sure}],
            "entities": entities,
            "metadata": {"attachments": list(files), "channel": "web"},
        }
        tracker = Tracker(self.conversation, self.slots, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        name = {"nlu_fallback": "fallback"}.get(intent, intent)
        events = list(await self._actions[f"action_{name}"].run(dispatcher, tracker, {}))
        self.messages += dispatcher.messages
        pressed = next((e for e in events if e["event"] == "user"), None)
        if pressed is None:
            return events
        self.slots |= {e["name"]: e["value"] for e in events if e["event"] == "slot"}
        parsed = pressed["parse_data"]
        meant = (parsed["intent"]["name"], 1.0)
        return await self._act(pressed["text"], meant, parsed["entities"], ())
