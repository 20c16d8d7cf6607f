"""When two writings are one name: "bến nghé", "Ben Nghe" and "bennghe"; "Mỹ", "Mĩ" and "Mỷ"."""

import re
from functools import lru_cache

from bot.vietnamese import fold, place_tone

KINDS = (
    *("Tỉnh", "Thành phố", "Quận", "Huyện", "Thị xã"),
    *("Phường", "Xã", "Thị trấn", "Đặc khu"),
)
_WORD = re.compile(r"[^\W_]+")
# One sound each: Mỹ/Mĩ everywhere, hỏi/ngã in the south.
_ONE_SOUND = str.maketrans("yýỳỷỹỵĩãẵẫẽễõỗỡũữ", "iíìỉỉịỉảẳẩẻểỏổởủử")


def key(words: str) -> str:
    """What all writings of a name have in common: no marks, no spaces, y as i, 05 as 5."""
    return "".join(
        word.lstrip("0") or "0" if word.isdigit() else word
        for word in _WORD.findall(fold(words).replace("y", "i"))
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
        word.lstrip("0") or "0" if word.isdigit() else word.translate(_ONE_SOUND) for word in placed
    )
