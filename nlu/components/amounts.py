"""Amounts of money (số tiền) in đồng: 500k, 2 triệu rưỡi, 1tr2, 200.000đ, năm trăm nghìn, 5 lít.

Slang counts (lít and xị are a hundred thousand, củ and chai a million) where somebody gives or
takes, and nothing is measured: "đòi 5 lít", not "5 lít xăng".
"""

import re
from collections.abc import Iterator

from bot.vietnamese import fold
from nlu.components.numerals import NUMERALS, number_of
from nlu.components.view import Found, View, either_way

_SCALES = {
    "k": 1_000,
    **dict.fromkeys(("nghin", "ngan"), 1_000),
    **dict.fromkeys(("lit", "xi"), 100_000),
    **dict.fromkeys(("trieu", "tr", "cu", "chai", "m"), 1_000_000),
    "ty": 1_000_000_000,
}
_SLANG = ("lit", "xi", "chai", "m")
_DONG = r"(?:\s?(?:đồng|vnd|vnđ|đ)(?!\w))"
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_IN_WORDS = rf"(?:{'|'.join(NUMERALS)})"
# What may follow an amount in a sentence that goes on; a thing that is counted may not.
_GOES_ON = (
    r"(?=\s*(?:$|[^\w\s]|(?:là|mà|mới|nữa|luôn|thôi|rồi|thì|cho|để|lận|đó|đấy|ạ|nha|nhé|chứ|tiền|bạc"
    r"|không|ko|vẫn|còn|hết|xong|bao|làm|nói|bảo|kêu|đi|với|và|hay|hoặc|chưa)(?!\w)))"
)
_SCALED = either_way(
    rf"(?<![\w.,])(?:(?P<number>{_NUMBER})\s?(?P<hundred>trăm\s?)?"
    rf"|(?P<words>{_IN_WORDS}(?:\s{_IN_WORDS}){{0,4}})\s|(?P<part>nửa)\s)"
    r"(?P<scale>k|nghìn|ngàn|triệu|tr|củ|tỷ|lít|xị|chai|m)"
    rf"(?:\s?(?P<half>rưỡi|rưởi)|(?P<tail>\d)(?!\d)|\s(?P<far>\d|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín)"
    rf"{_GOES_ON})?{_DONG}?(?!\w)"
)
_HALVED = either_way(
    r"(?<!\w)(?:(?P<hundreds>\d|hai|ba|bốn|năm)\s)?(?P<unit>trăm|triệu)\s(?:rưỡi|rưởi)(?!\w)"
)
_NOTE = either_way(r"(?<!\w)tờ\s(?P<note>[125]00)(?:k|\s(?:nghìn|ngàn))?(?!\w|[.,]\d)")
_PLAIN = either_way(
    rf"(?<![\w.,-])(?P<amount>\d{{1,3}}(?:[.,]\d{{3}})+|\d{{4,9}})(?P<dong>{_DONG})?(?!\w|[.,-]\d)"
)
_CHANGES_HANDS = either_way(
    r"(?<!\w)(?:đòi|đưa|cho|vòi|bồi dưỡng|kẹp|nhét|biếu|lót tay|hét|xin|lấy|thu|mất|tốn|chung chi"
    r"|gửi|phong bì|giá|nộp|trả|đóng|bảo|bôi trơn|gợi ý|phải có|thêm)(?!\w)[^.;!?]{0,30}$"
)
_VAGUE = either_way(r"(?<!\w)(?:mấy|vài)\s$")
_SLANG_GOES_ON = either_way(_GOES_ON)
_NEAR = 50  # characters before an amount in which a word says what happens to it
_SURELY_MONEY = 10_000  # đồng; smaller numbers need the word đồng


def find_amounts(view: View) -> Iterator[Found]:
    """Each amount with its value in đồng; of those that overlap the first is the one to take."""
    for match in _SCALED.finditer(view.accented):
        amount = _scaled(match)
        if amount is not None and _is_scale(match) and not _is_vague(match):
            yield Found("money", amount, *match.span())
    for match in _HALVED.finditer(view.accented):
        yield Found("money", _halved(match), *match.span())
    for match in _NOTE.finditer(view.accented):
        yield Found("money", int(match["note"]) * 1_000, *match.span())
    for match in _PLAIN.finditer(view.accented):
        amount = int(re.sub(r"\D", "", match["amount"]))
        pointed = not match["amount"].isdigit()
        if match["dong"] or (pointed and amount >= _SURELY_MONEY):
            yield Found("money", amount, *match.span())


def _is_scale(match: re.Match[str]) -> bool:
    """Without its hook củ may be cụ or cũ; a lone k is mostly "không" unless behind "50"."""
    scale = fold(match["scale"])
    if scale == "k":
        touching = match.string[match.start("scale") - 1].isdigit()
        return touching or len(match["number"] or "") > 1
    if scale in _SLANG:
        return _changes_hands(match)
    return match["scale"] != "cu"


def _changes_hands(match: re.Match[str]) -> bool:
    before = _CHANGES_HANDS.search(match.string, max(0, match.start() - _NEAR), match.start())
    return bool(before and _SLANG_GOES_ON.match(match.string, match.end()))


def _is_vague(match: re.Match[str]) -> bool:
    """Tell whether it is a guess: "mấy chục triệu", "vài trăm ngàn"."""
    return _VAGUE.search(match.string, max(0, match.start() - _NEAR), match.start()) is not None


def _scaled(match: re.Match[str]) -> int | None:
    if match["words"]:
        whole = number_of(match["words"].split())
        if whole is None:
            return None
        amount = float(whole)
    else:
        amount = float(match["number"].replace(",", ".")) if match["number"] else 0.5
    if match["hundred"]:
        amount *= 100
    tail = 0.5 if match["half"] else _digit(match["tail"] or match["far"]) / 10
    return round((amount + tail) * _SCALES[fold(match["scale"])])


def _halved(match: re.Match[str]) -> int:
    """Two hundred and fifty thousand is "hai trăm rưỡi", a million and a half "triệu rưỡi"."""
    if fold(match["unit"]) == "trieu":
        return 1_500_000
    return (_digit(match["hundreds"] or "1") * 100 + 50) * 1_000


def _digit(said: str | None) -> int:
    if not said:
        return 0
    return int(said) if said.isdigit() else number_of([said]) or 0
