"""The names under which a procedure can be found, and the words of its record."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum

from msgspec import Struct

from bot.procedures.procedure import Procedure
from bot.procedures.search.question import Word, read_words
from bot.vietnamese import fold, words

LONGEST_NAME = 60  # words of a name that count
RECORD_WORDS = 250  # words of a record that count
CONDITIONS = 600  # characters of the conditions that count

_PREAMBLE = re.compile(r"^(thủ tục|dịch vụ công trực tuyến)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_TAIL = re.compile(
    r"\s+(?:đối với|trong trường hợp|thuộc thẩm quyền|thuộc phạm vi|áp dụng)\s.*$|[;:].*$"
)
_SHORT_HEAD = 12  # characters; a shorter head says nothing of its own


class Sort(IntEnum):
    """Where a name comes from."""

    FULL = 0  # the official name
    HEAD = 1  # its beginning, without conditions and brackets
    EVERYDAY = 2  # what people call it
    KEYWORD = 3  # a keyword of the record


class Surface(Struct, frozen=True):
    """One name of one procedure (``owner``: its place in the list)."""

    owner: int
    sort: Sort
    text: str
    words: tuple[Word, ...]


def surfaces(
    procedures: Sequence[Procedure], everyday_names: Mapping[str, Sequence[str]]
) -> list[Surface]:
    """All names of all procedures; the first of each procedure is its full official name."""
    return [
        Surface(owner, sort, text, read_words(text)[:LONGEST_NAME])
        for owner, procedure in enumerate(procedures)
        for sort, text in _names(procedure, everyday_names.get(procedure.code, ()))
    ]


def _names(procedure: Procedure, everyday: Iterable[str]) -> Iterator[tuple[Sort, str]]:
    official = _PREAMBLE.sub("", procedure.name.strip())
    yield Sort.FULL, official
    head = _TAIL.sub("", _ASIDE.sub(" ", official)).strip(" .,")
    if len(head) > _SHORT_HEAD and head != official:
        yield Sort.HEAD, head
    for name in everyday:
        yield Sort.EVERYDAY, name
    for keyword in procedure.keywords:
        yield Sort.KEYWORD, keyword


def record_words(procedure: Procedure) -> list[str]:
    """The words of a record that may answer to a question, without diacritics, in order."""
    parts = [
        procedure.field,
        procedure.name,
        procedure.summary,
        *procedure.results,
        *procedure.keywords,
        procedure.conditions[:CONDITIONS],
        *(c.name for group in procedure.component_groups for c in group.components),
    ]
    return words(fold(" . ".join(parts)))[:RECORD_WORDS]
