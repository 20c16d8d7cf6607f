"""Which places a message names: communes, provinces and the districts of before 1 July 2025.

Without a word before it that says so (``places.tsv``), a commune's or district's name is no place:
many are ordinary words or people's names.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from bot.places import KINDS, Commune, Level, OldUnit, Unit, key, same, units
from nlu.components.phrases import Phrase, Word
from nlu.components.place_words import AREA, NO_PLACE, PERSON, WAY, vocabulary
from nlu.components.view import Found, View

MOST_PLACES = 12  # of one message; who names more is not telling where it happened
MOST_CANDIDATES = 15  # no district became more communes; a name shared by more is asked openly
_LONGEST_NAME = 6  # words
_SURELY_A_NAME = 3  # words
_WITHIN_NAME = re.compile(r"[ '’\-]{0,3}")
_AFTER_KIND = re.compile(r" ?")
_AFTER_SHORT_KIND = re.compile(r"(?: |\. ?)?")  # "p.5", "tp. Huế"
_LONGEST_SHORT_KIND = 2  # letters
_ONE_SPACE = re.compile(" ")
_BETWEEN_PARTS = re.compile(r"[ ,\-()/]{1,3}|")
_BINDING = {"thuoc", "cua", "o", "tai", "cu"}  # between a unit and the one that it lies in
_OLD = "cu"


class Choice(msgspec.Struct, frozen=True):
    """A commune of today that may be meant."""

    code: str
    name: str
    province: str


class Place(msgspec.Struct, frozen=True):
    """What the citizen's words mean.

    ``level`` is the tier that was named: "commune", "district" or "province". ``name`` and
    ``code`` are those of the unit of today, empty unless it is one; ``province`` is today's, empty
    unless it is one. ``candidates``: of which to ask; none when they are too many.
    """

    level: str
    name: str
    code: str
    province: str
    candidates: list[Choice] = []


class Part(NamedTuple):
    """A named unit between two words.

    ``former``: old units that took in one so called; ``alone``: it needs no other part to be
    believed.
    """

    first: int
    after: int
    units: tuple[Unit, ...]
    former: tuple[Unit, ...] = ()
    alone: bool = True


class Text(NamedTuple):
    """A message as words, each with what stands between it and the word before."""

    words: Sequence[Word]
    gaps: Sequence[str]


def find_places(view: View, words: Sequence[Word]) -> Iterator[Found]:
    """Each place in the citizen's words; parts of one address make one place."""
    ends = (0, *(word.end for word in words))
    gaps = [view.accented[end : word.start] for end, word in zip(ends, words, strict=False)]
    parts = list(islice(_parts(Text(words, gaps)), MOST_PLACES))
    for part in _narrowed_by_each_other(parts):
        start, end = words[part.first].start, words[part.after - 1].end
        yield Found("place", _place(part.units), start, end)


def _parts(text: Text) -> Iterator[Part]:
    openers = vocabulary().openers
    at = 0
    while at < len(text.words):
        if text.words[at].folded not in openers:
            at += 1
            continue
        leads = list(vocabulary().leads.all_at(text.words, at))
        nothing = _of_meaning(leads, NO_PLACE)
        part = _within_wider(text, at, leads) if nothing else _address_at(text, at, leads)
        if part:
            yield part
        at = part.after if part else at + (len(nothing.words) if nothing else 1)


def _narrowed_by_each_other(parts: Sequence[Part]) -> list[Part]:
    """Who names the district first and the ward later means that district's ward."""
    kept = list(parts)
    for part in parts:
        for area in parts:
            if len(part.units) == 1 or area.units[0].level >= part.units[0].level:
                continue
            within = _lying_in(part.units, area.units)
            if within and part in kept and area in kept:
                kept[kept.index(part)] = part._replace(units=within)
                kept.remove(area)
    return kept


def _address_at(text: Text, at: int, leads: Sequence[Phrase]) -> Part | None:
    """A unit with those that it lies in: "xã Vĩnh Lộc A, huyện Bình Chánh, TP.HCM".

    The longest name is meant, unless a shorter one leaves what it lies in: "phuong lang ha noi" is
    no Láng Hạ.
    """
    readings = [*_kinded(text, at, leads), *filter(None, (_led(text, at, leads),))]
    readings = readings or [*filter(None, (_lone_province(text, at),))]
    addresses = ((part, _widened(text, part)) for part in readings)
    told = next((address for part, address in addresses if address != part), None)
    told = told or next(iter(readings), None)
    return _settled(text, told) if told else None


def _within_wider(text: Text, at: int, leads: Sequence[Phrase]) -> Part | None:
    """What sounds like no place, and is one all the same: "xã Hội Cư, tỉnh Đồng Tháp"."""
    for part in _kinded(text, at, leads):
        address = _widened(text, part)
        if address != part:
            return _settled(text, address)
    return None


def _widened(text: Text, part: Part) -> Part:
    while wider := _joined(text, part):
        part = wider
    return part


