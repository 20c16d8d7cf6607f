"""Which aspects of a procedure a question names: documents, fee, duration …

The phrases are in ``aspects.tsv``, written with diacritics. They are met however the citizen
types: without diacritics, with some, abbreviated; but "phí" is not found in "phì" or "phỉ".
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.vietnamese import expand, fold, normalise
from nlu.components.view import Found, View

_WORD = re.compile(r"[^\W_]+")
# Glued words are left to ``expand``: the NĐ of 123/2015/NĐ-CP is no word of the citizen.
_GLUED = re.compile(r"[^\W_]+(?:[.@_:/\-]+[^\W_]+)*")


class Phrase(NamedTuple):
    """Words with diacritics, the same without, and the aspects that they ask for."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    aspects: tuple[str, ...]


class Spoken(NamedTuple):
    """One written-out word and the span of the view it was written in."""

    word: str
    folded: str
    start: int
    end: int


def find_aspects(view: View) -> Iterator[Found]:
    """Each aspect once, at the first phrase that names it; longer phrases go before shorter."""
    spoken = _spoken(view)
    seen: set[str] = set()
    at = 0
    while at < len(spoken):
        phrase = _phrase_at(spoken, at)
        for aspect in phrase.aspects if phrase else ():
            if aspect not in seen:
                seen.add(aspect)
                end = spoken[at + len(phrase.words) - 1].end if phrase else 0
                yield Found("aspect", aspect, spoken[at].start, end)
        at += len(phrase.words) if phrase else 1


def _spoken(view: View) -> list[Spoken]:
    matches = list(_GLUED.finditer(view.accented))
    return [
        Spoken(word, fold(word), *match.span())
        for match, written_out in zip(matches, expand([match[0] for match in matches]), strict=True)
        for word in _WORD.findall(written_out)
    ]


def _phrase_at(spoken: Sequence[Spoken], at: int) -> Phrase | None:
    for phrase in _phrases().get(spoken[at].folded, ()):
        said = spoken[at : at + len(phrase.words)]
        if len(said) == len(phrase.words) and all(
            word.word in (meant, folded)
            for word, meant, folded in zip(said, phrase.words, phrase.folded, strict=True)
        ):
            return phrase
    return None


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[Phrase]]:
    """Phrases by their first folded word, longest first."""
    table = Path(__file__).with_name("aspects.tsv").read_text(encoding="utf-8")
    by_first_word: dict[str, list[Phrase]] = defaultdict(list)
    for line in table.splitlines():
        if line and not line.startswith("#"):
            aspects, text = line.split("\t")
            words = tuple(normalise(text).split())
            phrase = Phrase(words, tuple(map(fold, words)), tuple(aspects.strip("-").split()))
            by_first_word[phrase.folded[0]].append(phrase)
    for phrases in by_first_word.values():
        phrases.sort(key=lambda phrase: -len(phrase.words))
    return dict(by_first_word)
