"""What a citizen may ask about one procedure; the values are those of the NLU entity ``aspect``."""

from collections.abc import Iterable
from enum import Enum


class Aspect(Enum):
    """One side of a procedure (khía cạnh của câu hỏi)."""

    DOCUMENTS = "documents"
    FEE = "fee"
    DURATION = "duration"
    PLACE = "place"
    STEPS = "steps"
    FORM = "form"
    CONDITIONS = "conditions"
    LEGAL_BASIS = "legal_basis"
    RESULT = "result"
    ONLINE = "online"


def read_aspects(names: Iterable[str]) -> tuple[Aspect, ...]:
    """Read entity values in the order asked, each once; what is unknown is left out."""
    known = {aspect.value: aspect for aspect in Aspect}
    return tuple(dict.fromkeys(known[name] for name in names if name in known))