def _joined(text: Text, part: Part) -> Part | None:
    """The part with the next one, when the one lies in the other."""
    at = part.after
    if _follows(text, at, _ONE_SPACE) and text.words[at].folded in _BINDING:
        at += 1
    if at >= len(text.words) or not _BETWEEN_PARTS.fullmatch(text.gaps[at]):
        return None
    leads = list(vocabulary().leads.all_at(text.words, at))
    for other in (*_kinded(text, at, leads), *_named_parts(text, at, at)):
        narrowed = _narrowed(part.units, other.units) or _narrowed(part.former, other.units)
        if narrowed:
            return Part(part.first, other.after, narrowed)
    return None


def _narrowed(some: Sequence[Unit], others: Sequence[Unit]) -> tuple[Unit, ...]:
    return _lying_in(some, others) or _lying_in(others, some)


def _lying_in(some: Sequence[Unit], areas: Sequence[Unit]) -> tuple[Unit, ...]:
    known = units()
    return tuple(unit for unit in some if any(known.lies_in(unit, area) for area in areas))


def _settled(text: Text, part: Part) -> Part | None:
    """Today's units before the old ones that were called so, unless "cũ" follows."""
    after = part.after
    old_said = _follows(text, after, _ONE_SPACE) and text.words[after].word in ("cũ", _OLD)
    if not part.alone and not old_said:
        return None
    kept = tuple(u for u in part.units if isinstance(u, OldUnit) == old_said) or part.units
    top = min(unit.level for unit in kept)
    return part._replace(
        after=after + 1 if old_said else after,
        units=tuple(unit for unit in kept if unit.level == top),
    )


def _kinded(text: Text, at: int, leads: Sequence[Phrase]) -> Iterator[Part]:
    """A kind word and a name: "phường Bến Nghé", "tp Huế", "q1"; the longest name first."""
    table = vocabulary()
    for kind in leads:
        name_at = at + len(kind.words)
        written = "".join(kind.words)
        gap = _AFTER_SHORT_KIND if len(written) <= _LONGEST_SHORT_KIND else _AFTER_KIND
        if kind.meaning not in KINDS or not _follows(text, name_at, gap):
            continue
        if written in table.dotted and not _is_pointed(text, name_at):
            continue
        for part in _named_parts(text, at, name_at, kind.meaning):
            if _agree_in_marks(text, kind, name_at, part):
                typed = _as_typed(text, kind, name_at, part)
                yield typed._replace(alone=_stands_alone(text, kind, name_at, typed))


def _as_typed(text: Text, kind: Phrase, name_at: int, part: Part) -> Part:
    """Behind a kind word with its marks a name without any is meant so: "xã Thanh An"."""
    typed = [word.word for word in text.words[part.first : name_at]]
    if typed != list(kind.words) or "".join(typed).isascii():
        return part
    name = _typed(text, name_at, part.after)
    exact = tuple(unit for unit in part.units if same(name, unit.short))
    return part._replace(units=exact or part.units)


def _named_parts(text: Text, first: int, name_at: int, kind: str = "") -> Iterator[Part]:
    """The names there, the longest first; without a kind only districts and provinces."""
    known, table = units(), vocabulary()
    for after, name in _names(text, name_at):
        if known.knows(name) or name in table.aliases:
            found = known.named(_typed(text, name_at, after), (kind,) if kind else ())
            found = found or table.aliases.get(name, ())
            wanted = tuple(unit for unit in found if kind or unit.level < Level.COMMUNE)
            if wanted:
                former = known.formerly(name, (kind,)) if kind else ()
                yield Part(first, after, wanted, former)


def _agree_in_marks(text: Text, kind: Phrase, name_at: int, part: Part) -> bool:
    """Who types the marks of the name types those of the kind: "xa Hà Nội" is far from it."""
    with_marks = all(
        word.word == meant
        for word, meant in zip(text.words[part.first :], kind.words, strict=False)
    )
    return with_marks or _typed(text, name_at, part.after).isascii()


def _stands_alone(text: Text, kind: Phrase, name_at: int, part: Part) -> bool:
    """Tell whether it is a name for sure, though no wider unit is named beside it.

    Of two syllables it needs marks or the right kind word ("phuong cu dong" is no xã Cự Đồng), and
    the marks of former names are not known. Of one syllable it is mostly another word ("phường hồ
    sơ"), unless it is a province's, a city's, or with its very marks a commune's of today.
    """
    length = part.after - name_at
    typed = _typed(text, name_at, part.after)
    fits = any(unit.kind == kind.meaning for unit in part.units)
    if length >= _SURELY_A_NAME:
        return True
    if length > 1:
        return part.units != part.former and (fits or not typed.isascii())
    if typed.isdigit():
        return kind.meaning == "Quận" or (fits and len(kind.words[0]) > 1)
    if part.units[0].level < Level.COMMUNE:
        return fits or part.units[0].level == Level.PROVINCE
    return not typed.isascii() and any(
        isinstance(unit, Commune) and typed == unit.short.lower() for unit in part.units
    )


