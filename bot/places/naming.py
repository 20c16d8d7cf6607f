"""When two writings are one name: "bến nghé", "Ben Nghe" and "bennghe"; "Mỹ", "Mĩ" and "Mỷ"."""

import re
from functools import lru_cache

from bot.vietnamese import fold, place_tone

KINDS = (
    *("Tỉnh", "Thành phố", "Quận", "Huyện", "Thị xã"),
    *("Phường", "Xã", "Thị trấn", "Đặc khu"),
)
_WORD = re.compile(r"[^\W_]+")
# One sound each: the y of Mỹ and Quý (not of Thủy), and hỏi and ngã in the south.
_Y = re.compile("(?:(?<![aàáảãạâầấẩẫậuùúủũụ])|(?<=qu))[yýỳỷỹỵ]")
_AS_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
_HOI = str.maketrans("ĩãẵẫẽễõỗỡũữỹ", "ỉảẳẩẻểỏổởủửỷ")


def key(words: str) -> str:
    """What all writings of a name have in common: no marks, no spaces, y as i, 05 as 5."""
    return "".join(
        word.lstrip("0") or "0" if word.isdigit() else _with_i(word)
        for word in _WORD.findall(fold(words))
    )


@lru_cache(maxsize=4_096)
def agrees(typed: str, name: str) -> bool:
    """Tell whether each letter of ``typed`` bears the marks of the name's, or none."""
    written, meant = _letters(typed), _letters(name)
    return len(written) == len(meant) and all(
        letter in (full, fold(full)) for letter, full in zip(written, meant, strict=True)
    )


def same(typed: str, name: str) -> bool:
    """Tell whether ``typed`` is the name with all of its marks."""
    return _letters(typed) == _letters(name)


def split_kind(name: str) -> tuple[str, str]:
    """The kind and the rest: "Thị Xã Kỳ Anh" → "Thị xã", "Kỳ Anh"; an empty kind: none named."""
    for kind in KINDS:
        if fold(name).startswith(f"{fold(kind)} "):
            return kind, name[len(kind) + 1 :]
    return "", name


def _letters(words: str) -> str:
    placed = (place_tone(word) for word in _WORD.findall(words.lower()))
    return "".join(
        word.lstrip("0") or "0" if word.isdigit() else _with_i(word).translate(_HOI)
        for word in placed
    )


def _with_i(word: str) -> str:
    return (
        word
        if word.isascii() and "y" not in word
        else _Y.sub(lambda y: y[0].translate(_AS_I), word)
    )
