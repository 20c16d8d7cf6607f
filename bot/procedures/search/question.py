"""Reading a question: what is left of it when courtesy and the aspects asked for are set aside.

"cho em hỏi làm giấy khai sinh cần giấy tờ gì ạ" → "làm giấy khai sinh". The same reading is used
for the names in the catalogue, so that both sides meet.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import yaml
from msgspec import Struct

from bot.vietnamese import fold, normalise, words

LONGEST = 1500  # characters read of a question; nobody names a procedure later than that
MOST_WORDS = 90  # words kept after reading; a long story costs no more than this
FAINT = 0.25  # the weight of a word that nearly every question has
CODE = re.compile(r"\b\d\.\d{6}\b")


class Word(Struct, frozen=True):
    """One word as typed (lower case) and without diacritics."""

    typed: str
    folded: str


class Question(Struct, frozen=True):
    """The content words of a question, and whether it was typed with diacritics."""

    words: tuple[Word, ...]
    marked: bool
    code: str = ""  # a procedure code that stands in the question
    hedged: bool = False  # it leaves open which procedure it means ("loại nào", "chưa biết")
    acting: bool = False  # it says what is to be done, not only a subject


class Synonym(Struct, frozen=True):
    """What people say (``said``, folded words) and the words that records use for it."""

    said: tuple[str, ...]
    typed: tuple[str, ...]
    meant: tuple[Word, ...]


class Language(Struct, frozen=True):
    """The word lists of bot/procedures/data/search-words.yml, ready for use."""

    asides: dict[str, tuple[tuple[str, ...], ...]]  # first word → phrases, longest first
    faint: frozenset[str]
    synonyms: dict[str, tuple[Synonym, ...]]  # first word → synonyms
    hedges: dict[str, tuple[tuple[str, ...], ...]]
    actions: dict[str, tuple[tuple[str, ...], ...]]


def read_words(text: str) -> tuple[Word, ...]:
    """Split a text into words, each with its form without diacritics."""
    return tuple(Word(typed, fold(typed)) for typed in words(normalise(text)))


def read_question(text: str) -> Question:
    """Read a question of any length; only its first 1,500 characters and 90 words count."""
    text = text[:LONGEST]
    code = CODE.search(text)
    typed = read_words(text)
    kept = _without_asides(typed, language().asides)[:MOST_WORDS]
    marked = sum(word.typed != word.folded for word in typed) * 6 >= len(typed) > 0
    return Question(
        kept,
        marked,
        code.group() if code else "",
        hedged=_has_phrase(typed, language().hedges),
        acting=_has_phrase(typed, language().actions),
    )


def _without_asides(
    typed: Sequence[Word], asides: dict[str, tuple[tuple[str, ...], ...]]
) -> tuple[Word, ...]:
    folded = [word.folded for word in typed]
    kept: list[Word] = []
    at = 0
    while at < len(typed):
        length = _phrase_at(folded, at, asides)
        if length == 0:
            kept.append(typed[at])
        at += length or 1
    return tuple(kept)


def _phrase_at(
    folded: Sequence[str], at: int, phrases: dict[str, tuple[tuple[str, ...], ...]]
) -> int:
    for phrase in phrases.get(folded[at], ()):
        if tuple(folded[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _has_phrase(typed: Sequence[Word], phrases: dict[str, tuple[tuple[str, ...], ...]]) -> bool:
    folded = [word.folded for word in typed]
    return any(_phrase_at(folded, at, phrases) for at in range(len(folded)))


def synonyms_in(question: Question) -> list[Synonym]:
    """The everyday words of the question for which records use other words.

    Where the question has diacritics they must agree ("ba" is not "bà").
    """
    folded = tuple(word.folded for word in question.words)
    typed = tuple(word.typed for word in question.words)
    found = []
    for at, first in enumerate(folded):
        for synonym in language().synonyms.get(first, ()):
            span = slice(at, at + len(synonym.said))
            if folded[span] == synonym.said and (
                not question.marked or typed[span] in (synonym.typed, synonym.said)
            ):
                found.append(synonym)
    return found


@cache
def language() -> Language:
    """Load the word lists once; reading them takes some ten milliseconds."""
    source = resources.files("bot.procedures").joinpath("data/search-words.yml")
    lists = yaml.safe_load(source.read_text("utf-8"))
    return Language(
        asides=_by_first_word(_folded(phrase) for phrase in lists["asides"]),
        faint=frozenset(fold(word) for word in lists["faint"]),
        synonyms=_synonyms(lists["synonyms"]),
        hedges=_by_first_word(_folded(phrase) for phrase in lists["hedges"]),
        actions=_by_first_word(_folded(phrase) for phrase in lists["actions"]),
    )


def _folded(phrase: str) -> tuple[str, ...]:
    return tuple(word.folded for word in read_words(phrase))


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(set(some), key=len, reverse=True)) for first, some in found.items()}


def _synonyms(meanings: dict[str, list[str]]) -> dict[str, tuple[Synonym, ...]]:
    found: dict[str, list[Synonym]] = {}
    for meant, sayings in meanings.items():
        for saying in sayings:
            said = read_words(saying)
            synonym = Synonym(
                tuple(word.folded for word in said),
                tuple(word.typed for word in said),
                read_words(meant),
            )
            found.setdefault(synonym.said[0], []).append(synonym)
    return {first: tuple(some) for first, some in found.items()}
