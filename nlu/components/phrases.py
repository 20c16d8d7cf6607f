"""Phrases of a readable table, met in a message with diacritics, without, or abbreviated."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.vietnamese import expand, fold, place_tone
from nlu.components.view import View

_WORD = re.compile(r"[^\W\d_]+|\d+")  # "q1" is two words
_IN_TABLE = re.compile(r"[^\W_]+")
EXACTLY = "="  # before a phrase: counts only with its diacritics


class Word(NamedTuple):
    """A word, its folded form, and the span of the view it was written in."""

    word: str
    folded: str
    start: int
    end: int


class Phrase(NamedTuple):
    """What a phrase means, and its words with and without diacritics."""

    meaning: str
    words: tuple[str, ...]
    folded: tuple[str, ...]


class Lexicon:
    """Phrases by their first folded word, longest first."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        """``rows``: meaning and phrase. ``openers``: the folded first words."""
        self._phrases: dict[str, list[Phrase]] = defaultdict(list)
        for meaning, text in rows:
            words = tuple(place_tone(word) for word in _IN_TABLE.findall(text.lower()))
            folded = words if text.startswith(EXACTLY) else tuple(map(fold, words))
            self._phrases[fold(words[0])].append(Phrase(meaning, words, folded))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))
        self.openers = frozenset(self._phrases)

    def at(self, words: Sequence[Word], at: int) -> Phrase | None:
        """The longest phrase that begins with that word."""
        if at >= len(words) or words[at].folded not in self.openers:
            return None
        return next(self.all_at(words, at), None)

    def all_at(self, words: Sequence[Word], at: int) -> Iterator[Phrase]:
        """Every phrase that begins with that word, the longest first."""
        if at < len(words):
            for phrase in self._phrases.get(words[at].folded, ()):
                if _is_said(phrase, words, at):
                    yield phrase


def read_table(name: str) -> list[tuple[str, str]]:
    """The rows of a table beside this file: meaning, tab, phrase."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(meaning, phrase) for meaning, phrase in rows]


def words_of(view: View) -> list[Word]:
    """The words as they were typed, each with its tone in place."""
    accented, folded = view.accented, view.folded
    spans = [match.span() for match in _WORD.finditer(accented)]
    typed = [(accented[start:end], folded[start:end], start, end) for start, end in spans]
    return [
        Word(bare if word == bare else place_tone(word), bare, start, end)
        for word, bare, start, end in typed
    ]


def written_out(words: Sequence[Word]) -> list[Word]:
    """The same with abbreviations written out; the words of one share its span."""
    return [
        written
        for typed, full in zip(words, expand([word.word for word in words]), strict=True)
        for written in ((typed,) if full == typed.word else _spread(full, typed))
    ]


def _spread(full: str, typed: Word) -> list[Word]:
    return [Word(word, fold(word), typed.start, typed.end) for word in full.split()]


def _is_said(phrase: Phrase, words: Sequence[Word], at: int) -> bool:
    if at + len(phrase.words) > len(words):
        return False
    before = words[at].start
    for word, meant, folded in zip(
        words[at : at + len(phrase.words)], phrase.words, phrase.folded, strict=True
    ):
        # One sign between two words at most: "phường, bắt" is no phrase.
        if (word.word != meant and word.word != folded) or word.start - before > 1:
            return False
        before = word.end
    return True
