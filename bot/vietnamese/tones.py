"""Where the tone mark (dấu thanh) stands: hoà and hòa, thuý and thúy, ngừơi and người.

One canonical place for all of them, the one most keyboards still produce: *hòa, khỏe, thúy* for an
open oa/oe/uy, the usual place everywhere else. A mark on the wrong vowel is moved as well.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_TONE = re.compile(f"[{_TONES}]")
_SYLLABLE = re.compile(
    r"(?P<onset>qu|gi(?=[aăâeêioôơuưy])|ngh|ng|gh|nh|ch|kh|ph|th|tr|[bcdđghklmnpqrstvxfjwz])?"
    r"(?P<vowels>[aăâeêioôơuưy]{1,3})"
    r"(?P<coda>ch|nh|ng|[cmnpt])?"
)
_LONGEST_SYLLABLE = 7  # nghiêng


def place_tone(word: str) -> str:
    """A lower-case word with its tone mark in the canonical place; anything else unchanged."""
    if len(word) > _LONGEST_SYLLABLE or word.isascii():
        return word
    return _placed(word)


@lru_cache(maxsize=16_384)
def _placed(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    tones = _TONE.findall(marked)
    syllable = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONE.sub("", marked)))
    if len(tones) != 1 or syllable is None:
        return word
    at = syllable.start("vowels") + _bearer(syllable["vowels"], closed=bool(syllable["coda"]))
    bare = syllable[0]
    return unicodedata.normalize("NFC", bare[: at + 1] + tones[0] + bare[at + 1 :])


def _bearer(vowels: str, *, closed: bool) -> int:
    """Index of the vowel that carries the tone."""
    shaped = [index for index, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1:
        return 0
    return 1 if closed or len(vowels) == 3 else 0
