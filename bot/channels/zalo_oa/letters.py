"""How a reply looks on Zalo: its text, and its choices as buttons or as numbers to type.

Zalo documents buttons for the API before this one and takes them in this one too, as far as anybody
has seen. Hence every reply with buttons leaves room for its numbers, should an OA refuse them.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.channels import plain
from bot.channels.base import Parcel, Reply
from bot.channels.calling import fetchable
from bot.channels.zalo_oa.events import TAP

LONGEST_TEXT = 2000  # characters, counted after NFC
MOST_BUTTONS = 5
LONGEST_TITLE = 100


def cut(reply: Reply) -> Sequence[Reply]:
    """Cut a reply into messages that Zalo takes; implements Messenger.parts."""
    if not has_buttons(reply):
        return plain.parts(reply, LONGEST_TEXT, length=_length, choices=True)
    room_for_numbers = _length(plain.numbered(reply.buttons)) + 2
    return plain.parts(reply, LONGEST_TEXT - room_for_numbers, length=_length)


def has_buttons(reply: Reply) -> bool:
    """Tell whether the choices fit on buttons; others stand numbered in the text already."""
    return (
        0 < len(reply.buttons) <= MOST_BUTTONS
        and not reply.image
        and all(0 < _length(button.title.strip()) <= LONGEST_TITLE for button in reply.buttons)
    )


def letter(parcel: Parcel, origin: str, *, buttons: bool) -> dict[str, Any]:
    """Return the ``message`` of a part; without ``buttons`` its choices are numbered.

    ``origin``: our public address, under which Zalo fetches a picture of ours.
    """
    reply, text = parcel.reply, plain.words(parcel)
    if has_buttons(reply) and not buttons:
        text = f"{text}\n\n{plain.numbered(reply.buttons)}"
    message: dict[str, Any] = {"text": _nfc(text)}
    if has_buttons(reply) and buttons:
        message["attachment"] = _template(buttons=_tapped(parcel))
    elif address := fetchable(reply.image, origin):
        element = {"media_type": "image", "url": address}
        message["attachment"] = _template(template_type="media", elements=[element])
    return message


def _tapped(parcel: Parcel) -> list[dict[str, str]]:
    """Return the buttons; a tap comes back as a text that its sender does not see."""
    return [
        {
            "title": _nfc(button.title.strip()),
            "type": "oa.query.hide",
            "payload": f"{TAP}{parcel.message_id}.{number}",
        }
        for number, button in enumerate(parcel.reply.buttons)
    ]


def _template(**payload: object) -> dict[str, object]:
    return {"type": "template", "payload": payload}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _length(text: str) -> int:
    return len(_nfc(text))
