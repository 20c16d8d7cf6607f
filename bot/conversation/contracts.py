"""What the channels and the conversation say to each other.

The values travel on the road of a message: a channel turns a delivery into an `Incoming`, the
`Inbox` keeps it, a turn makes `Reply` values, and the channel shows them. Push channels (Telegram,
Zalo) are handed each reply in `Parcel`s; pull channels (the web page) read them in the `Journal`.

Errors: `StorageDown`: nothing was kept, the sender must try again (HTTP 503).
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import Struct, field


def storable(text: str) -> str:
    """Return the text without what no database can hold: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


class StorageDown(Exception):
    """The database does not answer; what was being stored was not stored."""


class PassingFailure(Exception):
    """The platform did not take the reply, or give the file, now and may do so later."""

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        may_have_arrived: bool = False,
        everybody: bool = False,
    ) -> None:
        """`retry_after`: seconds that the platform asked us to wait, where it did.

        `may_have_arrived`: the connection broke after the reply was on its way. `everybody`: the
        platform refuses whatever is sent to anybody, so the whole channel waits.
        """
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.may_have_arrived = may_have_arrived
        self.everybody = everybody


class PermanentFailure(Exception):
    """The platform will never take this reply (blocked, unknown address, refused content)."""

    def __init__(self, reason: str, *, until_inbound: bool = False) -> None:
        """`reason`: a short English code or sentence for operators, without personal data.

        `until_inbound`: it will take it once the person has written again; then it is tried anew.
        """
        super().__init__(reason)
        self.reason = reason
        self.until_inbound = until_inbound


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

    `text` is any text that a database can hold (`storable`), also empty.
    For a tapped button it is the button's payload, and `metadata["title"]` what the citizen saw.
    Without a title a leading "/" was typed by hand and is text like any other; with one, the
    payload still comes from outside and may be none that we ever offered.

    `attachments` are the ids of pictures and files that were kept before this message
    (`Uploads.keep`) for the same channel and sender.

    What `metadata` may say besides:
    `files`: what the platform still holds of this message, in the channel's own words; before the
    turn the road lets `Messenger.fetch` make `attachments` of it.
    `refused`: why a file could not be taken: the name of a `bot.feedback.errors.Unfit` in small
    letters, or `OUT_OF_REACH` when the platform did not give it.
    `kind`: what a message without words was: voice, sticker, location, contact, video, unsupported,
    or hidden, where the platform keeps the words from us.
    """

    channel: str
    update_id: str  # the platform's id of this delivery; unique within the channel
    sender: str  # the platform's address of the person
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    push: bool = False  # replies must be delivered to `sender`; otherwise the reader fetches them
    attachments: tuple[str, ...] = ()


FILES = "files"
REFUSED = "refused"
OUT_OF_REACH = "out_of_reach"


class Pace(Struct, frozen=True):
    """At most `count` messages within any `seconds`."""

    count: int
    seconds: float


def any_pace(address: str) -> Pace | None:
    """Let every conversation go as fast as it likes."""
    return None


class Limits(Struct, frozen=True):
    """How fast a platform takes messages: over all, and by address (a group's is another)."""

    overall: Pace | None = None
    conversation: Callable[[str], Pace | None] = any_pace


class Parcel(Struct, frozen=True):
    """One platform message on its way: a reply, or the part of it that fits into one.

    `message_id` is the id of the line in the journal; a button's token is
    `f"{message_id}.{number}"`, counted from 0 over the buttons of the whole reply.
    `again`: an earlier attempt may have arrived, and the reader is told so
    (`bot.channels.plain.words`).
    """

    message_id: int
    reply: Reply
    again: bool = False


class Messenger(Protocol):
    """What the road needs of a push channel; the whole of one is `bot.channels.base.Channel`."""

    @property
    def limits(self) -> Limits:
        """How fast the platform takes messages."""
        ...

    def parts(self, reply: Reply) -> Sequence[Reply]:
        """Cut a reply into what the platform shows as one message each; pure, and never empty.

        The buttons, all of them and in their order, go with the last part.
        """
        ...

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Hand one part to the platform; returns the platform's id of the message.

        Raises PassingFailure or PermanentFailure, nothing else on purpose, and ends within a
        minute.
        """
        ...

    async def fetch(self, incoming: Incoming) -> Incoming:
        """Make attachments of `incoming.metadata["files"]`, and take that key out.

        Called before the turn, in the conversation's order, and again when a crash came between.
        A file that is not fit to keep is no failure: `metadata["refused"]` says why.
        Raises PassingFailure (try again), PermanentFailure, StorageDown.
        """
        ...


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
