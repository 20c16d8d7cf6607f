"""Mending words that no procedure uses: two words run together, or a slip of the finger."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 40  # letters; anything longer is not a mistyped word
SURE = 0.9  # how much a split is trusted beside a word typed right
CACHED = 4096


class Speller:
    """Knows the words of the catalogue, without diacritics."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = sorted(word for word in known if word.isalpha())
        self._set = frozenset(self._known)
        self._by_first: dict[str, list[str]] = {}
        for word in self._known:
            self._by_first.setdefault(word[0], []).append(word)
        self._mended: dict[str, tuple[tuple[str, ...], float]] = {}

    def mend(self, word: str) -> tuple[tuple[str, ...], float]:
        """Return the likeliest reading of an unknown word and how far to trust it (0..1).

        ``(("khai", "sinh"), 0.9)`` for "khaisinh"; ``((), 0.0)`` when there is none.
        """
        if len(word) > LONGEST or not word.isalpha():
            return (), 0.0
        if word not in self._mended:
            if len(self._mended) >= CACHED:
                self._mended.clear()
            self._mended[word] = self._read(word)
        return self._mended[word]

    def _read(self, word: str) -> tuple[tuple[str, ...], float]:
        parts = self._split(word) if len(word) > 4 else ()
        if parts:
            return parts, SURE
        near = self._nearest(word) if len(word) > 2 else None
        if near is None:
            return (), 0.0
        return (near,), 1 - 1 / len(word)

    def _split(self, word: str) -> tuple[str, ...]:
        """Cut a word into two or three known ones of at least two letters each."""
        for cut in range(2, len(word) - 1):
            head, tail = word[:cut], word[cut:]
            if head in self._set and tail in self._set:
                return head, tail
        for cut in range(2, len(word) - 3):
            head, tail = word[:cut], word[cut:]
            if head in self._set and len(rest := self._split_in_two(tail)) == 2:
                return head, *rest
        return ()

    def _split_in_two(self, word: str) -> tuple[str, ...]:
        for cut in range(2, len(word) - 1):
            if word[:cut] in self._set and word[cut:] in self._set:
                return word[:cut], word[cut:]
        return ()

    def _nearest(self, word: str) -> str | None:
        """The known word one slip away (a letter more, less, other or swapped)."""
        choices = self._by_first.get(word[0], [])
        found = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1)
        return str(found[0]) if found else None
