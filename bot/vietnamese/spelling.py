"""One spelling of a text for those who compare texts: normalised, cut into words."""

import re

from bot.vietnamese.abbreviations import expand
from bot.vietnamese.cleaning import clean

_GLUED_WORDS = re.compile(r"[^\W_]+(?:[.@_:/\-]+[^\W_]+)*")
# A code starts with a part that has a digit (1.001193, H29.16-250721-0001, 123/2015/NĐ-CP, 50.000)
# or with PAKN; behind a point it goes on only with a digit: "năm 2025.Tôi" is two words.
_WORD = re.compile(
    r"(?:[^\W_]*\d[^\W_]*|pakn(?=\.\d))(?:\.(?=[^\W_]*\d)[^\W_]+|[-/][^\W_]+)*|[^\W_]+",
    re.IGNORECASE,
)


def normalise(text: str) -> str:
    """Clean, lower case, tones in one place, abbreviations written out. Idempotent."""
    text = clean(text).lower()
    written_out = iter(expand(_GLUED_WORDS.findall(text)))
    return _GLUED_WORDS.sub(lambda _: next(written_out), text)


def words(text: str) -> list[str]:
    """The words of a text as they stand; codes such as 1.001193 stay whole."""
    return _WORD.findall(text)
