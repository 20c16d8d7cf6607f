"""Reading a question: what is left of it when courtesy and the aspects asked for are set aside.

"cho em hỏi làm giấy khai sinh cần giấy tờ gì ạ" → "làm giấy khai sinh". The same reading is used
for the names in the catalogue, so that both sides meet.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib import resources

import yaml
from msgspec import Struct

from bot.procedures.search.ages import implied_by_ages
from bot.vietnamese import abridge, clean, fold, normalise, words

LONGEST = 1500  # characters read of a question, from its beginning and its end
FIRST_WORDS, LAST_WORDS = 50, 40  # kept after reading; a long story costs no more than this
CODE = re.compile(r"\b\d\.\d{6}\b")


class Word(Struct, frozen=True):
    """One word as typed (lower case) and without diacritics."""

    typed: str
    folded: str


Phrases = dict[str, tuple[tuple[str, ...], ...]]  # first word → phrases, longest first


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

    asides: Phrases
    bare_asides: Phrases  # those of a question without diacritics
    faint: frozenset[str]  # as typed
    folded_faint: frozenset[str]
    follow_ups: Phrases  # with the asides
    particulars: Phrases  # with the follow-ups
    yes_or_no: Phrases
    synonyms: dict[str, tuple[Synonym, ...]]  # first word → synonyms
    hedges: Phrases
    actions: Phrases


def read_words(text: str) -> tuple[Word, ...]:
    """Split a text into words, each with its form without diacritics."""
    return tuple(Word(typed, fold(typed)) for typed in words(normalise(text)))


def read_question(text: str) -> Question:
    """Read a question of any length; of a long one its beginning and its end count."""
    text = abridge(text, LONGEST)
    code = CODE.search(text)
    typed = read_words(text)
    marked = _is_marked(text)
    asides = language().asides if marked else language().bare_asides
    return Question(
        _ends_of(_without(typed, asides, marked)),
        marked,
        code.group() if code else "",
        hedged=_has_phrase(typed, language().hedges, marked),
        acting=_has_phrase(typed, language().actions, marked),
    )


def tells(text: str) -> bool:
    """Tell whether a question has any word that could name a procedure.

    Particulars of papers (công chứng, bản gốc, ủy quyền) are no such words in a question for yes
    or no: "có phải công chứng không" is about the procedure that was spoken of.
    """
    text = abridge(text, LONGEST)
    lists, typed, marked = language(), read_words(text), _is_marked(text)
    empty = lists.particulars if _has_phrase(typed, lists.yes_or_no, marked) else lists.follow_ups
    faint = lists.faint if marked else lists.folded_faint
    return any(form not in faint for form in _forms(_without(typed, empty, marked), marked))


def _ends_of(some: tuple[Word, ...]) -> tuple[Word, ...]:
    whole = len(some) <= FIRST_WORDS + LAST_WORDS
    return some if whole else (*some[:FIRST_WORDS], *some[-LAST_WORDS:])


def _is_marked(text: str) -> bool:
    """Tell whether a text was typed with diacritics; those of expanded abbreviations were not."""
    typed = words(clean(text).lower())
    return sum(word != fold(word) for word in typed) * 6 >= len(typed) > 0


def _forms(some: Sequence[Word], marked: bool) -> tuple[str, ...]:
    return tuple(word.typed if marked else word.folded for word in some)


def _without(typed: Sequence[Word], phrases: Phrases, marked: bool) -> tuple[Word, ...]:
    """Leave phrases out; where ``marked``, their diacritics must agree."""
    forms = _forms(typed, marked)
    kept: list[Word] = []
    at = 0
    while at < len(typed):
        length = _phrase_at(forms, at, phrases)
        if length == 0:
            kept.append(typed[at])
        at += length or 1
    return tuple(kept)


def _phrase_at(forms: tuple[str, ...], at: int, phrases: Phrases) -> int:
    for phrase in phrases.get(forms[at], ()):
        if forms[at : at + len(phrase)] == phrase:
            return len(phrase)
    return 0


def _has_phrase(typed: Sequence[Word], phrases: Phrases, marked: bool) -> bool:
    forms = _forms(typed, marked)
    return any(_phrase_at(forms, at, phrases) for at in range(len(forms)))


def synonyms_in(question: Question) -> list[Synonym]:
    """The everyday words of the question for which records use other words, and its ages.

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
    return [*found, *(_of_age(words) for words in implied_by_ages(folded))]


@cache
def _of_age(words: str) -> Synonym:
    return Synonym((), (), read_words(words))


@cache
def language() -> Language:
    """Load the word lists once; reading them takes some ten milliseconds."""
    source = resources.files("bot.procedures").joinpath("data/search-words.yml")
    lists = yaml.safe_load(source.read_text("utf-8"))
    homographs = set(lists["homographs"])
    return Language(
        faint=frozenset(word.typed for item in lists["faint"] for word in read_words(item)),
        folded_faint=frozenset(fold(word) for word in lists["faint"]),
        asides=_phrases(lists["asides"], as_typed_only=homographs),
        bare_asides=_phrases(line for line in lists["asides"] if line not in homographs),
        follow_ups=_phrases([*lists["asides"], *lists["follow_ups"]]),
        particulars=_phrases([*lists["asides"], *lists["follow_ups"], *lists["particulars"]]),
        yes_or_no=_phrases(lists["yes_or_no"]),
        hedges=_phrases(lists["hedges"]),
        actions=_phrases(lists["actions"]),
        synonyms=_synonyms(lists["synonyms"]),
    )


def _phrases(lines: Iterable[str], as_typed_only: Collection[str] = ()) -> Phrases:
    """Phrases in both forms, as typed and folded; some only as typed."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for line in lines:
        phrase = read_words(line)
        both = (True,) if line in as_typed_only else (True, False)
        for forms in (_forms(phrase, marked) for marked in both):
            found.setdefault(forms[0], set()).add(forms)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in found.items()}


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
