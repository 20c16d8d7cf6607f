"""What an answer means, question by question; what answers nothing is more of the story."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.feedback.telling import cues
from bot.feedback.telling.draft import Draft, Identity, When, Where, read_label
from bot.feedback.telling.facts import (
    chosen,
    meant,
    placed,
    tells_facts,
    with_facts,
    with_line,
    with_story,
)
from bot.feedback.telling.outcome import Heard, Noted, Then
from bot.feedback.telling.question import UNCOUNTED, Question
from bot.feedback.telling.road import budget, next_question
from bot.feedback.telling.said import Answer, Said
from bot.feedback.telling.wording import options

AN_ANSWER = 10  # words that a place or a time takes at most
A_CONTACT = 30
A_STORY = 5
THIN = 3  # words; so short a beginning is not the story yet
SURE = 0.8
LIKELY = 0.5

_IDENTITIES = {
    "anonymous": Identity(),
    "named": Identity(named=True),
    "silent": Identity(write_back=False),
}
_DAYS_AGO = {"today": 0, "yesterday": 1}
_OPTIONAL = (
    Question.WHERE,
    Question.WHICH,
    Question.WHEN,
    Question.KIND,
    Question.EVIDENCE,
)


def pressed(draft: Draft, answer: Answer, today: date) -> Heard:
    """Take a button; one of a question that is not open any more corrects its answer."""
    question, value = answer.question, answer.value
    if value not in {offered for _, offered in options(draft, question)}:
        # A payload comes from outside, and may be none that was ever offered.
        return Heard(draft, Then.AGAIN)
    if question is draft.open:
        return _pressed(draft.having(wanted=None), question, value, today)
    if question in UNCOUNTED or question is Question.SUMMARY:
        return Heard(draft, Then.AGAIN)
    corrected = _pressed(draft, question, value, today)
    return Heard(corrected.draft, Then.AGAIN, (*corrected.noted, Noted.CORRECTED))


def _pressed(draft: Draft, question: Question, value: str, today: date) -> Heard:
    match question:
        case Question.WHERE | Question.WHICH | Question.WHEN | Question.EVIDENCE if value == "skip":
            return Heard(left_out(draft, question))
        case Question.STORY:
            return Heard(draft.having(paragraphs=(), guesses={}, kind=None))
        case Question.WHICH:
            return Heard(chosen(draft, value))
        case Question.WHEN:
            return Heard(draft.having(when=When("", today - timedelta(days=_DAYS_AGO[value]))))
        case Question.KIND:
            return Heard(draft.having(kind=read_label(value)))
        case Question.IDENTITY:
            return Heard(draft.having(identity=_IDENTITIES[value]))
        case Question.SUMMARY:
            return _SUMMARY_BUTTONS[value](draft)
        case Question.EDIT:
            return Heard(_opened_again(draft, Question(value)))
        case Question.STOP if value == "yes":
            return Heard(draft, Then.ERASE)
        case Question.ANOTHER:
            return _another(draft, new=value == "new")
    return Heard(draft)


def corrected(draft: Draft, said: Said) -> Heard | None:
    """Take "à nhầm, hôm qua chứ": what it names replaces what was told before."""
    at_summary = draft.open is Question.SUMMARY and cues.length(said.text) <= AN_ANSWER
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
    return Heard(draft.having(wanted=None), Then.AGAIN, (Noted.CORRECTED, *cut[1:]))


def told_who(draft: Draft, said: Said) -> Heard | None:
    """Take "tôi ghi tên", or a name with a telephone number, whenever it comes."""
    if draft.open in (Question.STORY, Question.IDENTITY, Question.CONTACT):
        return None
    signed = said.phone and cues.length(said.text) <= AN_ANSWER and said.complaint < LIKELY
    if not signed and not (cues.named(said.text) and cues.length(said.text) <= AN_ANSWER):
        return None
    identity = Identity(named=True, contact=said.text if signed else "")
    return Heard(draft.having(identity=identity), Then.AGAIN, (Noted.CORRECTED,))


def left_out(draft: Draft, question: Question) -> Draft:
    """Leave a question open by choice; it is not asked again."""
    return draft.having(done=tuple(dict.fromkeys((*draft.done, question))), wanted=None)


def _story(draft: Draft, said: Said) -> Heard:
    if draft.paragraphs and (cues.ends_story(said.text) or cues.sends(said.text)):
        return Heard(draft.having(wanted=None))
    first = not draft.paragraphs
    draft, noted = with_story(draft, said)
    # "chuyện là thế này" only begins it: what happened is still to come.
    thin = cues.telling(said.text) < THIN and said.complaint < SURE and first
    opened = not thin and Question.SUMMARY not in draft.asked
    told = (Noted.OPENED, *noted[1:]) if opened else noted[1:]
    return Heard(draft.having(wanted=Question.STORY if thin else None), noted=told)


def _where(draft: Draft, said: Said) -> Heard:
    place = meant(said.text, said.places)
    longer = cues.length(said.text) > AN_ANSWER
    if place is not None:
        draft = placed(draft, place).having(wanted=None, office=draft.office or said.office)
        return _more(draft, said) if longer else Heard(draft)
    if cues.does_not_know(said.text) or cues.skips(said.text):
        return Heard(left_out(draft, Question.WHERE))
    if longer or said.complaint >= SURE or said.days or _tells_aside(said):
        return _more(draft, said)
    before = draft.where
    words = f"{said.text}, {before.words}" if before else said.text
    where = Where(words, before.province_code if before else None)
    draft = draft.having(where=where, office=draft.office or said.office)
    return Heard(left_out(draft, Question.WHERE))


def _which(draft: Draft, said: Said) -> Heard:
    if cues.does_not_know(said.text) or cues.says_no(said.text):
        return Heard(left_out(draft, Question.WHICH))
    place = meant(said.text, said.places)
    if place is not None and cues.length(said.text) <= AN_ANSWER:
        return Heard(placed(draft, place))
    return _more(draft, said)


def _when(draft: Draft, said: Said) -> Heard:
    day = meant(said.text, said.days)
    longer = cues.length(said.text) > AN_ANSWER
    if day is not None:
        draft = draft.having(when=When(day.words, day.day), wanted=None)
        return _more(draft, said) if longer else Heard(draft)
    if cues.does_not_know(said.text) or cues.skips(said.text):
        return Heard(left_out(draft, Question.WHEN))
    fits = sum(map(str.isalpha, said.text)) > 1 and not said.places
    if longer or not fits or said.complaint >= SURE or _tells_aside(said):
        return _more(draft, said)
    return Heard(draft.having(when=When(said.text), wanted=None))


def _identity(draft: Draft, said: Said) -> Heard:
    if said.phone or cues.names_oneself(said.text):
        identity = Identity(named=True, contact=said.text)
    elif cues.anonymous(said.text) or cues.says_no(said.text) or cues.does_not_know(said.text):
        identity = Identity()
    elif cues.named(said.text) or cues.says_yes(said.text):
        identity = Identity(named=True)
    else:
        return _more(draft, said)
    return Heard(draft.having(identity=identity, wanted=None))


def _contact(draft: Draft, said: Said) -> Heard:
    if cues.anonymous(said.text) or cues.says_no(said.text) or cues.skips(said.text):
        return Heard(draft.having(identity=Identity(), wanted=None))
    if cues.length(said.text) > A_CONTACT or said.complaint >= SURE or cues.sends(said.text):
        return _more(draft, said)
    identity = Identity(named=True, contact=said.text)
    return Heard(draft.having(identity=identity, wanted=None))


def _evidence(draft: Draft, said: Said) -> Heard:
    if draft.evidence or cues.skips(said.text) or cues.does_not_know(said.text):
        return Heard(left_out(draft, Question.EVIDENCE))
    if cues.says_yes(said.text):
        return Heard(draft, Then.AGAIN)
    return _more(draft, said)


def _summary(draft: Draft, said: Said) -> Heard:
    if cues.says_yes(said.text) or cues.sends(said.text):
        return Heard(draft, Then.SEND)
    if cues.says_no(said.text):
        return Heard(draft.having(wanted=Question.EDIT))
    if cues.anonymous(said.text):
        return Heard(draft.having(identity=Identity()), Then.AGAIN, (Noted.CORRECTED,))
    return _more(draft, said)


def _edit(draft: Draft, said: Said) -> Heard:
    """Take what is to be corrected by its name; anything else as at the summary."""
    named = cues.field_named(said.text)
    if named is not None and cues.length(said.text) <= A_STORY:
        return Heard(_opened_again(draft, named))
    back = draft.having(wanted=None, open=Question.SUMMARY)
    if cues.says_no(said.text) or cues.says_yes(said.text):
        return Heard(back)
    return _summary(back, said)


def _at_another(draft: Draft, said: Said) -> Heard:
    if cues.another(said.text):
        return _another(draft, new=True)
    if cues.says_yes(said.text) or cues.says_no(said.text):
        return Heard(draft, Then.AGAIN, (Noted.NOT_UNDERSTOOD,))
    old = _another(draft, new=False).draft
    return _more(old.having(open=next_question(old)), said)


def _more(draft: Draft, said: Said) -> Heard:
    """Take a message as more of the story; a word or two that fit nothing are asked about."""
    if cues.sends(said.text) and draft.paragraphs:
        return Heard(_hurried(draft))
    if not _tells_more(said):
        if tells_facts(draft, said):
            return Heard(with_facts(draft, said), Then.AGAIN, (Noted.STORY,))
        return Heard(draft, Then.AGAIN, (Noted.NOT_UNDERSTOOD,))
    draft, noted = with_story(draft, said)
    return Heard(draft, Then.AGAIN, noted)


def _tells_more(said: Said) -> bool:
    return cues.length(said.text) >= A_STORY or said.complaint >= LIKELY


def _tells_aside(said: Said) -> bool:
    """Tell whether a short answer is one to a question that is not asked yet."""
    return cues.anonymous(said.text) or cues.sends(said.text)


def _hurried(draft: Draft) -> Draft:
    """Leave out whatever may be left out: "gửi luôn đi" comes straight to the summary."""
    for question in _OPTIONAL:
        draft = left_out(draft, question)
    unnamed = draft.identity is None or (draft.identity.named and not draft.identity.contact)
    return draft.having(identity=Identity()) if unnamed else draft


def _opened_again(draft: Draft, question: Question) -> Draft:
    """Open one question anew; its old answer stands until there is a new one."""
    if question is Question.SUMMARY:
        return draft.having(wanted=None)
    left = tuple(each for each in draft.done if each is not question)
    return draft.having(done=left, wanted=question)


def _another(draft: Draft, *, new: bool) -> Heard:
    """Go on with the story that waited, or drop it for the one that was begun."""
    begun = draft.kept
    draft = Draft(touched=draft.touched) if new else draft.having(wanted=None, kept=None)
    noted: tuple[Noted, ...] = ()
    if begun is not None and (not new or cues.telling(begun.text) >= THIN):
        draft, noted = with_story(draft, begun)
    if new:
        opened = (Noted.OPENED, *noted[1:]) if noted else ()
        return Heard(draft.having(budget=budget(draft)), noted=opened)
    return Heard(draft, Then.AGAIN, noted)


_SUMMARY_BUTTONS: dict[str, Callable[[Draft], Heard]] = {
    "send": lambda draft: Heard(draft, Then.SEND),
    "edit": lambda draft: Heard(draft.having(wanted=Question.EDIT)),
    "stop": lambda draft: Heard(draft.having(wanted=Question.STOP)),
}
ANSWERS: dict[Question, Callable[[Draft, Said], Heard]] = {
    Question.STORY: _story,
    Question.WHERE: _where,
    Question.WHICH: _which,
    Question.WHEN: _when,
    Question.KIND: _more,
    Question.IDENTITY: _identity,
    Question.CONTACT: _contact,
    Question.EVIDENCE: _evidence,
    Question.SUMMARY: _summary,
    Question.EDIT: _edit,
    Question.ANOTHER: _at_another,
}
