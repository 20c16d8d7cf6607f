"""Choices in memory: what was offered, by its token or its number."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.conversation.choices import TAPPED
from bot.conversation.contracts import Button, Incoming


class FakeChoices:
    """Keeps the promises of conversation.choices.Choices, whoever the buttons were offered to."""

    def __init__(self, offered: Mapping[str, Button]) -> None:
        self._offered = offered

    async def meant(self, incoming: Incoming) -> Incoming:
        metadata = dict(incoming.metadata)
        tapped = metadata.pop(TAPPED, None)
        button = self._offered.get(incoming.text if tapped is None else tapped)
        if button is not None:
            metadata["title"] = button.title
            return replace(incoming, text=button.payload, metadata=metadata)
        if tapped is not None and not incoming.text:
            metadata["kind"] = "stale"
        return replace(incoming, metadata=metadata)

    async def tapped(self, channel: str, sender: str, token: str) -> Button | None:
        return self._offered.get(token)
