"""Lines of an answer, and how a long answer is cut into parts that a messenger shows whole."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct, structs


class LineKind(Enum):
    """How a line is shown."""

    HEADING = "heading"
    FACT = "fact"
    ITEM = "item"
    PARAGRAPH = "paragraph"


class Line(Struct, frozen=True):
    """One line of an answer; ``term`` belongs to a fact, ``choice`` numbers a pickable item."""

    kind: LineKind
    text: str
    term: str = ""
    choice: int = 0

    def plain(self) -> str:
        """Write the line as plain text, without any markup."""
        match self.kind:
            case LineKind.HEADING:
                return self.text if self.text.endswith("?") else f"{self.text}:"
            case LineKind.FACT:
                return f"{self.term}: {self.text}"
            case LineKind.ITEM:
                return f"{self.choice}. {self.text}" if self.choice else f"- {self.text}"
            case LineKind.PARAGRAPH:
                return self.text


def heading(text: str) -> Line:
    """Open a section."""
    return Line(LineKind.HEADING, text)


def fact(term: str, text: str) -> Line:
    """State one value under its name."""
    return Line(LineKind.FACT, text, term=term)


def item(text: str, choice: int = 0) -> Line:
    """Add one entry of a list; a ``choice`` above 0 is the number that picks it."""
    return Line(LineKind.ITEM, text, choice=choice)


def paragraph(text: str) -> Line:
    """Say a sentence or two."""
    return Line(LineKind.PARAGRAPH, text)


def plain(lines: Iterable[Line]) -> str:
    """Join lines into plain text with a blank line before each section and each run of facts."""
    out: list[str] = []
    before: LineKind | None = None
    for line in lines:
        if before is not None and _opens(line.kind, before):
            out.append("")
        out.append(line.plain())
        before = line.kind
    return "\n".join(out)


def _opens(kind: LineKind, before: LineKind) -> bool:
    if kind is LineKind.HEADING:
        return True
    return kind is LineKind.FACT and before not in (LineKind.FACT, LineKind.HEADING)


def card_body(lines: Iterable[Line]) -> dict[str, Any]:
    """Sort lines into a card (``bot.conversation.contracts.Reply``): what stands before the
    first heading at the top, the rest in sections.
    """
    top = _block()
    sections: list[dict[str, Any]] = []
    for line in lines:
        block = sections[-1] if sections else top
        match line.kind:
            case LineKind.HEADING:
                sections.append({"heading": line.text, **_block()})
            case LineKind.FACT:
                block["facts"].append([line.term, line.text])
            case LineKind.ITEM:
                block["items"].append(line.text)
            case LineKind.PARAGRAPH:
                block["paragraphs"].append(line.text)
    return {**top, "sections": sections}


def _block() -> dict[str, list[Any]]:
    return {"facts": [], "paragraphs": [], "items": []}


def cut(lines: Sequence[Line], room: int) -> list[list[Line]]:
    """Cut lines into parts of at most ``room`` characters of plain text each.

    A part ends between lines; only a line longer than a part is broken, at the end of one of its
    own lines, else of a sentence, else of a word. A heading never ends a part, and the part that
    goes on with a section repeats its heading.
    """
    parts: list[list[Line]] = [[]]
    section: Line | None = None
    for line in _short_enough(lines, room):
        if line.kind is LineKind.HEADING:
            section = line
        if parts[-1] and len(plain([*parts[-1], line])) > room:
            parts.append(_open_part(parts[-1], section, line))
        parts[-1].append(line)
    return [part for part in parts if part] or [[]]


def _open_part(full: list[Line], section: Line | None, line: Line) -> list[Line]:
    while full and full[-1].kind is LineKind.HEADING:
        full.pop()
    return [section] if section is not None and line is not section else []


def _short_enough(lines: Iterable[Line], room: int) -> Iterable[Line]:
    for line in lines:
        if line.kind is LineKind.HEADING:
            yield structs.replace(line, text=line.text[: room // 4])
            continue
        limit = room // 2 - len(line.term)
        for position, piece in enumerate(split(line.text, max(limit, 80))):
            yield _continued(line, piece) if position else structs.replace(line, text=piece)


def _continued(line: Line, piece: str) -> Line:
    if line.kind is LineKind.FACT:
        return structs.replace(line, text=piece)
    return paragraph(piece)


_BREAKS = (re.compile(r"\n+"), re.compile(r"(?<=[.;!?])\s+"), re.compile(r"\s+"))


def split(text: str, limit: int) -> list[str]:
    """Split text into pieces of at most ``limit`` characters at the strongest break that fits."""
    rest = text.strip()
    pieces: list[str] = []
    while len(rest) > limit:
        at = _break_before(rest, limit)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def _break_before(text: str, limit: int) -> int:
    """Find where to end a piece: not before its second quarter, else in the middle of a word."""
    for pattern in _BREAKS:
        ends = [m.start() for m in pattern.finditer(text, 0, limit + 1) if m.start() >= limit // 4]
        if ends:
            return ends[-1]
    return limit
