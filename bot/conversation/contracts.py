"""What the channels and the conversation say to each other.

The values travel on the road of a message: a channel turns a delivery into an `Incoming`, the
`Inbox` keeps it, a turn makes `Reply` values, and the channel shows them. Push channels (Telegram,
Zalo) are handed each reply; pull channels (the web page) read them in the `Journal`.

Errors: `StorageDown`: nothing was kept, the sender must try again (HTTP 503).
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import Struct, field


class StorageDown(Exception):
    """The database does not answer; what was being stored was not stored."""


class PassingFailure(Exception):
    """The platform did not take the reply now and may take it later."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        """`retry_after`: seconds that the platform asked us to wait, where it did."""
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class PermanentFailure(Exception):
    """The platform will never take this reply (blocked, unknown address, refused content)."""

    def __init__(self, reason: str) -> None:
        """`reason`: a short English code or sentence for operators, without personal data."""
        super().__init__(reason)
        self.reason = reason


class Button(Struct, frozen=True):
    """A choice offered under a reply; tapping it sends `payload` and shows `title`."""

    title: str
    payload: str


class Reply(Struct, frozen=True, omit_defaults=True):
    """One message of the assistant.

    `custom` carries machine-readable facts. `custom["card"]` is the long form of `text` for
    channels that can draw it (they show the card *instead of* the text); its keys, all optional:
    `heading` str, `lead` str (one sentence under it), `facts` [[term, value]], `paragraphs` [str],
    `items` [str], `sections` [{heading, lead, facts, paragraphs, items}],
    `source` {name, code, date, url} (all str). `bot/channels/web/view.py` is the reference reader.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str = ""  # a path of our own ("/…") or an https address
    custom: dict[str, Any] = field(default_factory=dict)


class Incoming(Struct, frozen=True):
    """One message of a citizen, as a channel read it.

    `text` is any text that a database can hold (`bot.channels.base.storable`), also empty.
    For a tapped button it is the button's payload, and `metadata["title"]` what the citizen saw.
    Without a title a leading "/" was typed by hand and is text like any other; with one, the
    payload still comes from outside and may be none that we ever offered.

    `attachments` are the ids of pictures and files that were kept before this message
    (`Uploads.keep`) for the same channel and sender.
    """

    channel: str
    update_id: str  # the platform's id of this delivery; unique within the channel
    sender: str  # the platform's address of the person
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    push: bool = False  # replies must be delivered to `sender`; otherwise the reader fetches them
    attachments: tuple[str, ...] = ()


class Kept(Struct, frozen=True):
    """The proof that a message is on disk."""

    inbox_id: int
    conversation_id: str
    repeated: bool  # this update_id was kept before; no second turn will be made


class Inbox(Protocol):
    """Where channels leave messages."""

    async def put(self, incoming: Incoming) -> Kept:
        """Keep one message, durably on return; a repeated update_id is kept once.

        Raises StorageDown.
        """
        ...


class Uploads(Protocol):
    """Where channels leave pictures and files, before the message that names them.

    Errors: `bot.feedback.errors.BadFile` with the reason why a file is not taken; StorageDown.
    """

    async def keep(self, channel: str, sender: str, body: bytes) -> str:
        """Clean a file and keep it for this person; returns its id.

        It waits a day for a case to take it. Raises BadFile, StorageDown.
        """
        ...

    async def there(self, channel: str, sender: str, ids: Sequence[str]) -> Sequence[str]:
        """Return those of the ids that are kept for this person, in their order.

        Raises StorageDown.
        """
        ...

    async def thumbnail(self, channel: str, sender: str, id: str) -> bytes | None:
        """Return the thumbnail (JPEG) of this person's picture, empty for a file that has none.

        None when nothing is kept under this id for this person. Raises StorageDown.
        """
        ...

    async def discard(self, channel: str, sender: str, id: str) -> None:
        """Forget this person's file, unless a case has taken it. Raises StorageDown."""
        ...


class Entry(Struct, frozen=True):
    """One line of a conversation, written by either side.

    `id` grows strictly within a conversation, over both authors, and becomes visible in that
    order: whoever has read up to an id never finds a smaller one later.
    """

    id: int
    at: datetime  # aware
    author: Literal["citizen", "bot"]
    text: str  # as the citizen saw it: the title of a tapped button, not its payload
    reply: Reply | None = None  # None for the citizen's lines
    update_id: str | None = None  # Incoming.update_id; None for the bot's lines
    attachments: tuple[str, ...] = ()  # ids of the citizen's pictures and files


class Bell(Protocol):
    """Wakes a reader of one conversation."""

    async def rung(self) -> None:
        """Return when something was written since the bell was made or last returned.

        May return once too often, never once too seldom; safe to cancel and call again.
        """
        ...


class Journal(Protocol):
    """What was said, for channels whose reader comes to fetch it."""

    async def history(
        self,
        channel: str,
        sender: str,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Entry]:
        """Return at most `limit` lines, oldest first; an unknown sender has none.

        With `after`, the first lines past that id; otherwise the last lines, before the id
        `before` where it is given. Raises StorageDown.
        """
        ...

    def subscribe(self, channel: str, sender: str) -> AbstractAsyncContextManager[Bell]:
        """Listen for new lines of one conversation, also before its first one.

        Subscribe first and read the history afterwards: then nothing is missed between.
        """
        ...
