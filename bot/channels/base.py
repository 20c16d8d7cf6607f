"""The contract of a channel: what every door to the assistant has in common.

A channel verifies who is calling, turns the call into `Incoming` values and leaves them in the
`Inbox`; only then does it answer 200 (`bot.channels.webhook` does all of that but the reading).
Replies come back in one of two ways: a push channel implements `Channel` and is handed them one by
one; a pull channel reads the `Journal`. docs/adding-a-channel.md walks through one.

Errors of `Channel.deliver`: `PassingFailure` (try again later) and `PermanentFailure` (never).
"""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from aiohttp import web
from prometheus_client.metrics_core import Metric

from bot.channels.troubles import Troubles
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
    "Figured",
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

    troubles: Troubles  # what of it an operator has to mend

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


@runtime_checkable
class Figured(Protocol):
    """A channel that tells figures of its own."""

    def collect(self) -> Iterator[Metric]:
        """Yield the families of metrics."""
        ...
