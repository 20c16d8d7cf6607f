"""What the page shows of a conversation: entries read into one strict shape.

The server's template and the page's script both draw a `Line`, so everything that needs judgement
(which addresses become links, what a card holds, how a moment is written) is decided once, here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from bot.channels.base import Button, Entry, Reply
from bot.working_time.zone import VIETNAM


class Run(Struct, frozen=True, omit_defaults=True):
    """A stretch of text; with `href`, a link."""

    text: str
    href: str = ""


Text = tuple[Run, ...]


class Fact(Struct, frozen=True):
    """One pair of a definition list."""

    term: str
    value: Text


class Section(Struct, frozen=True, omit_defaults=True):
    """A part of a card under a heading of its own."""

    heading: str = ""
    lead: Text = ()
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    items: tuple[Text, ...] = ()


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a card's facts come from, and as of which day."""

    text: str
    href: str = ""


class Card(Section, frozen=True, omit_defaults=True):
    """The long form of an answer."""

    sections: tuple[Section, ...] = ()
    source: Source | None = None


class Line(Struct, frozen=True, omit_defaults=True):
    """One message as the page draws it."""

    id: int
    author: Literal["citizen", "bot"]
    at: str  # ISO 8601, for the time element
    day: str  # 22/11/2026, in Vietnam
    clock: str  # 14:05, in Vietnam
    message_id: str = ""  # the id that the page gave the citizen's message
    text: Text = ()
    card: Card | None = None
    buttons: tuple[Button, ...] = ()
    image: str = ""
    attachments: tuple[str, ...] = ()  # addresses of the thumbnails of the citizen's files


def line(entry: Entry) -> Line:
    """Read one entry of the journal; a card stands in for the text of its reply."""
    reply = entry.reply or Reply(text=entry.text)
    card = read_card(reply.custom.get("card"))
    at = entry.at.astimezone(VIETNAM)
    return Line(
        id=entry.id,
        author=entry.author,
        at=at.isoformat(timespec="seconds"),
        day=f"{at:%d/%m/%Y}",
        clock=f"{at:%H:%M}",
        message_id=message_id(entry.update_id),
        text=_text_of(entry, reply, has_card=card is not None),
        card=card,
        buttons=reply.buttons,
        image=_address(reply.image),
        attachments=tuple(f"/chat/uploads/{id}" for id in entry.attachments),
    )


def _text_of(entry: Entry, reply: Reply, *, has_card: bool) -> Text:
    if entry.author == "citizen":  # shown as typed: only our own words carry links
        return (Run(entry.text),) if entry.text else ()
    return () if has_card else runs(reply.text)


def update_id(address: str, message_id: str) -> str:
    """Make the inbox key of a message: what one page sends can never collide with another's."""
    return f"{address}:{message_id}"


def message_id(update_id: str | None) -> str:
    """Return the id that the page gave the message; empty for the bot's."""
    return (update_id or "").rpartition(":")[2]


# -- text ---------------------------------------------------------------------------------------

_LINK = re.compile(r"https://[^\s<>\"'“”«»]+")


def runs(text: str) -> Text:
    """Cut a text at its https addresses."""
    pieces: list[Run] = []
    end = 0
    for found in _LINK.finditer(text):
        address = _without_punctuation(found.group())
        if not is_safe(address):
            continue
        if found.start() > end:
            pieces.append(Run(text[end : found.start()]))
        pieces.append(Run(address, href=address))
        end = found.start() + len(address)
    if end < len(text):
        pieces.append(Run(text[end:]))
    return tuple(pieces)


def _without_punctuation(address: str) -> str:
    """Leave out what closes the sentence; a bracket stays when it was opened in the address."""
    while address and address[-1] in ".,;:!?…)]}":
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def is_safe(address: str) -> bool:
    """Tell whether an address may become a link: https, a host, and no user name before it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _address(image: str) -> str:
    """Return a picture's address when it is our own path or https, else nothing."""
    own_path = image.startswith("/") and not image.startswith(("//", "/\\"))
    return image if own_path or is_safe(image) else ""


# -- cards --------------------------------------------------------------------------------------


def read_card(raw: object) -> Card | None:
    """Read a card generously; None when nothing in it can be shown.

    Known keys keep their place; text under an unknown key becomes a paragraph, a list of texts
    becomes items: a newer answer loses its layout on an older page, never its content.
    """
    if not isinstance(raw, Mapping):
        return None
    part = _section(raw)
    parts = [each for each in _list(raw.get("sections")) if isinstance(each, Mapping)]
    sections = map(_section, parts)
    card = Card(
        heading=part.heading,
        lead=part.lead,
        facts=part.facts,
        paragraphs=part.paragraphs,
        items=part.items,
        sections=tuple(each for each in sections if each != Section()),
        source=_source(raw.get("source")),
    )
    return None if card == Card() else card


_PLACED = {"heading", "lead", "facts", "paragraphs", "items", "sections", "source"}


def _section(raw: Mapping[str, Any]) -> Section:
    others = [value for key, value in raw.items() if key not in _PLACED]
    paragraphs = [*_words_of(raw.get("paragraphs")), *_words_of(each for each in others)]
    lists = [_words_of(each) for each in others if isinstance(each, list | tuple)]
    items = [*_words_of(raw.get("items")), *(word for words in lists for word in words)]
    return Section(
        heading=_word(raw.get("heading")),
        lead=runs(_word(raw.get("lead"))),
        facts=_facts(raw.get("facts")),
        paragraphs=tuple(map(runs, paragraphs)),
        items=tuple(map(runs, items)),
    )


def _facts(raw: object) -> tuple[Fact, ...]:
    pairs = raw.items() if isinstance(raw, Mapping) else map(_pair, _list(raw))
    read = ((_word(term), "\n".join(_words_of(value))) for term, value in pairs)
    return tuple(Fact(term, runs(value)) for term, value in read if term and value)


def _pair(raw: object) -> tuple[object, object]:
    if isinstance(raw, Mapping):
        return raw.get("term"), raw.get("value")
    if isinstance(raw, list | tuple) and len(raw) == 2:
        return raw[0], raw[1]
    return None, None


def _source(raw: object) -> Source | None:
    if not isinstance(raw, Mapping):
        return Source(_word(raw)) if _word(raw) else None
    words = [_word(raw.get(key)) for key in ("name", "code", "date")]
    text = " · ".join(word for word in words if word)
    href = _word(raw.get("url"))
    return Source(text, href if is_safe(href) else "") if text else None


def _words_of(raw: object) -> list[str]:
    """Return the texts in a text or in a list of texts; what is neither is left out."""
    each = [raw] if isinstance(raw, str | int | float) else _list(raw)
    return [word for word in map(_word, each) if word]


def _word(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return ""
    return str(raw).strip()


def _list(raw: object) -> list[object]:
    if isinstance(raw, str | bytes | Mapping) or not isinstance(raw, Iterable):
        return []
    return list(raw)
