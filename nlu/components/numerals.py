"""Numbers in words (số đếm): "hai mươi lăm" is 25, "một trăm rưỡi" is 150."""

from collections.abc import Sequence

from bot.vietnamese import fold

ONES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
NUMERALS = (
    *ONES,
    *("mốt", "tư", "lăm", "nhăm", "mười", "mươi", "chục", "trăm", "rưỡi", "rưởi", "linh"),
)
_VALUES = {fold(word): value for value, word in enumerate(ONES, start=1)}
_VALUES |= {"mot": 1, "tu": 4, "lam": 5, "nham": 5}
_TENS = ("muoi", "chuc")


def number_of(words: Sequence[str]) -> int | None:
    """Read a number below a thousand; None where the words are none ("năm bảy trăm" is a guess)."""
    folded = [fold(word) for word in words]
    hundreds, rest = _before("tram", folded)
    if hundreds is None:
        return _below_hundred(folded)
    if rest == ["ruoi"]:
        return hundreds * 100 + 50
    if rest[:1] == ["linh"]:
        rest = rest[1:]
    below = _below_hundred(rest) if rest else 0
    return None if below is None else hundreds * 100 + below


def _below_hundred(folded: Sequence[str]) -> int | None:
    for ten in _TENS:
        tens, rest = _before(ten, folded)
        if tens is not None:
            ones = _one(rest) if rest else 0
            return None if ones is None else tens * 10 + ones
    return _one(folded)


def _before(scale: str, folded: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """How many of a scale, and what follows; "trăm" alone is one hundred."""
    if scale not in folded:
        return None, folded
    at = list(folded).index(scale)
    return (_one(folded[:at]) if at else 1), list(folded[at + 1 :])


def _one(folded: Sequence[str]) -> int | None:
    return _VALUES.get(folded[0]) if len(folded) == 1 else None
