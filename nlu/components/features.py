"""What a classifier sees of a sentence: its n-grams with and without diacritics.

One model serves both ways of typing: folded n-grams are there however the sentence was typed, the
words with diacritics come on top where there are any. In training each accented sentence is seen
a second time folded (see ``both_ways``), so that no weight leans on diacritics alone.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.vietnamese import fold, normalise, words

LONGEST_READ = 2_000  # characters; who writes more has said what they want by then
_CHARACTERS = range(2, 6)  # lengths of n-grams within a word
T = TypeVar("T")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def readable(text: str) -> str:
    """The spelling that n-grams are taken from; empty when the text has no letter or digit."""
    spelling = normalise(text[:LONGEST_READ])
    return spelling if _LETTER_OR_DIGIT.search(spelling) else ""


def both_ways(sentences: Iterable[str], meanings: Iterable[T]) -> dict[str, T]:
    """Readable sentences with what they mean, each once as typed and once without diacritics."""
    seen: dict[str, T] = {}
    for sentence, meaning in zip(sentences, meanings, strict=True):
        spelling = readable(sentence)
        if spelling:
            seen[spelling] = meaning
            seen.setdefault(fold(spelling), meaning)
    return seen


def ngrams(spelling: str) -> list[str]:
    """Features of a readable sentence: character, word and border n-grams."""
    accented, folded = words(spelling), words(fold(spelling))
    grams = _within_words(folded)
    grams += _of_words("_", folded)
    if accented != folded:
        grams += _of_words("+", accented)
    framed = ["^", *folded, "$"]
    grams += map(" ".join, zip(framed, framed[1:], framed[2:], strict=False))
    grams += (f"^{word}" for word in folded[:1])
    grams += (f"{word}$" for word in folded[-1:])
    return grams


def _within_words(folded: Iterable[str]) -> list[str]:
    grams: list[str] = []
    for word in folded:
        padded = f" {word} "
        for length in _CHARACTERS:
            grams += [padded[at : at + length] for at in range(max(1, len(padded) - length + 1))]
    return grams


def _of_words(view: str, sentence: Sequence[str]) -> list[str]:
    """Single words and pairs, marked with their view: "_" folded, "+" accented."""
    singles = [view + word for word in sentence]
    return singles + [
        f"{single} {after}" for single, after in zip(singles, sentence[1:], strict=False)
    ]
