"""Dossier codes (mã hồ sơ) as people type, copy and dictate them.

A code has an agency, a date and a serial: ``H29.16-250721-0001``, ``000.00.04.H51-200221-0001``.
Its *key* is its letter and digits without any sign between. Dossiers are kept and looked for by
their key, so that a missing dot, a blank or a long dash loses nobody their dossier.

Source of the layouts: Circular 03/2025/TT-VPCP, Art. 13, and codes seen in public.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.vietnamese import clean, fold

_D = "[0-9oil]"  # digits, and the letters that are typed for 0 and 1
_SIGNS = r"[\s._/–-]"
_CODE = re.compile(
    rf"(?<!\w)(?P<before>(?:{_D}{{2,3}}{_SIGNS}{{0,3}}){{0,3}})"
    rf"(?P<letter>[gh]){_SIGNS}{{0,3}}(?P<rest>{_D}(?:{_SIGNS}{{0,3}}{_D}){{11,40}})(?!\w)"
)
_GROUP = re.compile(f"{_D}+")
_AS_DIGITS = str.maketrans("oil", "011")
_DATE_DIGITS = 6
_SERIAL_DIGITS = (4, 5, 6, 7, 8)  # the shortest is the usual one
_AGENCY_DIGITS = range(2, 12)
_YEARS = range(2010, 2040)


class FoundCode(NamedTuple):
    """A code in a text, and where it stands."""

    key: str
    start: int
    end: int


def key_of(code: str) -> str | None:
    """Return the key of a text that is one code and nothing else, however written; else None."""
    text = fold(clean(code)).strip()
    return next((found.key for found in find_codes(text) if found[1:] == (0, len(text))), None)


def find_codes(folded: str) -> Iterator[FoundCode]:
    """Yield the codes in a text that is cleaned and folded already, in their order.

    What follows a code, such as a telephone number, does not spoil it.
    """
    for match in _CODE.finditer(folded):
        groups = list(_GROUP.finditer(folded, *match.span("rest")))
        count = _how_many([group[0].translate(_AS_DIGITS) for group in groups])
        if count:
            end = groups[count - 1].end()
            yield FoundCode(_key(folded[match.start() : end]), match.start(), end)


def _key(code: str) -> str:
    letter = "g" if "g" in code else "h"
    before, _, rest = code.partition(letter)
    parts = ("".join(_GROUP.findall(part)).translate(_AS_DIGITS) for part in (before, rest))
    return letter.upper().join(parts)


def _how_many(groups: Sequence[str]) -> int:
    """Return how many of the groups of digits make up a code; 0 when they begin none.

    Signs that set a date apart are believed. People leave them out, too: then the digits must
    fall into an agency, a date and a serial somewhere, and as many of them as possible.
    """
    for count in range(3, len(groups) + 1):
        if _are_parts("".join(groups[: count - 2]), *groups[count - 2 : count]):
            return count
    for count in range(len(groups), 0, -1):
        digits = "".join(groups[:count])
        ends = ((-length - _DATE_DIGITS, -length) for length in _SERIAL_DIGITS)
        if any(_are_parts(digits[:day], digits[day:end], digits[end:]) for day, end in ends):
            return count
    return 0


def _are_parts(agency: str, day: str, serial: str) -> bool:
    return len(agency) in _AGENCY_DIGITS and len(serial) in _SERIAL_DIGITS and _is_date(day)


def _is_date(day: str) -> bool:
    if len(day) != _DATE_DIGITS:
        return False
    try:
        return datetime.strptime(day, "%y%m%d").year in _YEARS  # noqa: DTZ007 - no instant
    except ValueError:
        return False
