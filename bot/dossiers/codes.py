"""Dossier codes (mã hồ sơ) as people type, copy and dictate them.

A code has an agency, a date and a serial: ``H29.16-250721-0001``, ``000.00.04.H51-200221-0001``.
Its *key* is its letter and digits without any sign between. Dossiers are kept and looked for by
their key, so that a missing dot, a blank or a long dash loses nobody their dossier.

Source of the layouts: Circular 03/2025/TT-VPCP, Art. 13, and codes seen in public.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
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
    written: str  # as a paper shows it; without the agency's dots where they were left out
    start: int
    end: int


def read_code(text: str) -> FoundCode | None:
    """Return the code that a text is, however written; None when it is none, or holds more."""
    folded = fold(clean(text)).strip()
    found = next(find_codes(folded), None)
    return found if found is not None and found[2:] == (0, len(folded)) else None


def find_codes(folded: str) -> Iterator[FoundCode]:
    """Yield the codes in a text that is cleaned and folded already, in their order.

    What follows a code, such as a telephone number, does not spoil it.
    """
    for match in _CODE.finditer(folded):
        groups = list(_GROUP.finditer(folded, *match.span("rest")))
        digits = [group[0].translate(_AS_DIGITS) for group in groups]
        for count in _counts(digits):
            parts = _parts(digits[:count])
            if parts:
                before = [each.translate(_AS_DIGITS) for each in _GROUP.findall(match["before"])]
                yield _found(
                    before, match["letter"].upper(), parts, match.start(), groups[count - 1].end()
                )
                break


def _found(before: list[str], letter: str, parts: "_Parts", start: int, end: int) -> FoundCode:
    agency, day, serial = parts
    key = f"{''.join(before)}{letter}{''.join(agency)}{day}{serial}"
    first, *others = agency
    written = ".".join([*before, f"{letter}{first}", *others])
    return FoundCode(key, f"{written}-{day}-{serial}", start, end)


_Parts = tuple[Sequence[str], str, str]


def _counts(groups: Sequence[str]) -> Iterator[int]:
    """Yield how many groups to try as a code: where signs set a date apart, these first."""
    for count in range(3, len(groups) + 1):
        if _is_date(groups[count - 2]):
            yield count
    yield from range(len(groups), 0, -1)


def _parts(groups: Sequence[str]) -> _Parts | None:
    """Cut groups of digits into the agency's, a date and a serial; None when they are no code.

    People leave signs out: then the date is looked for where the shortest serial leaves it.
    """
    if len(groups) >= 3 and _are_parts("".join(groups[:-2]), *groups[-2:]):
        return groups[:-2], groups[-2], groups[-1]
    digits = "".join(groups)
    for length in _SERIAL_DIGITS:
        cut = len(digits) - length - _DATE_DIGITS
        agency, day, serial = digits[: max(cut, 0)], digits[cut:-length], digits[-length:]
        if _are_parts(agency, day, serial):
            return (agency,), day, serial
    return None


def _are_parts(agency: str, day: str, serial: str) -> bool:
    return len(agency) in _AGENCY_DIGITS and len(serial) in _SERIAL_DIGITS and _is_date(day)


@lru_cache(maxsize=4096)
def _is_date(day: str) -> bool:
    if len(day) != _DATE_DIGITS:
        return False
    try:
        return datetime.strptime(day, "%y%m%d").year in _YEARS  # noqa: DTZ007 - no instant
    except ValueError:
        return False
