"""Taking what a message tells into the draft, so that nothing is asked twice or lost."""

from collections.abc import Sequence
from typing import TypeVar

from bot.feedback.telling import cues
from bot.feedback.telling.draft import LONGEST_STORY, Draft, Identity, When, Where
from bot.feedback.telling.outcome import Noted
from bot.feedback.telling.question import Candidate, Question
from bot.feedback.telling.said import DaySaid, PlaceSaid, Said

LONGEST_WEIGHT = 30  # words; a longer message says no more about the kind

Fact = TypeVar("Fact", PlaceSaid, DaySaid)


def with_story(draft: Draft, said: Said) -> tuple[Draft, tuple[Noted, ...]]:
    """Add a message to the story, with what it tells of place, time and kind."""
    draft = with_facts(draft, said)
    weight = min(cues.length(said.text), LONGEST_WEIGHT)
    guesses = dict(draft.guesses)
    for label, confidence in said.guesses:
        guesses[label] = guesses.get(label, 0.0) + confidence * weight
    return with_line(draft.having(guesses=guesses), said.text)


def with_facts(draft: Draft, said: Said) -> Draft:
    """Fill in what is not known yet; what is known stays until it is corrected."""
    place, day = meant(said.text, said.places), meant(said.text, said.days)
    if place is not None and (draft.where is None or not draft.where.settled):
        draft = placed(draft, place)
    if day is not None and (draft.when is None or draft.when.day is None):
        draft = draft.having(when=When(day.words, day.day))
    if draft.identity is None and cues.anonymous(said.text):
        draft = draft.having(identity=Identity())
    return draft.having(office=draft.office or said.office)


def tells_facts(draft: Draft, said: Said) -> bool:
    """Tell whether a message answers something that is not asked just now."""
    return with_facts(draft, said) != draft


def with_line(draft: Draft, text: str) -> tuple[Draft, tuple[Noted, ...]]:
    """Add words to the story as they are, as far as a case can hold them."""
    room = LONGEST_STORY - len(draft.story) - 1
    cut = (Noted.TOO_LONG,) if len(text) > room else ()
    kept = text[: max(room, 0)].strip()
    if not kept:
        return draft, cut
    return draft.having(paragraphs=(*draft.paragraphs, kept)), (Noted.STORY, *cut)


def placed(draft: Draft, place: PlaceSaid) -> Draft:
    """Set the place; with an area told before, a commune is the one that lies there."""
    before = draft.where if draft.where and not draft.where.settled else None
    candidates = _within(before, place) or place.candidates
    words = _words(before, place)
    if len(candidates) == 1:
        only = candidates[0]
        where = Where(words, only.province_code, only.code, _full_name(only))
    else:
        province = place.province_code or (before.province_code if before else None)
        where = Where(words, province, place.commune_code, place.name, candidates)
    left = tuple(each for each in draft.done if each is not Question.WHICH)
    return draft.having(where=where, done=left)


def chosen(draft: Draft, code: str) -> Draft:
    """Settle for one of the communes that may be meant."""
    where = draft.where
    for each in where.candidates if where else ():
        if where and each.code == code:
            settled = Where(where.words, each.province_code, each.code, _full_name(each))
            return draft.having(where=settled)
    return draft


def meant(text: str, facts: Sequence[Fact]) -> Fact | None:
    """The first that is not denied: "không phải phường A, phường B" means B."""
    return next((fact for fact in facts if not cues.denied_before(text, fact.start)), None)


def _within(before: Where | None, place: PlaceSaid) -> tuple[Candidate, ...]:
    """Those of the communes that lie in the area told before; or, told an area now, in that."""
    if before is None:
        return ()
    if place.candidates:
        some, province = place.candidates, before.province_code
    else:
        some, province = before.candidates, None if place.commune_code else place.province_code
    return tuple(each for each in some if province and each.province_code == province)


def _words(before: Where | None, place: PlaceSaid) -> str:
    """Keep the area with the place, where they were told apart: "Cầu Giấy", then "Hà Nội"."""
    if before is None or place.commune_code:
        return place.words
    if place.province_code and not place.candidates:
        return f"{before.words}, {place.words}"
    return f"{place.words}, {before.words}" if before.province_code else place.words


def _full_name(candidate: Candidate) -> str:
    return ", ".join(filter(None, (candidate.name, candidate.province)))
