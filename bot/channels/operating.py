"""What operators ask of a channel on the command line: the same three questions for each.

A module `operating` of a channel's room answers them (`Operating`); bot/commands/channels.py lists
the modules. No answer holds a token.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from bot.settings import Settings


class Finding(Struct, frozen=True):
    """One line of an answer; ``ok`` is False for what somebody has to mend."""

    label: str
    words: str
    ok: bool = True


class Operating(Protocol):
    """What the module of a channel offers."""

    def missing(self, settings: Settings) -> str:
        """Name the setting without which there is no such channel; empty when it is set up."""
        ...

    async def set_webhook(self, settings: Settings) -> Sequence[Finding]:
        """Tell the platform how we want to be called."""
        ...

    async def status(self, settings: Settings) -> Sequence[Finding]:
        """Say how the platform sees us."""
        ...

    async def test(self, settings: Settings, to: str) -> Sequence[Finding]:
        """Try the way in and, where ``to`` is an address, the way out."""
        ...
