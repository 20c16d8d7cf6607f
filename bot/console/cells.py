"""Text as the cell of a table that Excel, LibreOffice or Word will open. Pure.

A story may begin with ``=HYPERLINK(…)``, and whoever opens a table wants to read it, not run it. A
program takes a cell for a formula by its first character, so an apostrophe is put before it. A
program that takes another character for the separator sees other cells than we wrote: so whatever
could begin a cell then is treated alike, and no cell holds a line break.
"""

import re

# As formulas begin, also full-width, small, raised and lowered; a test holds the list to Unicode.
TRIGGERS = "=＝﹦⁼₌⩵⩶+＋﹢⁺₊﬩-－﹣⁻₋−@＠﹫"
SEPARATORS = ",;|"
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"

# What XML, and with it .xlsx and .docx, cannot hold: control characters, halves of pairs.
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEGINS_A_FORMULA = re.compile(
    f'(?P<before>(?:^|[{SEPARATORS}])[\\s"{INVISIBLE}]*)(?=[{re.escape(TRIGGERS)}])'
)


def as_cell(text: str) -> str:
    """Return the same words on one line, that no program takes for a formula.

    Doing it again changes nothing.
    """
    line = " ".join(_UNFIT.sub(" ", text).split())
    return _BEGINS_A_FORMULA.sub(r"\g<before>'", line)
