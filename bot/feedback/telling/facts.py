"""Taking what a message tells into the draft, so that nothing is asked twice or lost."""

from collections.abc import Sequence
from typing import TypeVar

from bot.feedback.telling import cues
from bot.feedback.telling.draft import LONGEST_STORY, Draft, Question, When, Where
from bot.feedback.telling.outcome import Noted
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
    if day is not None and draft.when is None:
        draft = draft.having(when=When(day.words, day.day))
    return draft.having(office=draft.office or said.office)


def with_line(draft: Draft, text: str) -> tuple[Draft, tuple[Noted, ...]]:
    """Add words to the story as they are, as far as a case can hold them."""
    room = LONGEST_STORY - len(draft.story) - 1
    cut = (Noted.TOO_LONG,) if len(text) > room else ()
    kept = text[: max(room, 0)].strip()
    if not kept:
        return draft, cut
    return draft.having(paragraphs=(*draft.paragraphs, kept)), (Noted.STORY, *cut)


def placed(draft: Draft, place: PlaceSaid) -> Draft:
    """Set the place; a commune without its province lies in the province told before."""
    before = draft.where
    within = before.province_code if before else None
    candidates = [
        each for each in place.candidates if within is None or each.province_code == within
    ] or list(place.candidates)
    words = place.words
    if before and not before.settled and before.province_code and not place.province_code:
        words = f"{place.words}, {before.words}"
    if len(candidates) == 1:
        only = candidates[0]
        where = Where(words, only.province_code, only.code, only.name)
    else:
        province = place.province_code or (within if not place.commune_code else None)
        where = Where(words, province, place.commune_code, place.name, tuple(candidates))
    left = tuple(each for each in draft.done if each not in (Question.WHERE, Question.WHICH))
    return draft.having(where=where, done=left)


def meant(text: str, facts: Sequence[Fact]) -> Fact | None:
    """The first that is not denied: "không phải phường A, phường B" means B."""
    return next((fact for fact in facts if not cues.denied_before(text, fact.start)), None)
