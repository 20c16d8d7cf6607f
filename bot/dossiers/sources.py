"""Where dossiers are looked up: several systems behind one small interface, chosen by code prefix.

A source finds one dossier by its code. "There is none" is an answer (None); "I cannot tell" is
SourceDown, and the two are never taken for each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from bot.dossiers.codes import FoundCode
from bot.dossiers.dossier import Dossier
from bot.dossiers.errors import SourceDown


class Found(Struct, frozen=True):
    """A dossier with the hashes by which its applicant is recognised (see bot.dossiers.proof)."""

    key: str
    dossier: Dossier
    facts: tuple[str | None, ...]


class Source(Protocol):
    """One system that knows dossiers."""

    name: str

    async def find(self, code: FoundCode) -> Found | None:
        """Return the dossier of a code, or None when this source has none. Raises SourceDown."""

    async def of_phone(self, phone: str) -> Sequence[Found] | None:
        """Return the dossiers of a telephone number; None where the source cannot be asked so.

        Raises SourceDown.
        """


Accept = Callable[[Found], bool]


@dataclass(frozen=True)
class Served:
    """A source with the code prefixes that it answers for, such as H29; none: for all."""

    source: Source
    prefixes: tuple[str, ...] = ()

    def answers_for(self, code: FoundCode) -> bool:
        """Tell whether a code may be found here; zeros and dots before the letter do not count."""
        letter = next(place for place, character in enumerate(code.key) if character.isalpha())
        return not self.prefixes or code.key[letter:].startswith(self.prefixes)


class Sources:
    """All sources, in the order in which they are asked; implements Source."""

    name = "all sources"

    def __init__(self, served: Sequence[Served]) -> None:
        self._served = served

    async def find(self, code: FoundCode, accept: Accept = bool) -> Found | None:
        """Ask one source after the other, until one has a dossier that is accepted.

        Whoever shows wrong digits costs as many questions as a code that nobody has: how long the
        answer takes tells nothing. Raises SourceDown when none is accepted and a source that might
        have one could not be asked.
        """
        down: SourceDown | None = None
        for each in self._served:
            if not each.answers_for(code):
                continue
            try:
                found = await each.source.find(code)
            except SourceDown as error:
                down = error
                continue
            if found is not None and accept(found):
                return found
        if down is not None:
            raise down
        return None

    async def of_phone(self, phone: str) -> Sequence[Found] | None:
        """Gather from every source that can be asked by telephone number."""
        answers = [await each.source.of_phone(phone) for each in self._served]
        told = [answer for answer in answers if answer is not None]
        return [found for answer in told for found in answer] if told else None
