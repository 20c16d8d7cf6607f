"""What operators ask of a channel on the command line: the same three questions for each.

A module `operating` of a channel's room answers them (`Operating`); bot/commands/channels.py lists
the modules. No answer holds a token.
"""

from collections.abc import Sequence
from typing import Protocol

import aiohttp
from msgspec import Struct

from bot.settings import Settings

TEST_TEXT = "Dân Hỏi: tin thử của người vận hành. Bạn không cần trả lời."


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


async def knock(address: str, header: str) -> Finding:
    """Call our own webhook with a wrong word in its header: whoever refuses it is our door."""
    patience = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as http,
            http.post(address, json={}, headers={header: "a-wrong-one"}) as answer,
        ):
            if answer.status == 401:
                return Finding("door", f"{address} is reached, and refuses strangers")
            return Finding("door", f"{address} answers {answer.status}, not 401", ok=False)
    except (aiohttp.ClientError, TimeoutError) as error:
        return Finding("door", f"{address} is not reached: {type(error).__name__}", ok=False)
