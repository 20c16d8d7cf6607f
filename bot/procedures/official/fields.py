"""Reading single fields strictly: absent is silence, a wrong type is a malformed record.

MalformedRecord is the only error this package raises, whatever the record holds.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum

from bot.procedures.official.texts import one_line, tidy
from bot.working_time.zone import VIETNAM

Record = Mapping[str, object]

_CODE = re.compile(r"[0-9]\.[0-9]{6,9}")
_DELETED = re.compile(r"\s*-\s*xoa$", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,64}")
_FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1000
_LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000


class MalformedRecord(Exception):
    """A record that cannot be understood; the message says which field and why, for operators."""


class Oddity(Enum):
    """What was strange in a record but could be resolved; the value is read by operators."""

    CODE_MENDED = "code with blanks or a deletion mark, mended"
    PLACEHOLDER_TERM = "time limit that is only a placeholder, left out"
    SENTENCE_TERM = "time limit given as a sentence"
    UNNAMED_TERMS_DIFFER = "several cases without a name and with different time limits"
    EMPTY_FEE = "fee of zero without words, read as not published"
    FEE_ONLY_AS_FILE = "fee given only as an attached file, left out"
    FEE_CONFLICT = "fee whose words and figure disagree, words kept"
    FEE_UNIT_UNCLEAR = "fee whose figure has no clear unit, told in words"
    FEE_IN_THOUSANDS = "fee figure in thousands, as its words show"
    FEE_KIND_UNKNOWN = "fee of an unknown kind, read as phí"
    NOTE_AMONG_PAPERS = "heading or remark among the papers, kept as a note"
    NAMELESS_PAPER = "paper without a name"
    STRANGE_QUANTITY = "impossible number of originals or copies, left out"
    FORM_WITHOUT_ID = "blank form without a usable id, left out"
    NULL_ENTRY = "empty entry in a list"
    UNKNOWN_AUDIENCE = "unknown kind of applicant, read as other"
    UNKNOWN_METHOD = "unknown way to file, left out"
    NO_AGENCY = "no agency named"
    FUTURE_DECISION = "decision dated long after the record itself, date left out"
    NAMES_DISTRICT = "names a district body, abolished on 1 July 2025"


Oddities = Counter[Oddity]


def read_mapping(value: object, name: str) -> Record:
    """Return ``value`` when it is an object, an empty one for null."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise MalformedRecord(f"{name} is not an object")
    return value


def read_text(record: Record, name: str) -> str:
    """Return a tidied text that keeps its lines; "" when absent."""
    return tidy(_raw_text(record, name))


def read_line(record: Record, name: str) -> str:
    """Return a tidied text on one line; "" when absent."""
    return one_line(_raw_text(record, name))


def _raw_text(record: Record, name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedRecord(f"{name} is not a text")
    return value


def read_flag(record: Record, name: str) -> bool:
    """Return a truth value; False when absent."""
    value = record.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise MalformedRecord(f"{name} is neither true nor false")
    return value


def read_entries(record: Record, name: str, odd: Oddities) -> Iterator[Record]:
    """Yield the objects of a list; null entries are counted and passed over."""
    value = record.get(name)
    if value is None:
        return
    if not isinstance(value, list):
        raise MalformedRecord(f"{name} is not a list")
    for entry in value:
        if entry is None:
            odd[Oddity.NULL_ENTRY] += 1
        elif isinstance(entry, Mapping):
            yield entry
        else:
            raise MalformedRecord(f"{name} holds something that is not an object")


def read_number(value: object, name: str) -> float | int | None:
    """Return a finite number; None when absent."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedRecord(f"{name} is not a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise MalformedRecord(f"{name} is not a finite number")
    return value


def read_day(record: Record, name: str) -> date | None:
    """Return the day in Vietnam of an instant in milliseconds; None when absent."""
    value = read_number(record.get(name), name)
    if value is None:
        return None
    if not _FIRST_MOMENT <= value <= _LAST_MOMENT:
        raise MalformedRecord(f"{name} is no plausible instant in milliseconds")
    return datetime.fromtimestamp(value / 1000, VIETNAM).date()


def read_identifier(record: Record, name: str) -> str:
    """Return an id of the portal; "" when absent or when it could not be one."""
    value = _raw_text(record, name).strip()
    return value if _IDENTIFIER.fullmatch(value) else ""


def clean_code(text: str) -> str:
    """Return a code (mã TTHC) without blanks and deletion marks; raises MalformedRecord."""
    code = _DELETED.sub("", one_line(text))
    if not _CODE.fullmatch(code):
        raise MalformedRecord("code does not look like 1.001193")
    return code


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the non-empty texts once each, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))
