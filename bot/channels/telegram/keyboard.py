"""Buttons under a message: short ones side by side, long ones in rows of their own."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.base import Button, Parcel

ROOM = 30  # letters that fit side by side on a small telephone; buttons of a row are equally wide
MOST_IN_A_ROW = 3
MOST_BUTTONS = 100  # of one message, by Telegram's rules


def keyboard(parcel: Parcel) -> InlineKeyboardMarkup | None:
    """Lay the buttons of a part out; what a tap sends back is the token of `Parcel`."""
    buttons = list(enumerate(parcel.reply.buttons[:MOST_BUTTONS]))
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(b.title, callback_data=f"{parcel.message_id}.{n}")
                for n, b in row
            ]
            for row in rows(buttons)
        ]
    )


def rows(buttons: Iterable[tuple[int, Button]]) -> Sequence[Sequence[tuple[int, Button]]]:
    """Put neighbours into one row as long as the longest of them fits into its share."""
    laid: list[list[tuple[int, Button]]] = []
    for number, button in buttons:
        row = [*laid[-1], (number, button)] if laid else []
        widest = max((len(each.title) for _, each in row), default=0)
        if row and len(row) <= MOST_IN_A_ROW and widest * len(row) <= ROOM:
            laid[-1] = row
        else:
            laid.append([(number, button)])
    return laid
