"""Receipt codes in the midst of other words: found so that they are taken, or made unreadable.

A code is a secret. It is read once, where somebody shows it, and nothing that keeps what was said
(the dialogue, the citizen's line in the journal) keeps it too.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.feedback import receipts
from bot.feedback.errors import BadReceipt
from bot.vietnamese import fold

MASK = "⟨mã tiếp nhận⟩"
LONGEST_READ = 4_000  # characters; who pastes more shows no code at its end

_GAP = r"[\s.,:;·_/-]{1,3}"
_ALONE = r"(?<![^\W_])(?:{})(?![^\W_])"
_GROUP = f"[a-z0-9]{{{receipts.GROUP}}}"
# In one piece, in its groups, or character by character; a word before it may look like a group.
_TYPED = re.compile(
    "(?="
    + _ALONE.format(
        f"({_GROUP}(?:{_GAP})?{_GROUP}(?:{_GAP})?{_GROUP}"
        f"|(?:[a-z0-9]{_GAP}){{{receipts.LENGTH - 1}}}[a-z0-9])"
    )
    + ")"
)
_NAMES = "|".join(sorted(receipts.CALLED, key=len, reverse=True))
_SIGN = rf"(?>(?:{_NAMES}|\d+|[a-z])(?![^\W_]))"
_SIGNS = re.compile(_SIGN)
_RUN = re.compile(rf"(?<![^\W_]){_SIGN}(?:{_GAP}{_SIGN}){{4,}}")
_MEANT_GROUP = r"(?<![^\W_])(?=[a-z]*\d|[b-df-hj-np-tv-z]{3})[a-z0-9]+(?![^\W_])"
_MEANT = re.compile(rf"{_MEANT_GROUP}(?:{_GAP}{_MEANT_GROUP})*")
_SHORTEST_MEANT = 8  # characters; with fewer than that it is no code with a slip
_DOSSIER = re.compile(r"[GH]\d{14}")  # a dossier code without its dots and dashes is as long
_MOST_LOOK_ALIKES = 1  # in what is no code: a slip has few, a Vietnamese word has many


class Sighting(NamedTuple):
    """Something between two offsets that is a code, or was meant to be one (``code`` empty)."""

    code: str
    start: int
    end: int


def sightings(text: str) -> list[Sighting]:
    """Find the codes in a text, typed or spelt, and what looks like one with a slip in it.

    Of those that overlap, a code goes before a slip, and what is typed as codes are shown before
    what only may be read so: "trong 7K2M0-…" begins with five letters as well.
    """
    text = text[:LONGEST_READ]
    digits = any(map(str.isdigit, text))
    if not digits and text.count(" ") < receipts.LENGTH - 1:  # too few words to spell one
        return []
    folded = "".join(map(_folded, text))
    found: list[Sighting] = []
    for each in sorted(_typed(folded), key=_strangeness(folded)) if digits else ():
        _add(found, each)
    for each in _spelt(folded):
        _add(found, each)
    return sorted(found, key=lambda each: each.start)


def _add(found: list[Sighting], new: Sighting) -> None:
    if all(new.end <= other.start or other.end <= new.start for other in found):
        found.append(new)


def _strangeness(text: str) -> Callable[[Sighting], tuple[bool, int]]:
    def of(each: Sighting) -> tuple[bool, int]:
        return not each.code, _strange(text[each.start : each.end].upper())

    return of


def _strange(typed: str) -> int:
    """Count the letters and digits that stand in no code as it is shown."""
    return sum(character.isalnum() and character not in receipts.ALPHABET for character in typed)


def masked(text: str, mask: str = MASK) -> str:
    """Return the text with a mask in the place of every code and near code."""
    for each in reversed(sightings(text)):
        text = f"{text[: each.start]}{mask}{text[each.end :]}"
    return text


def near(text: str) -> str:
    """Return the longest part of a text that may be meant as a code, however wrong; else nothing.

    For whoever was asked for one: groups of digits and capital consonants, or names of characters.
    """
    folded = "".join(map(_folded, text[:LONGEST_READ]))
    parts = [match[0] for pattern in (_MEANT, _RUN) for match in pattern.finditer(folded)]
    long = [part for part in parts if sum(map(str.isalnum, part)) >= _SHORTEST_MEANT]
    return max(long, key=len, default="")


@lru_cache(maxsize=4_096)
def _folded(letter: str) -> str:
    folded = fold(letter)
    return folded if len(folded) == 1 else letter


def _typed(text: str) -> Iterator[Sighting]:
    for match in _TYPED.finditer(text):
        joined = "".join(filter(str.isalnum, match[1])).upper()
        code = _judged(joined)
        if code is not None:
            yield Sighting(code, *match.span(1))


def _judged(joined: str) -> str | None:
    """Return the code, nothing for one with a slip, None for what was never meant as one."""
    digits = sum(map(str.isdigit, joined))
    if not 0 < digits < receipts.LENGTH or _DOSSIER.fullmatch(joined):
        return None
    try:
        return receipts.read(joined)
    except BadReceipt:
        groups = zip(*[iter(joined)] * receipts.GROUP, strict=True)
        mixed = sum(any(map(str.isdigit, group)) for group in groups)
        return "" if _strange(joined) <= _MOST_LOOK_ALIKES and mixed > 1 else None


def _spelt(text: str) -> Iterator[Sighting]:
    """Find codes said by the names of their characters: "bảy ca hai mờ không …"."""
    for run in _RUN.finditer(text):
        signs = list(_SIGNS.finditer(text, *run.span()))
        said = [receipts.CALLED.get(sign[0], sign[0].upper()) for sign in signs]
        for first in range(len(signs)):
            last, joined = first, said[first]
            while len(joined) < receipts.LENGTH and last + 1 < len(signs):
                last += 1
                joined += said[last]
            code = _judged(joined) if len(joined) == receipts.LENGTH else None
            if code:
                yield Sighting(code, signs[first].start(), signs[last].end())
                break
