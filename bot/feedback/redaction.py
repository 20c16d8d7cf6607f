"""Taking personal data out of what is to be published (ẩn danh). Pure; a person has the last word.

What finds names, telephones, codes and addresses is passed in (``bot.questions.stripping.strip``):
it puts a mark such as ``⟨tên⟩`` where something stood.
"""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from bot.vietnamese import clean, fold, words

Strip = Callable[[str], str]

MARK = re.compile(r"⟨[^⟨⟩]*⟩")
_FEWEST_DIGITS = 6  # of a number by which a reporter could be known
_FEWEST_WORDS = 2  # of a name: "Lan" alone is also a flower


def redacted(text: str, strip: Strip) -> str:
    """Propose a text for the public: marks where personal data stood, lines as they were."""
    lines = [strip(line) for line in text.splitlines()]
    return "\n".join(lines).strip()


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into what is a mark and what is not, for showing it."""
    at = 0
    for mark in MARK.finditer(text):
        if mark.start() > at:
            yield text[at : mark.start()], False
        yield mark[0], True
        at = mark.end()
    if at < len(text):
        yield text[at:], False


def still_personal(text: str, strip: Strip) -> tuple[str, ...]:
    """Return the passages of a text that still seem personal, as they stand there."""
    return tuple(passage for line in text.splitlines() for passage in _taken_out(line, strip(line)))


def _taken_out(line: str, stripped: str) -> Iterator[str]:
    before, after = clean(line).split(), stripped.split()
    for tag, start, end, _, _ in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            yield " ".join(before[start:end])


def names_reporter(text: str, identity: str) -> bool:
    """Tell whether a text holds a name or a number that the reporter gave as their own."""
    said, digits = words(fold(text)), re.sub(r"\D", "", text)
    numbers = [re.sub(r"\D", "", run) for run in re.findall(r"\d[\d\s.\-]*", identity)]
    if any(len(number) >= _FEWEST_DIGITS and number in digits for number in numbers):
        return True
    return any(_stands_in(words(fold(part)), said) for part in re.split(r"[,;:\n\d]", identity))


def _stands_in(name: list[str], said: list[str]) -> bool:
    length = len(name)
    if length < _FEWEST_WORDS:
        return False
    return any(said[at : at + length] == name for at in range(len(said) - length + 1))
