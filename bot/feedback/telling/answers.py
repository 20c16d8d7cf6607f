"""What an answer means, question by question; what answers nothing is more of the story."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.feedback.telling import cues
from bot.feedback.telling.draft import (
    Draft,
    Identity,
    Question,
    When,
    Where,
    read_label,
)
from bot.feedback.telling.facts import meant, placed, with_line, with_story
from bot.feedback.telling.outcome import Heard, Noted, Then
from bot.feedback.telling.said import Answer, Said
from bot.feedback.telling.wording import options

A_PLACE = 10  # words that a place or a time takes at most
A_CONTACT = 30
A_STORY = 5  # words

_IDENTITIES = {
    "anonymous": Identity(),
    "named": Identity(named=True),
    "silent": Identity(write_back=False),
}
_DAYS_AGO = {"today": 0, "yesterday": 1}


def pressed(draft: Draft, answer: Answer, today: date) -> Heard:
    """Take a button; one of a question that is not open any more corrects its answer."""
    question, value = answer.question, answer.value
    if value not in {offered for _, offered in options(draft, question)}:
        return Heard(draft)  # a payload comes from outside, and may be none that was ever offered
    only_when_open = (Question.SUMMARY, Question.STOP, Question.EDIT)
    if question in only_when_open and question is not draft.open:
        return Heard(draft)
    draft = draft.having(wanted=None)
    match question:
        case Question.WHERE | Question.WHICH | Question.EVIDENCE if value == "skip":
            return Heard(_left_out(draft, question))
        case Question.WHICH:
            return Heard(_chosen_place(draft, value))
        case Question.WHEN:
            return Heard(_chosen_day(draft, value, today))
        case Question.KIND:
            return Heard(draft.having(kind=read_label(value)))
        case Question.IDENTITY:
            return Heard(draft.having(identity=_IDENTITIES[value]))
        case Question.SUMMARY:
            return _at_summary_button(draft, value)
        case Question.EDIT:
            return Heard(_opened_again(draft, Question(value)))
        case Question.STOP if value == "yes":
            return Heard(draft, Then.ERASE)
    return Heard(draft)


def corrected(draft: Draft, said: Said) -> Heard | None:
    """Take "à nhầm, hôm qua chứ": what it names replaces what was told before."""
    at_summary = draft.open is Question.SUMMARY and cues.length(said.text) <= A_PLACE
    if not draft.paragraphs or not (cues.corrects(said.text) or at_summary):
        return None
    place, day = meant(said.text, said.places), meant(said.text, said.days)
    if place is None and day is None:
        return None
    if place is not None:
        draft = placed(draft.having(where=None), place)
    if day is not None:
        draft = draft.having(when=When(day.words, day.day))
    draft, cut = with_line(draft, said.text)
    return Heard(draft.having(wanted=None), noted=(Noted.CORRECTED, *cut[1:]))


def _story(draft: Draft, said: Said) -> Heard:
    if cues.ends_story(said.text) and draft.paragraphs:
        return Heard(draft.having(wanted=None))
    return _more(draft, said)


def _where(draft: Draft, said: Said) -> Heard:
    place = meant(said.text, said.places)
    longer = cues.length(said.text) > A_PLACE
    if place is not None:
        draft = placed(draft, place).having(wanted=None, office=draft.office or said.office)
        return _more(draft, said) if longer else Heard(draft)
    if cues.does_not_know(said.text) or cues.skips(said.text):
        return Heard(_left_out(draft, Question.WHERE))
    if longer or said.complaint >= 0.8:
        return _more(draft, said)
    before = f", {draft.where.words}" if draft.where else ""
    where = Where(said.text + before, draft.where.province_code if draft.where else None)
    draft = draft.having(where=where, office=draft.office or said.office)
    return Heard(_left_out(draft, Question.WHERE))


def _which(draft: Draft, said: Said) -> Heard:
    if cues.does_not_know(said.text) or cues.says_no(said.text):
        return Heard(_left_out(draft, Question.WHICH))
    place = meant(said.text, said.places)
    return Heard(placed(draft, place)) if place is not None else _more(draft, said)


def _when(draft: Draft, said: Said) -> Heard:
    day = meant(said.text, said.days)
    longer = cues.length(said.text) > A_PLACE
    if day is not None:
        draft = draft.having(when=When(day.words, day.day), wanted=None)
        return _more(draft, said) if longer else Heard(draft)
    if cues.does_not_know(said.text) or cues.skips(said.text):
        return Heard(_left_out(draft, Question.WHEN))
    if longer or said.complaint >= 0.8:
        return _more(draft, said)
    return Heard(draft.having(when=When(said.text), wanted=None))


def _identity(draft: Draft, said: Said) -> Heard:
    if cues.anonymous(said.text) or cues.says_no(said.text):
        return Heard(draft.having(identity=Identity(), wanted=None))
    if said.phone or cues.names_oneself(said.text):
        identity = Identity(named=True, contact=said.text)
        return Heard(draft.having(identity=identity, wanted=None))
    if cues.named(said.text) or cues.says_yes(said.text):
        return Heard(draft.having(identity=Identity(named=True), wanted=None))
    return _more(draft, said)


def _contact(draft: Draft, said: Said) -> Heard:
    if cues.anonymous(said.text) or cues.says_no(said.text) or cues.skips(said.text):
        return Heard(draft.having(identity=Identity(), wanted=None))
    if cues.length(said.text) > A_CONTACT:
        return _more(draft, said)
    identity = Identity(named=True, contact=said.text)
    return Heard(draft.having(identity=identity, wanted=None))


def _evidence(draft: Draft, said: Said) -> Heard:
    if draft.evidence or cues.skips(said.text) or cues.does_not_know(said.text):
        return Heard(_left_out(draft, Question.EVIDENCE))
    if cues.says_yes(said.text):
        return Heard(draft)
    return _more(draft, said)


def _summary(draft: Draft, said: Said) -> Heard:
    if cues.says_yes(said.text):
        return Heard(draft, Then.SEND)
    if cues.edits(said.text) or cues.says_no(said.text):
        return Heard(draft.having(wanted=Question.EDIT))
    if said.phone or cues.named(said.text):
        contact = said.text if said.phone else ""
        return Heard(draft.having(identity=Identity(named=True, contact=contact)))
    if cues.anonymous(said.text):
        return Heard(draft.having(identity=Identity()))
    return _more(draft, said)


def _edit(draft: Draft, said: Said) -> Heard:
    """Whoever types instead of choosing what to correct is taken as at the summary."""
    back = draft.having(wanted=None, open=Question.SUMMARY)
    if cues.says_no(said.text) or cues.says_yes(said.text):
        return Heard(back)
    return _summary(back, said)


ANSWERS: dict[Question, Callable[[Draft, Said], Heard]] = {
    Question.STORY: _story,
    Question.WHERE: _where,
    Question.WHICH: _which,
    Question.WHEN: _when,
    Question.KIND: lambda draft, said: _more(draft, said),
    Question.IDENTITY: _identity,
    Question.CONTACT: _contact,
    Question.EVIDENCE: _evidence,
    Question.SUMMARY: _summary,
    Question.EDIT: _edit,
}


def _more(draft: Draft, said: Said) -> Heard:
    """Take a message as more of the story; a word or two that fit nothing are asked about."""
    a_story = cues.length(said.text) >= A_STORY or said.complaint >= 0.5
    if not a_story and draft.open is not Question.STORY:
        return Heard(draft, noted=(Noted.NOT_UNDERSTOOD,))
    draft, noted = with_story(draft, said)
    if draft.wanted is Question.STORY:
        draft = draft.having(wanted=None)
    return Heard(draft, noted=noted)


def _left_out(draft: Draft, question: Question) -> Draft:
    return draft.having(done=tuple(dict.fromkeys((*draft.done, question))), wanted=None)


def _opened_again(draft: Draft, question: Question) -> Draft:
    """Open one question anew; its old answer stands until there is a new one."""
    if question is Question.SUMMARY:
        return draft
    left = tuple(each for each in draft.done if each is not question)
    return draft.having(done=left, wanted=question)


def _chosen_day(draft: Draft, value: str, today: date) -> Draft:
    if value not in _DAYS_AGO:
        return _left_out(draft, Question.WHEN)
    return draft.having(when=When("", today - timedelta(days=_DAYS_AGO[value])))


def _chosen_place(draft: Draft, value: str) -> Draft:
    where = draft.where
    if where is None:
        return draft
    for each in where.candidates:
        if each.code == value:
            chosen = Where(where.words, each.province_code, each.code, each.name)
            return draft.having(where=chosen)
    return draft


def _at_summary_button(draft: Draft, value: str) -> Heard:
    match value:
        case "send":
            return Heard(draft, Then.SEND)
        case "edit":
            return Heard(draft.having(wanted=Question.EDIT))
    return Heard(draft.having(wanted=Question.STOP))
