"""Which report somebody wants, as the address of a page says it. Pure.

period      week, month (when it is not said), quarter, half, year or range
on          a day within the period; today when it is not said
by          14: periods of administrative reports, which end with the 14th
from, to    the days of a range
province, commune     codes of units of today
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from bot.feedback.reports.periods import LONGEST, Period, Span, period_of

_CODE = re.compile(r"\d{1,8}", re.ASCII)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


class BadWish(Exception):
    """An address that asks for no report; ``field`` names what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} cannot be understood")
        self.field = field


@dataclass(frozen=True)
class Wish:
    """A period, and a place within the area of whoever asks; empty: all of it."""

    period: Period
    province: str = ""
    commune: str = ""

    def covers(self, province_code: str | None, commune_code: str | None) -> bool:
        """Tell whether a case of that place is asked for."""
        return self.province in ("", province_code) and self.commune in ("", commune_code)

    def query(self, period: Period | None = None) -> str:
        """Return the query string that asks for it, or for the same of another period."""
        period = period or self.period
        pairs = {"period": period.span.value}
        if period.span is Span.RANGE:
            pairs |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
        else:
            pairs["on"] = period.last.isoformat()
        if period.by_the_14th:
            pairs["by"] = "14"
        pairs |= {"province": self.province} if self.province else {}
        pairs |= {"commune": self.commune} if self.commune else {}
        return urlencode(pairs)


def read_wish(query: Mapping[str, str], today: date) -> Wish:
    """Return what is asked for; raises BadWish."""
    said = {name: value.strip() for name, value in query.items()}
    return Wish(
        _period(said, today),
        _code(said.get("province", ""), "province"),
        _code(said.get("commune", ""), "commune"),
    )


def _period(said: Mapping[str, str], today: date) -> Period:
    by = said.get("by", "")
    if by not in ("", "14"):
        raise BadWish("by")
    try:
        span = Span(said.get("period") or Span.MONTH.value)
    except ValueError:
        raise BadWish("period") from None
    if span is not Span.RANGE:
        return period_of(span, _day(said.get("on", ""), "on", today), by_the_14th=by == "14")
    last = _day(said.get("to", ""), "to", today)
    first = _day(said.get("from", ""), "from", last)
    if not timedelta() <= last - first < timedelta(days=LONGEST):
        raise BadWish("to")
    return Period(span, first, last)


def _day(text: str, field: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadWish(field) from None
    if not _EARLIEST <= day <= _LATEST:
        raise BadWish(field)
    return day


def _code(text: str, field: str) -> str:
    if text and not _CODE.fullmatch(text):
        raise BadWish(field)
    return text
