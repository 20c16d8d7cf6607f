"""One question in the terminal: what is shown of it, and how the short answer to it is read."""

import re
from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from bot.questions.errors import BadLabel, Problem
from bot.questions.models import Question
from bot.questions.question import Label, Meant, Reading
from bot.questions.table import Known, checked
from bot.vietnamese import fold

LETTERS = "abcdefghi"  # of the likeliest intents; the words of command take other letters
ASK_PROCEDURE = "ask_procedure"

_NUMBER = re.compile(r"[1-9]\d?")
_CODE = re.compile(r"[1-9]\.\d{6}")


class Command(Enum):
    """What else can be typed instead of a label."""

    SKIP = "s"
    DISMISS = "x"
    QUIT = "q"


class Procedure(Struct, frozen=True):
    """A procedure that a question may mean, with the chance (0..1) that the search gives it."""

    code: str
    name: str
    chance: float


class Offer(Struct, frozen=True):
    """What is offered to pick from: the likeliest intents and procedures, best first."""

    intents: Sequence[Reading]
    procedures: Sequence[Procedure]


def offer_lines(question: Question, offer: Offer, left: int) -> list[str]:
    """Show one question; ``left``: how many are open, this one included."""
    return [
        "",
        f"Câu {question.id} · đã hỏi {question.times_asked} lần, gần nhất "
        f"{question.last_asked_at:%d/%m/%Y} · còn {left} câu",
        f"  “{question.text}”",
        f"Bot hiểu: {question.intent or 'không rõ'} ({question.confidence:.0%}); "
        f"tìm thủ tục: {question.decision or 'không tìm'}",
        "Ý định:",
        *(
            f"  {letter}  {reading.intent} ({reading.confidence:.0%})"
            for letter, reading in zip(LETTERS, offer.intents, strict=False)
        ),
        "Thủ tục:",
        *(
            f"  {number}  {procedure.code}  {procedure.name} ({procedure.chance:.0%})"
            for number, procedure in enumerate(offer.procedures, 1)
        ),
    ]


def read_answer(typed: str, offer: Offer, known: Known) -> Label | Command:
    """Read what was typed; wording.HOW_TO_ANSWER tells people the ways. Raises BadLabel."""
    answer, _, note = typed.partition("#")
    spoken = fold(answer).replace(",", " ").replace("?", " ? ").split()
    if not spoken:
        return Command.SKIP
    if len(spoken) == 1 and spoken[0] in {command.value for command in Command}:
        return Command(spoken[0])
    return checked(_label(spoken, " ".join(note.split()), offer), known)


def _label(spoken: Sequence[str], note: str, offer: Offer) -> Label:
    if spoken == ["0"]:
        return Label(ASK_PROCEDURE, Meant.NONE, note=note)
    intent, *rest = spoken
    if _names_procedure(intent):
        intent, rest = ASK_PROCEDURE, list(spoken)
    elif len(intent) == 1:
        intent = _picked_intent(intent, offer)
    clarify = rest[-1:] == ["?"]
    codes = tuple(_picked_code(word, offer) for word in (rest[:-1] if clarify else rest))
    return Label(intent, Meant.CLARIFY if clarify else None, codes, note)


def _names_procedure(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _CODE.fullmatch(word))


def _picked_intent(letter: str, offer: Offer) -> str:
    at = LETTERS.find(letter)
    if not 0 <= at < len(offer.intents):
        raise BadLabel(Problem.NOT_UNDERSTOOD, letter)
    return offer.intents[at].intent


def _picked_code(word: str, offer: Offer) -> str:
    if _CODE.fullmatch(word):
        return word
    if not _NUMBER.fullmatch(word) or int(word) > len(offer.procedures):
        raise BadLabel(Problem.NOT_UNDERSTOOD, word[:20])
    return offer.procedures[int(word) - 1].code
