"""What a message means while a story is being told: an answer, more of it, or something else."""

from datetime import datetime, timedelta

from bot.feedback.telling import cues
from bot.feedback.telling.answers import ANSWERS, corrected, left_out, pressed, told_who
from bot.feedback.telling.draft import Draft, Identity
from bot.feedback.telling.facts import with_facts, with_story
from bot.feedback.telling.outcome import Heard, Noted, Then
from bot.feedback.telling.question import UNCOUNTED, Question
from bot.feedback.telling.road import budget, next_question
from bot.feedback.telling.said import Said

A_STORY = 3  # words that tell something, beside "tôi muốn phản ánh"
A_SHORT_STORY = 2  # where it is clear what it is about: "cán bộ đòi tiền"
CLEAR = 0.6
A_QUESTION = 25  # words; a longer message tells, whatever it asks
A_GREETING = 8
SURE = 0.8
SURELY = 0.95
LIKELY = 0.5
PATIENCE = 2  # times that a question is said again before it is left open
MOVED_ON = 2  # other questions in a row, after which the telling steps back
AWAY = timedelta(hours=4)  # of silence, after which somebody may come with another story
_OPENING = "report_complaint"
_PARTING = frozenset({"thank", "goodbye"})
_REQUESTS = frozenset({"ask_procedure", "check_dossier", "track_feedback", "ask_human"})
_CHOICES = frozenset({Question.KIND, Question.IDENTITY, Question.EVIDENCE, Question.SUMMARY})
_NEVER_LEFT = UNCOUNTED | {Question.STORY, Question.SUMMARY}


def begin(said: Said, now: datetime) -> Heard:
    """Start with the message that opens the road, and all that it tells."""
    draft = Draft(touched=now, evidence=said.evidence)
    noted: tuple[Noted, ...] = ()
    if tells_story(said):
        draft, cut = with_story(draft, said)
        noted = (Noted.OPENED, *cut[1:])
    else:
        draft = with_facts(draft, said)
    return Heard(_open_next(draft.having(budget=budget(draft))), noted=noted)


def begin_with(draft: Draft) -> Heard:
    """Start with what is known already: a late dossier tells its own story."""
    return Heard(_open_next(draft.having(budget=budget(draft))))


def take(draft: Draft, said: Said, now: datetime) -> Heard:
    """Take one message while a question is open."""
    heard = _take(draft, said, now)
    after = heard.draft.having(touched=now)
    match heard.then:
        case Then.ASK | Then.AGAIN:
            free = heard.then is Then.AGAIN
            back = after.having(asides=0)
            in_vain = Noted.NOT_UNDERSTOOD in heard.noted and draft.repeats >= PATIENCE
            if in_vain and draft.open not in _NEVER_LEFT:
                back = _given_up(back)
            return Heard(_open_next(back, free=free), noted=heard.noted)
        case Then.ASIDE:
            waiting = after.having(asides=draft.asides + 1, repeats=draft.repeats + 1)
            return Heard(waiting, Then.ASIDE, heard.noted)
        case Then.EXPLAIN:
            return Heard(after.having(repeats=draft.repeats + 1), Then.EXPLAIN, heard.noted)
    return Heard(after, heard.then, heard.noted)


def tells_story(said: Said) -> bool:
    """Tell whether a message that opens the road says what happened."""
    clear = any(likely >= CLEAR for _, likely in said.guesses)
    return cues.telling(said.text) >= (A_SHORT_STORY if clear else A_STORY)


def is_aside(draft: Draft, said: Said) -> bool:
    """Tell whether a message asks something that others answer.

    Worded as a question it is believed sooner; whoever asks one thing after the other has moved
    on, and need not word it so.
    """
    if said.complaint >= LIKELY or cues.length(said.text) > A_QUESTION:
        return False
    if cues.asks(said.text) or draft.asides >= MOVED_ON:
        return said.elsewhere >= LIKELY
    # "tra cứu hồ sơ" is no question by its words, and no choice either.
    terse = cues.length(said.text) <= A_GREETING and draft.open in _CHOICES
    return terse and said.elsewhere >= SURELY and said.intent in _REQUESTS


