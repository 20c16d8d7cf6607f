"""What an age implies: who is eight gets the card "for people under 14", who is 78 is old.

Records name bounds, people name ages; the two share no word.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_AGE = re.compile(r"(\d{1,3})t(?:uoi)?")
_YEARS = "tuoi"
_OLDEST = 120
# From which age (in years) until which, the words of the records.
_BOUNDS = (
    (0, 5, "trẻ em dưới 6 tuổi"),
    (0, 13, "dưới 14 tuổi"),
    (14, 99, "từ đủ 14 tuổi trở lên"),
    (70, _OLDEST, "người cao tuổi"),
    (75, _OLDEST, "hưu trí xã hội"),
)


def implied_by_ages(folded: Sequence[str]) -> Iterator[str]:
    """The words of records that the ages in a question stand for."""
    for age in _ages(folded):
        for lowest, highest, words in _BOUNDS:
            if lowest <= age <= highest:
                yield words


def _ages(folded: Sequence[str]) -> Iterator[int]:
    """Ages in years, as in "8 tuổi" and "78t"."""
    for word in folded:
        whole = _AGE.fullmatch(word)
        if whole:
            yield int(whole[1])
    for number, unit in pairwise(folded):
        if unit == _YEARS and number.isdigit() and int(number) <= _OLDEST:
            yield int(number)
