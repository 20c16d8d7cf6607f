"""What a telling says: questions in two wordings, what was noted, what somebody has to know."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from rasa_sdk.executor import CollectingDispatcher

from actions.contact import contact_lines
from actions.heard import Choice
from actions.services import Opened, Services
from actions.speaking import as_buttons
from actions.telling_heard import COMPLAINT, answer_payload
from bot.feedback import receipts
from bot.feedback.category import Category
from bot.feedback.telling import cues
from bot.feedback.telling.consent import consent
from bot.feedback.telling.draft import Draft
from bot.feedback.telling.outcome import Noted
from bot.feedback.telling.question import Question
from bot.feedback.telling.wording import beginning, options, summary
from bot.feedback.wording import LOOK, payload
from bot.working_time.zone import VIETNAM

GO_ON = Choice("Kể tiếp phản ánh", f"/{COMPLAINT}")
NEW = Choice("Kể chuyện mới", f"/{COMPLAINT}")

# How each question is asked, and how it is asked again.
ASKED = {
    Question.STORY: ("utter_telling_story", "utter_telling_story_again"),
    Question.WHERE: ("utter_telling_where", "utter_telling_where_again"),
    Question.WHICH: ("utter_telling_which", "utter_telling_which_again"),
    Question.WHEN: ("utter_telling_when", "utter_telling_when_again"),
    Question.KIND: ("utter_telling_kind", "utter_telling_kind_again"),
    Question.IDENTITY: ("utter_telling_identity", "utter_telling_identity_again"),
    Question.CONTACT: ("utter_telling_contact", "utter_telling_contact_again"),
    Question.EVIDENCE: ("utter_telling_evidence", "utter_telling_evidence_again"),
    Question.SUMMARY: ("utter_telling_send", "utter_telling_send_again"),
    Question.EDIT: ("utter_telling_edit", "utter_telling_edit_again"),
    Question.STOP: ("utter_telling_stop", "utter_telling_stop_again"),
    Question.ANOTHER: ("utter_telling_another", "utter_telling_another_again"),
}
_WITH_CONSENT = "utter_telling_consent"
_MORE_OF_STORY = "utter_telling_story_more"
_NOTED = {
    Noted.OPENED: "utter_telling_opened",
    Noted.STORY: "utter_telling_noted",
    Noted.CORRECTED: "utter_telling_corrected",
    Noted.EVIDENCE: "utter_telling_evidence_kept",
    Noted.TOO_LONG: "utter_telling_too_long",
    Noted.NOT_UNDERSTOOD: "utter_telling_not_understood",
}
_OPENED_SHORT = "utter_telling_opened_short"
# Said once, to whom it concerns.
_NOTICES: Mapping[str, Callable[[Draft], bool]] = {
    "utter_telling_notice_danger": lambda draft: cues.threatens(draft.story),
    "utter_telling_notice_bribery": lambda draft: (
        draft.likely.category is Category.BRIBERY and not draft.doubtful
    ),
}


class Speech:
    """Says what the pure room decided; the sentences are in nlu/domain/feedback.yml."""

    def __init__(self, services: Services) -> None:
        self._contact = contact_lines(services.hotline)
        self._controller = services.controller

    def note(self, dispatcher: CollectingDispatcher, draft: Draft, noted: Iterable[Noted]) -> Draft:
        """Say what was made of the message, and once what concerns whoever tells such a thing.

        More of a story is only acknowledged where no new question shows that it was heard.
        """
        for each in noted:
            if each is Noted.OPENED and draft.short:
                dispatcher.utter_message(response=_OPENED_SHORT)
            elif each is not Noted.STORY or draft.repeats:
                dispatcher.utter_message(response=_NOTED[each])
        due = [
            name
            for name, concerns in _NOTICES.items()
            if name not in draft.notices and concerns(draft)
        ]
        for name in due:
            dispatcher.utter_message(response=name)
        return draft.having(notices=(*draft.notices, *due))

    def ask(self, dispatcher: CollectingDispatcher, draft: Draft) -> tuple[Draft, list[Choice]]:
        """Ask the open question; return the draft after it, and what it offers."""
        choices = [
            Choice(title, answer_payload(draft.open, value))
            for title, value in options(draft, draft.open)
        ]
        response = ASKED[draft.open][draft.repeats % 2]
        if draft.open is Question.SUMMARY:
            dispatcher.utter_message(response="utter_telling_summary", summary=summary(draft))
            if draft.consent != consent().version:
                draft = draft.having(consent=consent().version)
                response = _WITH_CONSENT
        elif draft.open is Question.STORY and choices:
            response = _MORE_OF_STORY
        dispatcher.utter_message(
            response=response,
            consent=consent().said_by(self._controller),
            place=draft.where.words if draft.where else "",
            buttons=as_buttons(choices),
            json_message={"asks": draft.open.value},
        )
        return draft, choices

    def count(self, dispatcher: CollectingDispatcher, draft: Draft) -> None:
        """Say how much goes with the story by now."""
        count = str(len(draft.evidence))
        dispatcher.utter_message(response="utter_telling_evidence_counted", count=count)

    def wait(self, dispatcher: CollectingDispatcher) -> None:
        """Say that the draft is still there, and ask nothing."""
        dispatcher.utter_message(response="utter_telling_waits", buttons=as_buttons([GO_ON]))

    def part(self, dispatcher: CollectingDispatcher) -> None:
        """Say goodbye to somebody who means to come back."""
        dispatcher.utter_message(response="utter_telling_later", buttons=as_buttons([GO_ON]))

    def welcome_back(self, dispatcher: CollectingDispatcher, draft: Draft) -> None:
        """Remind somebody who was away of what was told."""
        if draft.paragraphs:
            dispatcher.utter_message(
                response="utter_telling_welcome_back", story=beginning(draft.story)
            )

    def erased(self, dispatcher: CollectingDispatcher) -> None:
        """Say that nothing was sent."""
        dispatcher.utter_message(response="utter_telling_erased")

    def refused(self, dispatcher: CollectingDispatcher) -> None:
        """Say that nothing is kept without consent, and where else one can go."""
        dispatcher.utter_message(response="utter_telling_refused", **self._contact)

    def over(self, dispatcher: CollectingDispatcher) -> None:
        """Answer a button of a telling that has ended."""
        dispatcher.utter_message(response="utter_telling_over", buttons=as_buttons([NEW]))

    def receipt(self, dispatcher: CollectingDispatcher, draft: Draft, opened: Opened) -> Choice:
        """Give the code, which identifies whoever holds it, and say what happens next.

        Returns what is offered: to look after the case.
        """
        look = Choice(LOOK, payload(opened.case_id))
        shown = receipts.shown(opened.receipt_code)
        dispatcher.utter_message(
            response="utter_telling_receipt",
            code=shown,
            spoken=receipts.spoken(opened.receipt_code),
            json_message={"receipt_code": shown, "case_id": opened.case_id},
        )
        if opened.evidence < len(draft.evidence):
            dispatcher.utter_message(response="utter_telling_evidence_lost")
        if opened.read_by and opened.answered_by:
            dispatcher.utter_message(
                response="utter_telling_next",
                number=str(opened.case_id),
                read_by=_shown(opened.read_by),
                answered_by=_shown(opened.answered_by),
                buttons=as_buttons([look]),
            )
        return look


def _shown(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
