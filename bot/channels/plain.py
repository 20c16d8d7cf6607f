"""What channels without cards show: the card as plain text, numbered choices, and texts cut to fit.

Everything here is pure. Lengths are counted as the platform counts them (`length`), never in
bytes of ours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import regex

from bot.channels.base import Button, Parcel, Reply
from bot.channels.web.view import Section, Text, read_card

AGAIN = "(Tin này có thể đã gửi một lần.)"
"""What a reader is told who may see a message for the second time."""

_ROOM_FOR_AGAIN = len(AGAIN) + 1  # and the line's end

Length = Callable[[str], int]


def utf16(text: str) -> int:
    """Count in UTF-16 units, as JavaScript and Telegram do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def words(parcel: Parcel) -> str:
    """Return a part's text, with a word to the reader where it may have arrived before."""
    return f"{AGAIN}\n{parcel.reply.text}" if parcel.again else parcel.reply.text


def parts(
    reply: Reply, limit: int, *, length: Length = len, choices: bool = False
) -> tuple[Reply, ...]:
    """Cut a reply into plain ones of at most `limit`, with room for the word of `words`.

    The buttons and the picture go with the last part; with `choices` the buttons stand numbered
    under its text too, for platforms where the number is typed back.
    """
    text = drawn(reply)
    if choices and reply.buttons:
        text = f"{text}\n\n{numbered(reply.buttons)}".strip()
    pieces = cut(text, limit - _ROOM_FOR_AGAIN, length) or [""]
    last = Reply(pieces.pop(), reply.buttons, reply.image)
    return (*map(Reply, pieces), last)


def numbered(buttons: Sequence[Button]) -> str:
    """List choices, each with the number that is typed to take it."""
    return "\n".join(f"{number}. {button.title}" for number, button in enumerate(buttons, 1))


# -- cards --------------------------------------------------------------------------------------


def drawn(reply: Reply) -> str:
    """Return a reply as plain text: its card where it has one, else its text."""
    card = read_card(reply.custom.get("card"))
    if card is None:
        return reply.text
    blocks = [*_section(card)]
    for section in card.sections:
        blocks += _section(section)
    if card.source is not None:
        source = f"Nguồn: {card.source.text}"
        blocks.append(f"{source}\n{card.source.href}" if card.source.href else source)
    return "\n\n".join(blocks)


def _section(section: Section) -> Iterator[str]:
    head = [section.heading, _text(section.lead)]
    yield from _block(head)
    yield from _block(f"{fact.term}: {_text(fact.value)}" for fact in section.facts)
    yield from map(_text, section.paragraphs)
    yield from _block(f"- {_text(item)}" for item in section.items)


def _block(lines: Iterable[str]) -> Iterator[str]:
    block = "\n".join(line for line in lines if line)
    if block:
        yield block


def _text(text: Text) -> str:
    return "".join(run.text for run in text)


# -- cutting ------------------------------------------------------------------------------------

# Where a text may end, best first: after a paragraph, a line, a sentence, a clause, a word. What
# stands on white space (a combining mark) belongs to it.
_ENDS = tuple(
    regex.compile(rf"(?:{end})(?![\p{{M}}\u200d])")
    for end in (r"\n\s*\n\s*", r"\n\s*", r"(?<=[.!?…])\s+", r"(?<=[,;:])\s+", r"\s+")
)
_LETTER = regex.compile(r"\X")  # what a reader takes for one, however many code points it has
_SMALLEST_SHARE = 0.5  # of what fits; an end that comes earlier is not worth a message


def cut(text: str, limit: int, length: Length = len) -> list[str]:
    """Cut a text into pieces of at most `limit`, each ending where the sense allows it.

    White space at the cuts goes; nothing else does. A letter is never cut, unless it alone is
    longer than the limit; an empty text has no pieces.
    """
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        end = _best_end(rest, _longest_prefix(rest, limit, length))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def _longest_prefix(text: str, limit: int, length: Length) -> int:
    """Return how many code points fit: whole letters where one fits at all, and at least one."""
    end = used = 0
    for letter in _LETTER.finditer(text):
        used += length(letter.group())
        if used > limit:
            break
        end = letter.end()
    if end:
        return end
    fitting = (end for end in range(len(text), 0, -1) if length(text[:end]) <= limit)
    return next(fitting, 1)


def _best_end(text: str, most: int) -> int:
    """Return where a piece of at most `most` code points ends."""
    for number, end in enumerate(_ENDS, 1):
        ends = [found.start() for found in end.finditer(text, 0, most + 1)]
        worthy = most * _SMALLEST_SHARE if number < len(_ENDS) else 1
        if ends and ends[-1] >= worthy:
            return int(ends[-1])
    return most
