"""What every channel is given of the house that it is put into."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.absences import Absences
from bot.channels.base import Inbox, Uploads
from bot.channels.counts import Counts
from bot.conversation.choices import Choices
from bot.storage.vault import Vault


class House(Struct, frozen=True):
    """Beside its own settings, all that a channel is made with; most need half of it."""

    inbox: Inbox
    uploads: Uploads
    choices: Choices
    counts: Counts
    engine: AsyncEngine
    vault: Vault
    clock: Callable[[], datetime]

    def absences(self, channel: str) -> Absences:
        """Return what remembers who left a channel."""
        return Absences(channel, self.engine, self.vault, self.clock)