def _led(text: Text, at: int, leads: Sequence[Phrase]) -> Part | None:
    """A name behind a word of place: "ở Củ Chi", "o hue", "vô Cần Thơ"."""
    for meaning in (AREA, WAY):
        lead = _of_meaning(leads, meaning)
        name_at = at + len(lead.words) if lead else at
        if lead and _follows(text, name_at, _WITHIN_NAME):
            part = _province(text, name_at, led=meaning == AREA)
            if part is None and meaning == AREA:
                part = _fully_marked(text, name_at) if _is_marked(text, at, lead) else None
                part = part or _bare(text, name_at)
            if part:
                return part
    return None


def _fully_marked(text: Text, name_at: int) -> Part | None:
    """The longest name of two syllables or more that is typed with all of its marks."""
    if _lead(text.words, name_at, NO_PLACE):
        return None
    for after, name in _names(text, name_at):
        if after > name_at + 1 and units().knows(name):
            typed = _typed(text, name_at, after)
            exact = [unit for unit in units().named(typed) if same(typed, unit.short)]
            if exact:
                top = min(unit.level for unit in exact)
                return Part(name_at, after, tuple(u for u in exact if u.level == top))
    return None


def _is_marked(text: Text, at: int, lead: Phrase) -> bool:
    return text.words[at].word == lead.words[0]


def _bare(text: Text, name_at: int) -> Part | None:
    """A district to be believed when what it lies in follows: "o di an, binh duong"."""
    names = _named_parts(text, name_at, name_at)
    sure = (part for part in names if part.after > name_at + 1)
    return next((part._replace(alone=False) for part in sure), None)


def _lone_province(text: Text, at: int) -> Part | None:
    """A province without a word before it, unless a person is so called: "chị Hà Giang"."""
    part = _province(text, at, led=False)
    return None if at > 0 and _lead(text.words, at - 1, PERSON) else part


def _province(text: Text, at: int, *, led: bool) -> Part | None:
    """``led``: behind a word of place even "hòa bình" and "hai phong" are provinces."""
    table = vocabulary()
    if text.words[at].folded not in table.province_openers:
        return None
    for after, name in _names(text, at):
        if name in table.provinces:
            typed = _typed(text, at, after)
            bare = typed.isascii()
            unsure = name in table.company or (bare and name in table.company_if_bare)
            for called in table.provinces[name]:
                if (bare or same(typed, called.writing)) and (led or not unsure):
                    return Part(at, after, called.units)
    return None


def _names(text: Text, at: int) -> Iterator[tuple[int, str]]:
    """What may be a name from that word on, the longest first: the word after it, and its key."""
    last = at + 1
    while last < min(len(text.words), at + _LONGEST_NAME) and _follows(text, last, _WITHIN_NAME):
        last += 1
    keys = [_key(word.folded) for word in text.words[at:last]]
    for length in range(len(keys), 0, -1):
        yield at + length, "".join(keys[:length])


@lru_cache(maxsize=4_096)
def _key(word: str) -> str:
    return key(word)


def _typed(text: Text, first: int, after: int) -> str:
    return " ".join(word.word for word in text.words[first:after])


def _follows(text: Text, at: int, gap: re.Pattern[str]) -> bool:
    return at < len(text.words) and gap.fullmatch(text.gaps[at]) is not None


def _is_pointed(text: Text, at: int) -> bool:
    return "." in text.gaps[at] or text.words[at].word.isdigit()


def _lead(words: Sequence[Word], at: int, meaning: str) -> Phrase | None:
    return _of_meaning(list(vocabulary().leads.all_at(words, at)), meaning)


def _of_meaning(leads: Sequence[Phrase], meaning: str) -> Phrase | None:
    return next((lead for lead in leads if lead.meaning == meaning), None)


def _place(named: Sequence[Unit]) -> Place:
    known = units()
    level = named[0].level.name.lower()
    provinces = {province.code: province for province in map(known.province_of, named)}
    province = next(iter(provinces.values())) if len(provinces) == 1 else None
    where = province.name if province else ""
    if named[0].level == Level.PROVINCE:
        return Place(level, where, province.code if province else "", where)
    communes = _communes(named)
    if len(communes) == 1:
        return Place(level, communes[0].name, communes[0].code, where)
    if len(communes) > MOST_CANDIDATES:
        communes = []
    choices = [Choice(c.code, c.name, c.province.name) for c in communes]
    return Place(level, "", "", where, choices)


def _communes(named: Sequence[Unit]) -> list[Commune]:
    """The communes of today that they are or became."""
    became: dict[str, Commune] = {}
    for unit in named:
        if isinstance(unit, Commune):
            became[unit.code] = unit
        elif isinstance(unit, OldUnit):
            became |= {commune.code: commune for commune in units().now(unit)}
    return list(became.values())
