"""Reading an update: what somebody said to us, that somebody left, or nothing for us."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from bot.channels.base import Incoming, storable
from bot.channels.telegram.shapes import KINDS, CallbackQuery, File, Message, Tapped, Update
from bot.conversation.choices import TAPPED
from bot.feedback.errors import Unfit
from bot.feedback.pictures import MOST_BYTES

NAME = "telegram"  # Incoming.channel
PRIVATE = "private"
GROUPS = frozenset({"group", "supergroup"})
EDIT_HEARD = 15 * 60  # seconds after it was sent, in which an edited message is heard once more

# What a message can be without words of its own: Telegram's field → the kind that actions answer.
# An animation comes with a document beside it, so the order matters.
_WORDLESS = {
    "voice": "voice",
    "audio": "voice",
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "sticker": "sticker",
    "venue": "location",
    "location": "location",
    "contact": "contact",
}
_FILES = ("photo", "document")
# Other things that a person sends on purpose; whatever else there is, Telegram itself says.
_SENT = ("poll", "dice", "game", "story", "paid_media", "checklist", "gift", "invoice")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,32}))?(?:\s+(.*))?", re.DOTALL)
_OBEYED = {"start": "/greet", "help": "/help"}
# A deep link to a procedure, t.me/<bot>?start=tt_1-001193: Telegram allows no dot in it.
_PROCEDURE = re.compile(r"tt_(\d)[-_](\d{6})")


class Me(Struct, frozen=True):
    """Our own account: its number, and the name by which groups call it ("" while unknown)."""

    id: int
    username: str = ""


class Heard(Struct, frozen=True):
    """Somebody spoke to us; ``query``: the tap that Telegram wants answered."""

    incoming: Incoming
    query: str = ""


class Standing(Struct, frozen=True):
    """A person blocked us or a group removed us (``gone``), or let us in again."""

    address: str
    gone: bool


class Passed(Struct, frozen=True):
    """Nothing for us, of this kind; ``query``: a tap that Telegram wants answered all the same."""

    kind: str
    query: str = ""


Read = Heard | Standing | Passed


class Unreadable(Exception):
    """An update that is not as Telegram describes them; ``kind`` says which, and nothing of it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read(update: Mapping[str, Any], me: Me) -> Read:
    """Read one update. Raises Unreadable."""
    kind = next((kind for kind in KINDS if kind in update), "another kind")
    try:
        known = msgspec.convert(update, Update)
        if known.message is not None:
            return _Letter(known.update_id, known.message, me).read()
        if known.edited_message is not None:
            return _Letter(known.update_id, known.edited_message, me).read_again()
    except msgspec.ValidationError:
        raise Unreadable(kind) from None
    if known.callback_query is not None:
        return _tap(known.update_id, known.callback_query, me)
    if known.my_chat_member is not None:
        changed = known.my_chat_member
        gone = changed.new_chat_member.status in ("kicked", "left")
        return Standing(str(changed.chat.id), gone)
    return Passed(kind)


def is_for_a_group(update: Mapping[str, Any]) -> bool:
    """Tell whether our name must be known to read an update."""
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        chat = message.get("chat") if isinstance(message, Mapping) else None
        if isinstance(chat, Mapping):
            return chat.get("type") in GROUPS
    return False


def _tap(number: int, query: CallbackQuery, me: Me) -> Read:
    if query.message is None or query.data is None:
        return Passed("callback_query without a message", query.id)
    in_group = query.message.chat.type in GROUPS
    incoming = Incoming(
        channel=NAME,
        update_id=_update_id(number, me),
        sender=_address(query.message),
        text="",
        metadata={TAPPED: storable(query.data), **({"group": True} if in_group else {})},
        push=True,
    )
    return Heard(incoming, query.id)


