"""Fees (phí, lệ phí): words before figures, silence instead of zero, doubt said as doubt."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.procedures.official.fields import (
    Oddities,
    Oddity,
    Record,
    read_entries,
    read_line,
    read_mapping,
    read_number,
    read_text,
)
from bot.procedures.procedure import Fee, FeeKind

_KINDS = {"FEE": FeeKind.FEE, "SERVICE_FEE": FeeKind.CHARGE, "PRICE_LEVEL": FeeKind.PRICE}
_SMALLEST_DONG = 1_000  # no official fee is lower: such a figure is thousands or another currency
_LARGEST = 10**13
_MULTIPLES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_AMOUNT = re.compile(
    r"(?P<bound>\b(?:trên|dưới|từ|đến|tới|quá)\s+)?"
    r"(?P<dollar>\$\s*)?"
    r"(?<![\w./])(?P<number>(?>[0-9]{1,3}(?:[.,\s][0-9]{3})+|[0-9]+(?:,[0-9]{1,2})?))(?![0-9])"
    r"\s*(?P<multiple>nghìn|ngàn|triệu|tr|tỷ|tỉ)?\s*"
    r"(?P<currency>đồng|vnđ|vnd|đ|usd|us\$|\$|đô la mỹ|đô la)?(?!\w)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[.,\s](?=[0-9]{3}(?![0-9]))")


class Amount(NamedTuple):
    """A sum of money found in words; ``currency`` is "" when the words do not name one."""

    value: float
    currency: str


def read_fees(way: Record, odd: Oddities) -> tuple[Fee, ...]:
    """Return the published fee lines of one way to file, equal ones once."""
    entries = read_entries(way, "fees", odd)
    fees = (_read_fee(entry, odd) for entry in entries)
    return tuple(dict.fromkeys(fee for fee in fees if fee))


def _read_fee(entry: Record, odd: Oddities) -> Fee | None:
    words = read_text(entry, "description")
    value = read_number(entry.get("value"), "a fee")
    if not value or not 0 < value <= _LARGEST:
        return _fee_in_words(entry, words, odd)
    return _fee_with_figure(_read_kind(entry, odd), value, _read_currency(entry), words, odd)


def _fee_in_words(entry: Record, words: str, odd: Oddities) -> Fee | None:
    if words:
        return Fee(kind=_read_kind(entry, odd), text=words)
    only_file = entry.get("attachment") is not None
    odd[Oddity.FEE_ONLY_AS_FILE if only_file else Oddity.EMPTY_FEE] += 1
    return None


def _read_kind(entry: Record, odd: Oddities) -> FeeKind:
    kind = read_line(entry, "type")
    if kind not in _KINDS:
        odd[Oddity.FEE_KIND_UNKNOWN] += 1
    return _KINDS.get(kind, FeeKind.FEE)


def _read_currency(entry: Record) -> str:
    """Return "VND", "USD" or "" when the record does not name a currency."""
    currency = read_mapping(entry.get("currency"), "currency")
    name = (read_line(entry, "currencyName") or read_line(currency, "name")).casefold()
    if "usd" in name or "đô la" in name:
        return "USD"
    return "VND" if "đồng" in name or "vnd" in name else ""


def _fee_with_figure(kind: FeeKind, value: float, currency: str, words: str, odd: Oddities) -> Fee:
    told = list(amounts_in(words))
    for amount in told:
        named = amount.currency or currency or "VND"
        if amount.value == value and (not currency or currency == named):
            return Fee(kind=kind, amount=float(value), currency=named, text=words)
    if any(amount.value == value * 1000 and amount.currency != "USD" for amount in told):
        odd[Oddity.FEE_IN_THOUSANDS] += 1
        return Fee(kind=kind, amount=float(value * 1000), text=words)
    if told:
        odd[Oddity.FEE_CONFLICT] += 1
        return Fee(kind=kind, text=words, conflicting=True)
    if currency != "USD" and value < _SMALLEST_DONG:
        odd[Oddity.FEE_UNIT_UNCLEAR] += 1
        return Fee(kind=kind, text=_doubtful(value, words))
    return Fee(kind=kind, amount=float(value), currency=currency or "VND", text=words)


def _doubtful(value: float, words: str) -> str:
    """Tell a figure without a unit as what it is; 1 is a placeholder when words stand beside it."""
    if value == 1 and words:
        return words
    figure = f"{value:g} (dữ liệu không ghi rõ đơn vị tiền)"
    return f"{figure}: {words}" if words else figure


def amounts_in(words: str) -> Iterator[Amount]:
    """Yield the sums of money in ``words``: with a currency, or written like 150.000.

    Bounds are left out: "giá trị trên 280 tỷ đồng" says what a fee is taken of, not how much.
    """
    for match in _AMOUNT.finditer(words):
        if match["bound"]:
            continue
        number, multiple = match["number"], (match["multiple"] or "").lower()
        currency = _named_currency(match["currency"] or match["dollar"] or "")
        grouped = _GROUPED.search(number) is not None
        if currency or grouped or multiple:
            yield Amount(_parse_number(number) * _MULTIPLES.get(multiple, 1), currency)


def _parse_number(number: str) -> float:
    return float(_GROUPED.sub("", number).replace(",", "."))


def _named_currency(text: str) -> str:
    text = text.strip().lower()
    if not text:
        return ""
    return "VND" if text in {"đồng", "đ", "vnđ", "vnd"} else "USD"
