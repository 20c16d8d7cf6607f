"""Which question comes next, and when there have been enough.

A citizen who only says "tôi muốn phản ánh" is asked at most ``MOST_QUESTIONS``, the confirmation of
the summary included; whoever tells what, where and when at once, at most half as many. What there
is no room to ask stays open in the summary, where everything can be corrected.
"""

from bot.feedback.telling.draft import Draft
from bot.feedback.telling.question import Question

MOST_QUESTIONS = 6
MOST_CHOICES = 5  # of communes, beside "I do not know"

_IN_ORDER = (
    Question.STORY,
    Question.WHERE,
    Question.WHICH,
    Question.WHEN,
    Question.KIND,
    Question.IDENTITY,
    Question.CONTACT,
    Question.EVIDENCE,
    Question.SUMMARY,
)
_ALWAYS = frozenset({Question.STORY, Question.IDENTITY, Question.CONTACT, Question.SUMMARY})


def budget(draft: Draft) -> int:
    """How many questions the rest may take, by what the opening message told already."""
    told = (
        bool(draft.paragraphs),
        bool(draft.where and draft.where.settled and draft.paragraphs),
        bool(draft.when and draft.paragraphs),
    )
    return MOST_QUESTIONS - sum(told)


def next_question(draft: Draft, *, free: bool = False) -> Question:
    """Return what to ask now; the summary when nothing is left, or nothing more may be asked.

    ``free``: saying the open question again costs nothing.
    """
    if draft.wanted is not None:
        return draft.wanted
    return next(
        question
        for question in _IN_ORDER
        if is_missing(draft, question) and _may_ask(draft, question, free=free)
    )


def _may_ask(draft: Draft, question: Question, *, free: bool) -> bool:
    """Tell whether there is room; what was passed over for lack of room is not come back to."""
    if question in _ALWAYS or question is draft.paused:
        return True
    if question is draft.open:
        return free or _affordable(draft)
    return question not in draft.asked and _affordable(draft)


def is_missing(draft: Draft, question: Question) -> bool:
    """Tell whether a question has no answer yet, and was not left out by choice."""
    if question in draft.done:
        return False
    match question:
        case Question.STORY:
            return not draft.paragraphs
        case Question.WHERE:
            return not draft.where or not (draft.where.settled or has_choices(draft))
        case Question.WHICH:
            return has_choices(draft)
        case Question.WHEN:
            return draft.when is None and not draft.short
        case Question.KIND:
            return draft.doubtful and bool(draft.guesses)
        case Question.IDENTITY:
            return draft.identity is None
        case Question.CONTACT:
            return bool(draft.identity and draft.identity.named and not draft.identity.contact)
        case Question.EVIDENCE:
            return not draft.evidence and not draft.short
    return question is Question.SUMMARY


def has_choices(draft: Draft) -> bool:
    """Tell whether the place is one of few communes, so that a citizen can say which."""
    return bool(
        draft.where and not draft.where.settled and 1 < len(draft.where.candidates) <= MOST_CHOICES
    )


def _affordable(draft: Draft) -> bool:
    """Tell whether there is room for one more question before those that are always asked."""
    unnamed = draft.identity is None
    still = 1 + unnamed + (unnamed or is_missing(draft, Question.CONTACT))
    return len(draft.asked) + 1 + still <= draft.budget
