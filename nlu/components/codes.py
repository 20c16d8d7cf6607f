"""Codes that a citizen copies off a paper or dictates: procedures, dossiers, receipts, phones.

A procedure code (mã thủ tục) looks like 1.001193; a dossier code (mã hồ sơ) has an agency, a date
and a serial, H29.16-250721-0001, and arrives with spaces, in lower case, with the letter O for a
zero; a receipt code of the national portal (mã phản ánh) is PAKN.20261008.0001. Our own receipt
codes (mã tiếp nhận) are read by the room that makes them.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.feedback.sightings import sightings
from nlu.components.view import Found, View

_D = "[0-9o]"
_DASH = r"(?:\s?-\s?|\s|\s?_\s?)"
_DOSSIER = re.compile(
    rf"(?<![\w.])((?:{_D}{{2,3}}\s?\.\s?){{0,3}}[gh]\s?{_D}{{2}}(?:\s?\.\s?{_D}{{1,3}}){{0,3}})"
    rf"{_DASH}({_D}{{6}}){_DASH}({_D}{{4,8}})(?!\w)"
)
_PROCEDURE = re.compile(r"(?<![\w.,-])([1-9])\s?\.\s?(\d{6})(?![\d-])")
_RECEIPT = re.compile(r"(?<!\w)pakn[\s.-]?(\d{8})[\s.-](\d{3,6})(?!\w)")
_PHONE = re.compile(r"(?<![\w.+-])(?:\+?84[\s.-]?|0)((?:2\d|[35789])(?:[\s.-]?\d){8})(?![\d]|-\d)")
_MOBILE_DIGITS, _LANDLINE_DIGITS = 9, 10  # without the leading 0


def find_codes(view: View) -> Iterator[Found]:
    """All codes and phone numbers, each in its one canonical writing."""
    for sighting in sightings(view.folded):
        if sighting.code:
            yield Found("receipt_code", sighting.code, sighting.start, sighting.end)
    if not any(character.isdigit() for character in view.folded):
        return
    yield from _dossiers(view)
    for match in _PROCEDURE.finditer(view.folded):
        yield Found("procedure_code", f"{match[1]}.{match[2]}", *match.span())
    for match in _RECEIPT.finditer(view.folded):
        yield Found("receipt_code", f"PAKN.{match[1]}.{match[2]}", *match.span())
    yield from _phones(view)


def _dossiers(view: View) -> Iterator[Found]:
    for match in _DOSSIER.finditer(view.folded):
        agency, day, serial = (re.sub(r"\s", "", part).replace("o", "0") for part in match.groups())
        if _is_date(day):
            yield Found("dossier_code", f"{agency}-{day}-{serial}".upper(), *match.span())


def _is_date(day: str) -> bool:
    try:
        datetime.strptime(day, "%y%m%d")  # noqa: DTZ007 - only whether there is such a day
    except ValueError:
        return False
    return True


def _phones(view: View) -> Iterator[Found]:
    for match in _PHONE.finditer(view.folded):
        digits = re.sub(r"\D", "", match[1])
        expected = _LANDLINE_DIGITS if digits.startswith("2") else _MOBILE_DIGITS
        if len(digits) == expected:
            yield Found("phone", "0" + digits, *match.span())
