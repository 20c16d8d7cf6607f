"""What of Telegram's updates is read, in the words of its Bot API; the rest is passed over."""

from typing import Any

from msgspec import Struct, field


class User(Struct):
    """A person or a bot."""

    id: int
    is_bot: bool = False


class Chat(Struct):
    """Where something was said: private, group, supergroup or channel."""

    id: int
    type: str


class Entity(Struct):
    """A stretch of a text; only mentions of somebody without a name are looked at."""

    type: str
    user: User | None = None


class File(Struct):
    """A document, or one size of a photo."""

    file_id: str
    file_size: int | None = None  # bytes
    mime_type: str | None = None


class Said(Struct):
    """The message that another one replies to."""

    message_id: int
    sender: User | None = field(default=None, name="from")


class Message(Struct):
    """A message with what can be in one; what is only looked for is of any shape."""

    message_id: int
    date: int  # seconds since 1970
    chat: Chat
    sender: User | None = field(default=None, name="from")
    edit_date: int | None = None
    text: str | None = None
    entities: list[Entity] = []
    caption: str | None = None
    caption_entities: list[Entity] = []
    photo: list[File] | None = None
    document: File | None = None
    media_group_id: str | None = None
    reply_to_message: Said | None = None
    is_topic_message: bool = False
    message_thread_id: int | None = None


class Tapped(Struct):
    """The message whose button was tapped; it may be too old to be shown."""

    message_id: int
    chat: Chat
    is_topic_message: bool = False
    message_thread_id: int | None = None


class CallbackQuery(Struct):
    """A tapped button."""

    id: str
    sender: User = field(name="from")
    message: Tapped | None = None
    data: str | None = None


class Member(Struct):
    """How somebody stands to a chat: member, left, kicked …"""

    status: str


class MemberChange(Struct):
    """Our own standing in a chat has changed."""

    chat: Chat
    new_chat_member: Member


class Update(Struct):
    """One update; at most one of the others is there. Messages are read a second time, as such."""

    update_id: int
    message: dict[str, Any] | None = None
    edited_message: dict[str, Any] | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None


KINDS = ("message", "edited_message", "callback_query", "my_chat_member")  # asked of Telegram