class _Letter:
    """One message, as it is read."""

    def __init__(self, number: int, raw: Mapping[str, Any], me: Me) -> None:
        self._number = number
        self._raw = raw
        self._me = me
        self._message = msgspec.convert(raw, Message)
        self._words = storable(self._message.text or self._message.caption or "")
        self._metadata: dict[str, Any] = {}

    def read(self) -> Read:
        """Read a new message."""
        message = self._message
        if message.sender is None or message.sender.is_bot:
            return Passed("message of a bot or a channel")
        if message.chat.type == PRIVATE:
            return self._read_private()
        if message.chat.type in GROUPS:
            return self._read_in_group()
        return Passed(f"message in a {message.chat.type[:16]}")

    def read_again(self) -> Read:
        """Read a message that its author changed: soon after, it is heard once more."""
        message = self._message
        if "location" in self._raw:
            return Passed("live location")  # where the person walks meanwhile
        if (message.edit_date or message.date) - message.date > EDIT_HEARD:
            self._words = ""
            self._metadata["kind"] = "edited"
            if message.chat.type == PRIVATE and message.sender and not message.sender.is_bot:
                return self._heard()
            return Passed("late edit in a group")
        return self.read()

    def _read_private(self) -> Read:
        command = _COMMAND.fullmatch(self._words.strip())
        if command and self._message.text:
            return self._obey(command)
        self._take_files()
        kind = next((ours for theirs, ours in _WORDLESS.items() if theirs in self._raw), None)
        if kind:
            self._metadata["kind"] = kind
        elif any(name in self._raw for name in _SENT):
            self._metadata["kind"] = "unsupported"
        elif self._message.text is None and not any(name in self._raw for name in _FILES):
            return Passed("service message")
        return self._heard()

    def _read_in_group(self) -> Read:
        """Take the words that are for us; pictures are for the group."""
        message, me = self._message, self._me
        replied = message.reply_to_message
        to_us = replied is not None and replied.sender is not None and replied.sender.id == me.id
        entities = [*message.entities, *message.caption_entities]
        meant = any(entity.user is not None and entity.user.id == me.id for entity in entities)
        name = _name_in_text(me.username)
        called = name is not None and name.search(self._words) is not None
        command = _COMMAND.fullmatch(self._words.strip())
        if command:  # also in reply to us, "/help@another_bot" is for the other one
            to_us = meant = called = self._is_ours(command)
        if not (to_us or meant or called):
            return Passed("talk of a group")
        self._metadata["group"] = True
        if command:
            return self._obey(command)
        if name is not None:
            self._words = name.sub("", self._words).strip()
        return self._heard()

    def _is_ours(self, command: re.Match[str]) -> bool:
        if command[2]:
            return command[2].lower() == self._me.username.lower()
        return command[1].lower() in _OBEYED

    def _obey(self, command: re.Match[str]) -> Read:
        """Take /start, with what its link carries, and /help; other commands are words."""
        name, argument = command[1].lower(), (command[3] or "").strip()
        linked = _PROCEDURE.fullmatch(argument)
        if name == "start" and linked:
            code = f"{linked[1]}.{linked[2]}"
            return self._pressed(f'/ask_procedure{{"procedure_code": "{code}"}}')
        payload = _OBEYED.get(name)
        return self._pressed(payload) if payload else self._heard()

    def _pressed(self, payload: str) -> Read:
        self._metadata["title"] = self._words[:100]
        self._words = payload
        return self._heard()

    def _take_files(self) -> None:
        message = self._message
        if message.media_group_id:
            self._metadata["album"] = storable(message.media_group_id)[:64]
        file = _of_photo(message.photo) if message.photo else None
        if message.document and "animation" not in self._raw:
            file = message.document
            problem = _unfit(file)
            if problem:
                self._metadata["refused"] = problem.name.lower()
                return
        if file:
            self._metadata["files"] = [file.file_id]

    def _heard(self) -> Read:
        incoming = Incoming(
            channel=NAME,
            update_id=_update_id(self._number, self._me),
            sender=_address(self._message),
            text=self._words,
            metadata=self._metadata,
            push=True,
        )
        return Heard(incoming)


def _update_id(number: int, me: Me) -> str:
    """Name a delivery; another bot that takes this one's place counts from where it likes."""
    return f"{me.id}:{number}"


def _address(place: Message | Tapped) -> str:
    """Name where answers go: the chat, and in a forum its topic. The channel reads it back."""
    topic = place.is_topic_message and place.message_thread_id is not None
    return f"{place.chat.id}:{place.message_thread_id}" if topic else str(place.chat.id)


def _of_photo(sizes: list[File]) -> File | None:
    """Return the largest size that we take; Telegram lists them from small to large."""
    fitting = [size for size in sizes if (size.file_size or 0) <= MOST_BYTES]
    return (fitting or sizes)[-1] if sizes else None


def _unfit(file: File) -> Unfit | None:
    """Tell without fetching it why a document is not taken; its bytes are looked at later."""
    if (file.file_size or 0) > MOST_BYTES:
        return Unfit.TOO_LARGE
    if file.mime_type in ("image/heic", "image/heif", "image/avif"):
        return Unfit.HEIC
    fitting = ("image/jpeg", "image/png", "image/webp", "application/pdf")
    unnamed = (None, "", "application/octet-stream")
    return None if file.mime_type in (*fitting, *unnamed) else Unfit.KIND


def _name_in_text(username: str) -> re.Pattern[str] | None:
    if not username:
        return None
    return re.compile(rf"(?<![\w@])@{re.escape(username)}(?!\w)", re.IGNORECASE)
