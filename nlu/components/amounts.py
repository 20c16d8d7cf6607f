"""Amounts of money (số tiền) in đồng: 500k, 2 triệu rưỡi, 1tr2, 200.000đ, năm trăm nghìn."""

import re
from collections.abc import Iterator

from bot.vietnamese import fold
from nlu.components.view import Found, View, either_way

_NUMERALS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_VALUES = {fold(numeral): value for value, numeral in enumerate(_NUMERALS, start=1)}
_SCALES = {
    "k": 1_000,
    **dict.fromkeys(("nghin", "ngan"), 1_000),
    **dict.fromkeys(("trieu", "tr", "cu"), 1_000_000),  # củ is slang
    "ty": 1_000_000_000,
}
_DONG = r"(?:\s?(?:đồng|vnd|vnđ|đ)(?!\w))"
_SCALED = either_way(
    rf"(?<![\w.,])(?:(?P<number>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?|(?P<word>{'|'.join(_NUMERALS)})\s)"
    rf"(?P<hundred>trăm\s?)?(?P<scale>k|nghìn|ngàn|triệu|tr|củ|tỷ)"
    rf"(?:\s?(?P<half>rưỡi)|(?P<tail>\d)(?!\d))?{_DONG}?(?!\w)"
)
_PLAIN = either_way(
    rf"(?<![\w.,-])(?P<amount>\d{{1,3}}(?:[.,]\d{{3}})+|\d{{4,9}})(?P<dong>{_DONG})?(?!\w|[.,-]\d)"
)
_SURELY_MONEY = 10_000  # đồng; smaller numbers need the word đồng


def find_amounts(view: View) -> Iterator[Found]:
    """Each amount with its value in đồng."""
    for match in _SCALED.finditer(view.accented):
        if _is_scale(match):
            yield Found("money", _scaled(match), *match.span())
    for match in _PLAIN.finditer(view.accented):
        amount = int(re.sub(r"\D", "", match["amount"]))
        pointed = not match["amount"].isdigit()
        if match["dong"] or (pointed and amount >= _SURELY_MONEY):
            yield Found("money", amount, *match.span())


def _is_scale(match: re.Match[str]) -> bool:
    """Without its hook củ may be cụ or cũ; a lone k is mostly "không" unless behind "50"."""
    if match["scale"] == "k":
        touching = match.string[match.start("scale") - 1].isdigit()
        return touching or len(match["number"] or "") > 1
    return match["scale"] != "cu"


def _scaled(match: re.Match[str]) -> int:
    number = match["number"]
    amount = float(number.replace(",", ".")) if number else float(_VALUES[fold(match["word"])])
    if match["hundred"]:
        amount *= 100
    tail = 0.5 if match["half"] else int(match["tail"] or 0) / 10
    return round((amount + tail) * _SCALES[fold(match["scale"])])
