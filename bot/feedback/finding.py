"""Finding cases by their words though stories are sealed: a blind index of keyed hashes.

Of a case are kept the keyed hashes of the words in its story without personal data, in what its
reporter added, and in what place and office were called; each word once, without diacritics,
function words left out. Whoever searches must have the key, and finds no names and no numbers:
then a search would read what only an event may open. docs/decisions tells what the index reveals
to whoever has the database and not the key.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, Select, Subquery, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.feedback.models import Case, CaseWord
from bot.storage.vault import Vault
from bot.vietnamese import fold, normalise, words

FUNCTION_WORDS = Path(__file__).with_name("data") / "function-words.txt"
MOST_WORDS = 1000  # of one text; a story of twenty thousand characters has fewer different ones

# One statement for all words of a case; as text, since SQLAlchemy compiles an ON CONFLICT anew
# each time, which costs more than the words do.
_ADD = {
    "sqlite": text(
        "INSERT INTO case_word (word, case_id) SELECT CAST(value AS INTEGER), :case"
        " FROM json_each(:hashes) WHERE true ON CONFLICT DO NOTHING"
    ),
    "postgresql": text(
        "INSERT INTO case_word (word, case_id) SELECT CAST(value AS BIGINT), :case"
        " FROM json_array_elements_text(CAST(:hashes AS JSON)) AS each (value)"
        " ON CONFLICT DO NOTHING"
    ),
}
_FREQUENT = 20_000  # cases; above it, a word is counted no further


@cache
def function_words() -> frozenset[str]:
    """Return the words that stand in nearly every text and tell nothing, without diacritics."""
    lines = FUNCTION_WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def told_words(text: str) -> list[str]:
    """Return the words by which a text is found, each once, in the order of the text."""
    said = dict.fromkeys(words(fold(normalise(text))))
    return [word for word in said if len(word) > 1 and word not in function_words()][:MOST_WORDS]


def word_hash(vault: Vault, word: str, *, of_office: bool = False) -> int:
    """Return the keyed hash of a word, 64 bits with a sign; the office's words are told apart."""
    digits = vault.fingerprint("office word" if of_office else "case word", word)[:16]
    return int(digits, 16) - (1 << 63)


async def add_words(
    session: AsyncSession, vault: Vault, case_id: int, texts: Iterable[str], office: str = ""
) -> None:
    """Make a case findable by the words of these texts, besides those that it has."""
    hashes = {word_hash(vault, word) for text in (*texts, office) for word in told_words(text)}
    hashes |= {word_hash(vault, word, of_office=True) for word in told_words(office)}
    if hashes:
        add = _ADD[session.get_bind().dialect.name]
        await session.execute(add, {"hashes": json.dumps(sorted(hashes)), "case": case_id})


async def forget_words(session: AsyncSession, case_id: int) -> None:
    """Take a case out of the index."""
    await session.execute(delete(CaseWord).where(CaseWord.case_id == case_id))


@dataclass(frozen=True, order=True)
class Counted:
    """In how many cases a word occurs, counted to _FREQUENT and no further."""

    cases: int
    hash: int

    @property
    def is_frequent(self) -> bool:
        """Whether the count was broken off."""
        return self.cases == _FREQUENT


async def rarest_first(session: AsyncSession, hashes: Iterable[int]) -> list[Counted]:
    """Return how frequent these words are, the rarest first."""
    counted = []
    for each in hashes:
        some = select(CaseWord.case_id).where(CaseWord.word == each).limit(_FREQUENT).subquery()
        counted.append(Counted(await session.scalar(_count_of(some)) or 0, each))
    return sorted(counted)


def _count_of(rows: Subquery) -> Select[tuple[int]]:
    return select(func.count()).select_from(rows)


def has_words(hashes: Iterable[int]) -> list[ColumnElement[bool]]:
    """Return the conditions that a case has these words, looked up for each case."""
    return [_has(Case.id, each) for each in hashes]


def cases_with(hashes: list[int]) -> Select[tuple[int]]:
    """Return the query of the cases that have all these words, led by the first of them."""
    first, *others = hashes
    query = select(CaseWord.case_id).where(CaseWord.word == first)
    return query.where(*(_has(CaseWord.case_id, each) for each in others))


def _has(case_id: ColumnElement[int] | object, hash: int) -> ColumnElement[bool]:
    one = aliased(CaseWord)
    return select(one.word).where(one.word == hash, one.case_id == case_id).exists()
