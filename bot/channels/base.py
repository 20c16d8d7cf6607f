"""The contract of a channel: what every door to the assistant has in common.

A channel verifies who is calling, turns the call into `Incoming` values and leaves them in the
`Inbox`; only then does it answer 200 (`bot.channels.webhook` does all of that but the reading).
Replies come back in one of two ways: a push channel implements `Channel` and is handed them one by
one; a pull channel reads the `Journal`. docs/adding-a-channel.md walks through one.

Errors of `Channel.deliver`: `PassingFailure` (try again later) and `PermanentFailure` (never).
"""

from typing import Protocol

from aiohttp import web

from bot.conversation.contracts import (
    FILES,
    OUT_OF_REACH,
    REFUSED,
    Bell,
    Button,
    Entry,
    Inbox,
    Incoming,
    Journal,
    Kept,
    Limits,
    Messenger,
    Pace,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    StorageDown,
    Uploads,
    storable,
)

__all__ = [
    "FILES",
    "OUT_OF_REACH",
    "REFUSED",
    "Bell",
    "Button",
    "Channel",
    "Entry",
    "Inbox",
    "Incoming",
    "Journal",
    "Kept",
    "Limits",
    "Messenger",
    "Pace",
    "Parcel",
    "PassingFailure",
    "PermanentFailure",
    "Reply",
    "StorageDown",
    "Uploads",
    "storable",
]


class Channel(Messenger, Protocol):
    """A messaging app to which replies are pushed."""

    @property
    def name(self) -> str:
        """The word in `Incoming.channel`."""
        ...

    def add_routes(self, app: web.Application) -> None:
        """Put up the door at which the platform calls."""
        ...

    async def run(self) -> None:
        """Do what the channel does besides (poll, refresh a token) until cancelled.

        One that has nothing to do returns.
        """
        ...

    async def close(self) -> None:
        """Close what is kept open to the platform."""
        ...
