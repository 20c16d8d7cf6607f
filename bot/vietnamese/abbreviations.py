"""Teencode and abbreviations (viết tắt) written out, from the list in ``abbreviations.tsv``.

A volunteer extends the list, not this code. Rows of one abbreviation are tried from the top; a row
whose third column names words fits only when one of them follows, with or without diacritics
("$": the end of the message).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.vietnamese.folding import fold
from bot.vietnamese.tones import place_tone

END = "$"
_PARTS = re.compile(r"([./\-]+)")
_DOMAINS = frozenset({"vn", "com", "net", "org", "info", "edu", "io", "me"})


class Reading(NamedTuple):
    """One meaning of an abbreviation; no ``before`` (folded words): it always holds."""

    full: str
    before: frozenset[str]


def expand(words: Sequence[str]) -> list[str]:
    """Lower-case words of one message, each with its tone in place and written out when short.

    One for one: the result has as many entries as ``words``, an entry may hold several words.
    What has no sure reading stays as it is.
    """
    expanded = list(words)
    follower = END
    for index in range(len(words) - 1, -1, -1):  # backwards: a reading sees its expanded follower
        word = words[index]
        if not word.isalnum():
            expanded[index] = _glued(word)
        elif len(word) > 1 or index == 0 or not words[index - 1][-1].isdigit():
            # One letter behind a number is a unit or a label: "500 k", "điểm 2 e".
            expanded[index] = _written_out(word, follower)
        follower = expanded[index].partition(" ")[0]
    return expanded


def _written_out(word: str, follower: str) -> str:
    for reading in _readings().get(word, ()):
        if not reading.before or fold(follower) in reading.before:
            return reading.full
    return place_tone(word)


def _glued(word: str) -> str:
    """Words that only lack a space ("cccd/cmnd", "ko.mình"); codes and addresses stay."""
    parts = _PARTS.split(word)
    if not all(len(part) > 1 and part.isalpha() for part in parts[::2]) or parts[-1] in _DOMAINS:
        return word
    parts[::2] = [_written_out(part, "") for part in parts[::2]]
    return "".join(parts)


@lru_cache(maxsize=1)
def _readings() -> dict[str, tuple[Reading, ...]]:
    readings: dict[str, tuple[Reading, ...]] = {}
    table = Path(__file__).with_name("abbreviations.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            short, full, *before = line.split("\t")
            reading = Reading(full, frozenset(fold("".join(before)).split()))
            readings[short] = (*readings.get(short, ()), reading)
    return readings
