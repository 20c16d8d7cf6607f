"""An assistant that says what it was told to say, and forgets nothing within a conversation."""

from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from bot.conversation.contracts import Button, Reply


def says(
    text: str, *, codes: Sequence[str] = (), decision: str = "", buttons: Sequence[str] = ()
) -> Reply:
    """A reply; with a decision it is one about procedures."""
    facts = {"procedure_codes": list(codes), "decision": decision} if decision else {}
    return Reply(text, tuple(Button(title, f"/{title}") for title in buttons), custom=facts)


class ScriptedTalk:
    """Answers known words with known replies; everything else with silence."""

    def __init__(self, script: Mapping[str, Sequence[Reply]]) -> None:
        self._script = script

    async def say(self, text: str) -> list[Reply]:
        return list(self._script.get(text, ()))


class ScriptedAssistant:
    """Opens conversations by a script and takes every text for the same intent."""

    def __init__(
        self, script: Mapping[str, Sequence[Reply]], parse: Mapping[str, Any] | None = None
    ) -> None:
        self._script = script
        self._parse = dict(parse or {"intent": {"name": "ask_procedure", "confidence": 0.9}})
        self.opened: list[str] = []
        self.days: list[date | None] = []

    @asynccontextmanager
    async def open_talk(self, name: str):
        self.opened.append(name)
        yield ScriptedTalk(self._script)

    async def parse(self, text: str, today: date | None = None) -> dict[str, Any]:
        self.days.append(today)
        return {**self._parse, "text": text}
