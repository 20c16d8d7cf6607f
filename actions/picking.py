"""Picking from what was offered: "2", "cái thứ hai", "số 3 ạ", or words that fit only one."""

import re
from collections.abc import Sequence

from actions.heard import Choice
from bot.vietnamese import fold, words

_NUMBERS = {
    word: number
    for number, spellings in enumerate(
        ("mot nhat dau", "hai nhi", "ba", "bon tu", "nam", "sau", "bay", "tam", "chin", "muoi"), 1
    )
    for word in spellings.split()
}
LAST = -1
_LAST = frozenset({"cuoi", "chot"})
# What people say around a pick; none of it tells one choice from another.
_AROUND = frozenset(
    words(
        "a ah ak oi u uh vang da nhe nha nhi di thoi roi the la thi ma em anh chi minh toi tui ban "
        "co chu bac cai muc so thu cau lua chon dong loai truong hop phuong an y cho voi giup hoi "
        "muon can lay xem nay do kia chinh tien cung ve"
    )
)
_LONGEST_PICK = 12  # words; a longer message says something of its own


def pick(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the one choice that a message picks, or None when it picks none or several."""
    spoken = words(fold(text))
    if not choices or not spoken or len(spoken) > _LONGEST_PICK:
        return None
    place = place_in_list(text)
    if place is None:
        return _by_words(spoken, choices)
    if place == LAST:
        return choices[-1]
    return choices[place - 1] if 1 <= place <= len(choices) else None


def place_in_list(text: str) -> int | None:
    """Read a message that says a place in a list and nothing else, LAST for the last; else None."""
    spoken = words(fold(text))
    telling = [word for word in spoken if word not in _AROUND or word in _NUMBERS]
    if len(telling) != 1 or len(spoken) > _LONGEST_PICK:
        return None
    word = telling[0]
    if re.fullmatch(r"[0-9]{1,2}", word):
        return int(word)
    return LAST if word in _LAST else _NUMBERS.get(word)


def _by_words(spoken: Sequence[str], choices: Sequence[Choice]) -> Choice | None:
    telling = {word for word in spoken if word not in _AROUND}
    titles = [words(fold(choice.title)) for choice in choices]
    same = [c for c, title in zip(choices, titles, strict=True) if title == list(spoken)]
    if len(same) == 1:
        return same[0]
    fitting = [c for c, title in zip(choices, titles, strict=True) if telling <= set(title)]
    return fitting[0] if telling and len(fitting) == 1 else None
