"""The contract of a channel: what every door to the assistant has in common.

A channel verifies who is calling, turns the call into `Incoming` values and leaves them in the
`Inbox`; only then does it answer 200. Replies come back in one of two ways: a push channel
implements `Channel` and is handed them one by one; a pull channel reads the `Journal`.

Errors of `Channel.deliver`: `PassingFailure` (try again later) and `PermanentFailure` (never).
"""

from typing import Protocol

from bot.conversation.contracts import (
    Bell,
    Button,
    Entry,
    Inbox,
    Incoming,
    Journal,
    Kept,
    PassingFailure,
    PermanentFailure,
    Reply,
    StorageDown,
    Uploads,
)

__all__ = [
    "Bell",
    "Button",
    "Channel",
    "Entry",
    "Inbox",
    "Incoming",
    "Journal",
    "Kept",
    "PassingFailure",
    "PermanentFailure",
    "Reply",
    "StorageDown",
    "Uploads",
    "storable",
]


class Channel(Protocol):
    """A messaging app to which replies are pushed."""

    @property
    def name(self) -> str:
        """The word in `Incoming.channel`."""
        ...

    async def deliver(self, address: str, reply: Reply) -> str:
        """Hand one reply to the platform; returns the platform's id of the message.

        Raises PassingFailure or PermanentFailure, nothing else on purpose.
        """
        ...


def storable(text: str) -> str:
    """Return the text without what no database can hold: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
