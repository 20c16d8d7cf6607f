"""Tidying the portal's texts: one Unicode form, no leftovers of lost tables and word processors."""

import re
import unicodedata

_GONE = {"Cc", "Cf", "Cs", "Cn"}  # control, invisible, half a surrogate pair, unassigned
_SPACES = {"Zs", "Zl", "Zp"}
_PRIVATE_BULLET = re.compile(r"[\ue000-\uf8ff][ \t]*")
_RUN_OF_SPACES = re.compile(r" {2,}")
_BULLET = re.compile(r"^(?:[-–—+*•●▪◦·○■□–❖➢✓]+\s*)+")


def tidy(text: str) -> str:
    """Return ``text`` in NFC with its line breaks kept and every other oddity of spacing gone."""
    if not text.isascii():
        text = _PRIVATE_BULLET.sub("- ", unicodedata.normalize("NFC", text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tidied = (_tidy_line(line) for line in lines)
    return "\n".join(line for line in tidied if line)


def one_line(text: str) -> str:
    """Return ``text`` tidied and on one line."""
    return tidy(text).replace("\n", " ")


def without_bullet(text: str) -> str:
    """Drop leading bullets ("-", "+", "*"); "a)" and "(1)" stay, other papers refer to them."""
    return _BULLET.sub("", text)


def heading(text: str) -> str:
    """Return a heading without its bullet and without the colon that ends it."""
    return without_bullet(one_line(text)).rstrip(" :.;")


def _tidy_line(line: str) -> str:
    if not line.isprintable():
        line = "".join(map(_tidy_character, line))
    if "  " in line:
        line = _RUN_OF_SPACES.sub(" ", line)
    return line.strip()


def _tidy_character(character: str) -> str:
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category in _GONE:
        return ""
    return " " if category in _SPACES else character