def _open_next(draft: Draft, *, free: bool = False) -> Draft:
    """Open the next question, or say the open one again in other words.

    A question counts when it is opened, and when it is said again because the answer did not do;
    not when the citizen brought it about (``free``), or comes back to it.
    """
    question = next_question(draft, free=free)
    again = question is draft.open and bool(draft.asked)
    chosen = question in UNCOUNTED or (question is draft.wanted and not _is_begun(draft))
    counts = not chosen and (question not in draft.asked or (again and not free))
    if again and question is Question.SUMMARY:
        counts = False
    return draft.having(
        open=question,
        paused=_paused(draft, question) if chosen else None,
        repeats=draft.repeats + 1 if again else 0,
        asked=(*draft.asked, question) if counts else draft.asked,
    )


def _paused(draft: Draft, question: Question) -> Question | None:
    """Return what to come back to when the citizen has had their say."""
    if question is draft.open or draft.open in UNCOUNTED:
        return draft.paused
    return draft.paused or draft.open


def _is_begun(draft: Draft) -> bool:
    """Tell whether the story has only begun: that it goes on is our wish, not the citizen's."""
    return draft.wanted is Question.STORY and Question.SUMMARY not in draft.asked


def _given_up(draft: Draft) -> Draft:
    """Go on without the answer; who does not say who they are stays anonymous."""
    if draft.open in (Question.IDENTITY, Question.CONTACT):
        draft = draft.having(identity=Identity())
    return left_out(draft, draft.open)


def _take(draft: Draft, said: Said, now: datetime) -> Heard:
    if said.answer is not None:
        return pressed(draft, said.answer, said.today)
    noted: tuple[Noted, ...] = ()
    if said.evidence:
        draft = draft.having(evidence=tuple(dict.fromkeys((*draft.evidence, *said.evidence))))
        noted = (Noted.EVIDENCE,)
    if not said.text:
        ours = noted or said.intent == _OPENING
        return Heard(draft, Then.AGAIN if ours else Then.ASIDE, noted)
    heard = _take_words(draft, said, now)
    return Heard(heard.draft, heard.then, (*noted, *heard.noted))


def _take_words(draft: Draft, said: Said, now: datetime) -> Heard:
    if draft.open is Question.STOP:
        return _at_stop(draft, said, now)
    if draft.open is Question.SUMMARY and cues.refuses(said.text):
        return Heard(draft, Then.REFUSED)
    if cues.stops(said.text) and not _leaves_out(draft, said.text):
        return Heard(draft.having(wanted=Question.STOP))
    if _leaves(said):
        return Heard(draft, Then.LATER)
    if said.about:
        return Heard(draft, Then.EXPLAIN)
    if is_aside(draft, said):
        return Heard(draft, Then.ASIDE)
    if cues.greets(said.text) or cues.goes_on(said.text):
        return Heard(draft, Then.AGAIN)
    if _tells_another(draft, said, now):
        return Heard(draft.having(wanted=Question.ANOTHER, kept=said))
    if cues.edits(said.text) and draft.paragraphs and not said.places and not said.days:
        return Heard(draft.having(wanted=cues.field_named(said.text) or Question.EDIT))
    return corrected(draft, said) or told_who(draft, said) or ANSWERS[draft.open](draft, said)


def _leaves_out(draft: Draft, text: str) -> bool:
    """Tell "thôi khỏi", which at a question that may be left out does just that, from "thôi"."""
    return draft.open is Question.EVIDENCE and cues.skips(text)


def _leaves(said: Said) -> bool:
    parting = said.intent in _PARTING and said.elsewhere >= SURE
    return cues.later(said.text) or (parting and cues.length(said.text) <= A_GREETING)


def _tells_another(draft: Draft, said: Said, now: datetime) -> bool:
    """Tell whether a new story begins while the old one is not finished."""
    if not draft.paragraphs or draft.open is Question.ANOTHER:
        return False
    long_ago = now - draft.touched > AWAY
    return cues.another(said.text) or (
        long_ago and said.intent == _OPENING and said.complaint >= SURE
    )


def _at_stop(draft: Draft, said: Said, now: datetime) -> Heard:
    """Take the answer to whether to stop; whoever says something else goes on."""
    if cues.stops(said.text) or cues.says_yes(said.text):
        return Heard(draft, Then.ERASE)
    back = draft.having(wanted=None)
    if cues.says_no(said.text) or cues.goes_on(said.text):
        return Heard(back)
    return _take_words(back.having(open=next_question(back)), said, now)
