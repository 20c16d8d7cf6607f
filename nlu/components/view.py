"""A message as the entity finders read it: clean, lower case, and each letter knows its origin."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from bot.vietnamese import clean, fold

LONGEST_READ = 4_000  # characters of a message in which entities are looked for
_LETTER_WITH_MARKS = re.compile(r"(?s).[\u0300-\u036f\u200b-\u200d]{0,4}")
_ACCENTED = re.compile(r"[^\x00-\x7f]")


class View(NamedTuple):
    """``accented`` and ``folded`` are equally long.

    ``offsets`` lead into the original: one for each letter and one for the end.
    """

    accented: str
    folded: str
    offsets: Sequence[int]


class Found(NamedTuple):
    """An entity between two offsets of the view; ``date`` is an ISO date, where it means one."""

    entity: str
    value: Any
    start: int
    end: int
    date: str | None = None


def view(text: str) -> View:
    """Take every letter for itself, so that offsets survive what cleaning drops or joins."""
    letters = _LETTER_WITH_MARKS.findall(text[:LONGEST_READ])
    plain = [_plain(letter) for letter in letters]
    accented = "".join(plain)
    return View(accented, "".join(map(_folded, accented)), _offsets(letters, plain))


def either_way(pattern: str) -> re.Pattern[str]:
    """Compile a pattern so that its accented letters are met without their accents as well."""
    return re.compile(_ACCENTED.sub(lambda letter: f"[{letter[0]}{fold(letter[0])}]", pattern))


def _offsets(letters: Sequence[str], plain: Sequence[str]) -> list[int]:
    offsets, at = [], 0
    for letter, piece in zip(letters, plain, strict=True):
        offsets += [at] * len(piece)
        at += len(letter)
    return [*offsets, at]


@lru_cache(maxsize=4_096)
def _plain(letter: str) -> str:
    return " " if letter[0].isspace() else clean(letter).lower()


@lru_cache(maxsize=4_096)
def _folded(letter: str) -> str:
    folded = fold(letter)
    return folded if len(folded) == 1 else letter
