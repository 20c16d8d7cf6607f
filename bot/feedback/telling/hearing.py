"""What a message means while a story is being told: an answer, more of it, or something else."""

from datetime import datetime

from bot.feedback.telling import cues
from bot.feedback.telling.answers import ANSWERS, corrected, pressed
from bot.feedback.telling.draft import Draft, Identity, Question
from bot.feedback.telling.facts import with_facts, with_story
from bot.feedback.telling.outcome import Heard, Noted, Then
from bot.feedback.telling.road import budget, next_question
from bot.feedback.telling.said import Said

A_STORY = 3  # words that tell something, beside "tôi muốn phản ánh"
A_QUESTION = 25  # words; a longer message tells, whatever it asks
SURE = 0.6
PATIENCE = 3  # other questions in a row, after which the telling waits in silence
_THIS = "report_complaint"
_UNCOUNTED = frozenset({Question.EDIT, Question.STOP})
# Asked as a question, these are no answer to ours; the last two are none in any form.
_ASIDES = frozenset(
    {
        *("ask_procedure", "ask_rights", "ask_place", "check_dossier", "out_of_scope"),
        *("track_feedback", "help", "ask_human"),
    }
)
_ALWAYS_ASIDES = frozenset({"help", "ask_human", "thank", "goodbye"})


def begin(said: Said, now: datetime) -> Heard:
    """Start with the message that opens the road, and all that it tells."""
    draft = Draft(touched=now)
    noted: tuple[Noted, ...] = ()
    if tells_story(said):
        draft, noted = with_story(draft, said)
    else:
        draft = with_facts(draft, said)
    if cues.anonymous(said.text):
        draft = draft.having(identity=Identity())
    draft = draft.having(budget=budget(draft), evidence=said.evidence)
    return Heard(_open_next(draft), noted=noted)


def begin_with(draft: Draft) -> Heard:
    """Start with what is known already: a late dossier tells its own story."""
    return Heard(_open_next(draft.having(budget=budget(draft))))


def take(draft: Draft, said: Said, now: datetime) -> Heard:
    """Take one message while a question is open."""
    heard = _take(draft, said)
    after = heard.draft.having(touched=now)
    match heard.then:
        case Then.ASK:
            return Heard(_open_next(after.having(asides=0)), noted=heard.noted)
        case Then.ASIDE:
            waiting = after.having(asides=draft.asides + 1, repeats=draft.repeats + 1)
            return Heard(waiting, Then.ASIDE, heard.noted)
    return Heard(after, heard.then, heard.noted)


def _open_next(draft: Draft) -> Draft:
    """Open the next question; one that stays open is said again, in other words."""
    question = next_question(draft)
    if question is draft.open and draft.asked:
        return draft.having(repeats=draft.repeats + 1)
    counts = question not in _UNCOUNTED and question is not draft.wanted
    asked = (*draft.asked, question) if counts else draft.asked
    return draft.having(open=question, repeats=0, asked=tuple(dict.fromkeys(asked)))


def _take(draft: Draft, said: Said) -> Heard:
    if said.answer is not None:
        return pressed(draft, said.answer, said.today)
    if draft.asides >= PATIENCE and not _comes_back(said):
        return Heard(draft, Then.ASIDE)
    noted: tuple[Noted, ...] = ()
    if said.evidence:
        draft = draft.having(evidence=(*draft.evidence, *said.evidence))
        noted = (Noted.EVIDENCE,)
    if not said.text:
        return Heard(draft, Then.ASK if noted or said.intent == _THIS else Then.ASIDE, noted)
    heard = _take_words(draft, said)
    return Heard(heard.draft, heard.then, (*noted, *heard.noted))


def _take_words(draft: Draft, said: Said) -> Heard:
    if draft.open is Question.STOP:
        return _at_stop(draft, said)
    if cues.refuses(said.text) and draft.open is Question.SUMMARY:
        return Heard(draft, Then.REFUSED)
    if _stops(draft, said.text):
        return Heard(draft.having(wanted=Question.STOP, before_stop=draft.wanted))
    if is_aside(said):
        return Heard(draft, Then.ASIDE)
    if cues.greets(said.text) or cues.goes_on(said.text):
        return Heard(draft)
    return corrected(draft, said) or ANSWERS[draft.open](draft, said)


def _stops(draft: Draft, text: str) -> bool:
    """Tell "thôi" from "thôi khỏi", which at a question that may be left out does just that."""
    if draft.open is Question.EVIDENCE and cues.skips(text):
        return False
    return cues.stops(text)


def _at_stop(draft: Draft, said: Said) -> Heard:
    """Take the answer to whether to stop; whoever says something else goes on."""
    if cues.stops(said.text) or cues.says_yes(said.text):
        return Heard(draft, Then.ERASE)
    back = draft.having(wanted=draft.before_stop, before_stop=None)
    if cues.says_no(said.text) or cues.goes_on(said.text):
        return Heard(back)
    return _take_words(back.having(open=next_question(back)), said)


def _comes_back(said: Said) -> bool:
    return bool(said.evidence) or said.intent == _THIS or cues.goes_on(said.text)


def tells_story(said: Said) -> bool:
    """Tell whether a message that opens the road says what happened."""
    return cues.telling(said.text) >= A_STORY


def is_aside(said: Said) -> bool:
    """Tell whether a message asks something of its own."""
    if said.complaint >= 0.5 or cues.length(said.text) > A_QUESTION:
        return False
    if said.intent in _ALWAYS_ASIDES and said.confidence >= SURE and not said.places:
        return True
    return said.intent in _ASIDES and cues.asks(said.text)
