"""Terms (thời hạn giải quyết): what is a real one, and what only fills a field.

The portal's unit OTHER is never a unit: "0 OTHER" means "see text" and "1 OTHER", on 752 ways to
file, is a placeholder and not one day.
"""

import re

from bot.procedures.official.fields import (
    MalformedRecord,
    Oddities,
    Oddity,
    Record,
    read_entries,
    read_line,
    read_mapping,
    read_number,
)
from bot.procedures.official.texts import heading, tidy
from bot.procedures.procedure import Duration, Term, TimeUnit

_UNITS = {
    "WORKING_DAY": TimeUnit.WORKING_DAY,
    "DAY": TimeUnit.DAY,
    "HOUR": TimeUnit.HOUR,
    "MONTH": TimeUnit.MONTH,
    "YEAR": TimeUnit.YEAR,
}
_LONGEST = 10_000
_NUMERAL = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?")
_SEE_BELOW = {"theo mô tả", "không"}
_TELLS_A_TERM = re.compile(
    r"\b(?:ngày|giờ|tháng|năm|tuần|tức thời|ngay|thời hạn|thời gian|phút)\b", re.IGNORECASE
)


def read_duration(amount: object, unit: str, odd: Oddities) -> Duration | None:
    """Return a published term, or None when the figure is absent, a placeholder or no figure."""
    if isinstance(amount, str):
        numeral = amount.strip()
        if not _NUMERAL.fullmatch(numeral):
            return None
        amount = float(numeral.replace(",", "."))
    number = read_number(amount, "a time limit")
    if number is None:
        return None
    if unit not in _UNITS or not 0 < number <= _LONGEST:
        odd[Oddity.PLACEHOLDER_TERM] += 1
        return None
    return Duration(amount=float(number), unit=_UNITS[unit])


def read_sentence(amount: object, odd: Oddities) -> str:
    """Return the words of a term that was written where its figure belongs; "" when none."""
    if not isinstance(amount, str):
        return ""
    words = tidy(amount)
    if not words or _NUMERAL.fullmatch(words) or words.lower() in _SEE_BELOW:
        return ""
    odd[Oddity.SENTENCE_TERM] += 1
    return words


def tells_a_term(text: str) -> bool:
    """Whether words say anything about time at all, or only where and how to file."""
    return bool(_TELLS_A_TERM.search(text))


def read_terms(detail: Record, procedure_name: str, odd: Oddities) -> tuple[Term, ...]:
    """Return the terms of the record's cases (trường hợp) that carry a real one."""
    terms = dict.fromkeys(
        term
        for case in read_entries(detail, "cases", odd)
        if (term := _read_term(case, procedure_name, odd)).duration
    )
    unnamed = [term for term in terms if not term.name]
    if len(unnamed) > 1:
        odd[Oddity.UNNAMED_TERMS_DIFFER] += 1
    return tuple(terms)


def _read_term(case: Record, procedure_name: str, odd: Oddities) -> Term:
    day = read_mapping(case.get("processingDay"), "processingDay")
    name = heading(read_line(case, "name"))
    if name.casefold() == heading(procedure_name).casefold():
        name = ""
    return Term(name=name, duration=read_duration(day.get("qty"), _unit(day), odd))


def _unit(day: Record) -> str:
    unit = day.get("type", "")
    if not isinstance(unit, str):
        raise MalformedRecord("the unit of a time limit is not a text")
    return unit
