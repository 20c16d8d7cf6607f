"""Text without diacritics (không dấu), the way half of the citizens type."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case without diacritics: "Đăng ký hộ tịch" → "dang ky ho tich"."""
    text = text.lower()
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text)).replace("đ", "d")
    return unicodedata.normalize("NFC", bare)
