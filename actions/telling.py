"""The road from a story to a receipt (kể một phản ánh): every message of an open telling goes here.

What a message means and what is asked next is decided in ``bot.feedback.telling``; here it is read,
said and, at the end, kept.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.contact import contact_lines
from actions.following_memory import follow, remembered
from actions.heard import Choice, Heard, hear
from actions.picking import pick
from actions.services import Services
from actions.speaking import Event, SpeakingAction, as_buttons, press, remember_choices
from actions.telling_heard import COMPLAINT, answer_payload, read_answer, read_said
from bot.feedback import receipts
from bot.feedback.category import Category
from bot.feedback.services import Told
from bot.feedback.telling import hearing
from bot.feedback.telling.consent import consent
from bot.feedback.telling.draft import Draft, Question
from bot.feedback.telling.outcome import Heard as Outcome
from bot.feedback.telling.outcome import Noted, Then
from bot.feedback.telling.wording import options, summary
from bot.feedback.wording import LOOK, payload

TELLING = "telling"  # the slot that holds the draft
AWAY = timedelta(hours=4)  # after which a citizen is reminded of what was told
GO_ON = Choice("Kể tiếp phản ánh", f"/{COMPLAINT}")
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Known = Callable[[Heard], Awaitable[Draft | None]]

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
    Question.SUMMARY: ("utter_telling_confirm", "utter_telling_confirm_again"),
    Question.EDIT: ("utter_telling_edit", "utter_telling_edit_again"),
    Question.STOP: ("utter_telling_stop", "utter_telling_stop_again"),
}
NOTED = {
    Noted.STORY: "utter_telling_noted",
    Noted.CORRECTED: "utter_telling_corrected",
    Noted.EVIDENCE: "utter_telling_evidence_kept",
    Noted.TOO_LONG: "utter_telling_too_long",
    Noted.NOT_UNDERSTOOD: "utter_telling_not_understood",
}
# Said once, to whom it concerns.
_NOTICES: Mapping[str, Callable[[Draft], bool]] = {
    "utter_telling_notice_bribery": lambda draft: (
        draft.likely.category is Category.BRIBERY and not draft.doubtful
    ),
}


class Telling:
    """Takes the messages of a telling, and opens the case at its end."""

    def __init__(self, services: Services) -> None:
        self._open_case = services.open_case
        self._contact = contact_lines(services.hotline)
        self._controller = services.controller
        self._now = services.now

    def begin(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Open the road with a message and everything that it tells."""
        now = self._now()
        return self._ask(dispatcher, hearing.begin(read_said(heard, _day(now)), now))

    def begin_with(self, dispatcher: CollectingDispatcher, draft: Draft) -> list[Event]:
        """Open the road with a draft that is filled in as far as somebody else could."""
        return self._ask(dispatcher, hearing.begin_with(draft))

    async def take(
        self,
        dispatcher: CollectingDispatcher,
        heard: Heard,
        draft: Draft,
        otherwise: Callable[[], Awaitable[list[Event]]],
    ) -> list[Event]:
        """Take a message while a draft is open; ``otherwise`` answers what is none of ours."""
        picked = pick(heard.text, heard.choices)
        if picked and not picked.payload.startswith(f"/{COMPLAINT}"):
            return press(picked)
        now = self._now()
        outcome = hearing.take(draft, read_said(heard, _day(now)), now)
        match outcome.then:
            case Then.ASIDE:
                return self._ask_later(dispatcher, outcome.draft, await otherwise())
            case Then.SEND:
                return await self._send(dispatcher, heard, outcome.draft)
            case Then.ERASE:
                dispatcher.utter_message(response="utter_telling_erased", **self._contact)
                return _over()
            case Then.REFUSED:
                dispatcher.utter_message(response="utter_telling_refused", **self._contact)
                return _over()
        if now - draft.touched > AWAY:
            dispatcher.utter_message(response="utter_telling_welcome_back")
        return self._ask(dispatcher, outcome)

    def _ask(self, dispatcher: CollectingDispatcher, outcome: Outcome) -> list[Event]:
        """Say what was noted, and ask the open question."""
        draft = self._say_notices(dispatcher, outcome.draft)
        for noted in outcome.noted:
            if noted is not Noted.STORY or draft.open is Question.STORY:
                dispatcher.utter_message(response=NOTED[noted])
        choices = self._say_question(dispatcher, draft)
        return [SlotSet(TELLING, msgspec.to_builtins(draft)), remember_choices(choices)]

    def _say_notices(self, dispatcher: CollectingDispatcher, draft: Draft) -> Draft:
        """Say once what somebody in such a case has to know."""
        due = [
            name
            for name, applies in _NOTICES.items()
            if applies(draft) and name not in draft.notices
        ]
        for name in due:
            dispatcher.utter_message(response=name)
        return draft.having(notices=(*draft.notices, *due))

    def _say_question(self, dispatcher: CollectingDispatcher, draft: Draft) -> list[Choice]:
        first, again = ASKED[draft.open]
        choices = [
            Choice(title, answer_payload(draft.open, value))
            for title, value in options(draft, draft.open)
        ]
        dispatcher.utter_message(
            response=again if draft.repeats % 2 else first,
            summary=summary(draft),
            consent=consent().said_by(self._controller),
            place=draft.where.words if draft.where else "",
            buttons=as_buttons(choices),
            json_message={"asks": draft.open.value},
        )
        return choices

    def _ask_later(
        self, dispatcher: CollectingDispatcher, draft: Draft, events: list[Event]
    ) -> list[Event]:
        """Go on with the telling behind the answer to something else."""
        kept = SlotSet(TELLING, msgspec.to_builtins(draft))
        if draft.asides >= hearing.PATIENCE or any(e.get("event") == "user" for e in events):
            return [*events, kept]
        offered = next((e["value"] for e in events if e.get("name") == "choices"), None)
        if offered:
            dispatcher.utter_message(response="utter_telling_waits", buttons=as_buttons([GO_ON]))
            return [*events, SlotSet("choices", [*offered, *as_buttons([GO_ON])]), kept]
        choices = self._say_question(dispatcher, draft)
        return [*events, remember_choices(choices), kept]

    async def _send(
        self, dispatcher: CollectingDispatcher, heard: Heard, draft: Draft
    ) -> list[Event]:
        opened = await self._open_case(told_of(draft, heard), draft.evidence, heard.conversation)
        shown = receipts.shown(opened.receipt_code)
        look = Choice(LOOK, payload(opened.case_id))
        dispatcher.utter_message(
            response="utter_telling_receipt",
            code=shown,
            spoken=receipts.spoken(opened.receipt_code),
            json_message={"receipt_code": shown, "case_id": opened.case_id},
        )
        dispatcher.utter_message(
            response="utter_telling_next",
            number=str(opened.case_id),
            read_by=_when(opened.read_by),
            answered_by=_when(opened.answered_by),
            buttons=as_buttons([look]),
        )
        if opened.evidence < len(draft.evidence):
            dispatcher.utter_message(response="utter_telling_evidence_lost")
        followed = follow(remembered(heard), opened.case_id, self._now(), shown=True)
        return [*_over(), SlotSet("evidence", None), followed, remember_choices([look])]


class DuringTelling(Action):
    """Any action, with an open telling before it: that sees each message first."""

    def __init__(self, action: Action, telling: Telling) -> None:
        self._action = action
        self._telling = telling

    def name(self) -> str:
        """Return the name of the action behind."""
        name: str = self._action.name()
        return name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Let the telling answer, where one is open; else the action."""
        kept = tracker.get_slot(TELLING)

        async def otherwise() -> list[Event]:
            events: list[Event] = await self._action.run(dispatcher, tracker, domain)
            return events

        if kept is None:
            return await otherwise()
        heard = hear(tracker)
        events = await self._telling.take(
            dispatcher, heard, msgspec.convert(kept, Draft), otherwise
        )
        return [SlotSet("evidence", list(heard.evidence)), *events] if heard.attachments else events


class ActionReportComplaint(SpeakingAction):
    """Open the road: with a bare "tôi muốn phản ánh", or with a story that is told already."""

    def __init__(self, telling: Telling, known: Known) -> None:
        """``known``: the draft that the talk before makes of the message, where it makes one."""
        self._telling = telling
        self._known = known

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_report_complaint"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        if read_answer(heard) is not None:
            dispatcher.utter_message(
                response="utter_telling_over",
                buttons=as_buttons([Choice("Phản ánh mới", f"/{COMPLAINT}")]),
            )
            return []
        known = await self._known(heard)
        if known is not None:
            return self._telling.begin_with(dispatcher, known)
        return self._telling.begin(dispatcher, heard)


def told_of(draft: Draft, heard: Heard) -> Told:
    """Put together what a case keeps of a draft."""
    kind, where, identity = draft.likely, draft.where, draft.identity
    metadata = heard.message.get("metadata") or {}
    when = draft.when
    lines = [draft.story]
    if when is not None and when.day is None:
        lines.append(f"(Thời gian: {when.words})")
    return Told(
        category=kind.category,
        subtype=kind.subtype,
        story="\n".join(lines),
        channel=str(metadata.get("channel") or ""),
        consent_version=consent().version,
        province_code=where.province_code if where else None,
        commune_code=where.commune_code if where else None,
        place_words=where.words if where else "",
        office_words=draft.office,
        happened_on=when.day if when else None,
        conversation=heard.conversation if identity is None or identity.write_back else None,
        identity=identity.contact if identity and identity.contact else None,
    )


def _over() -> list[Event]:
    return [SlotSet(TELLING, None), SlotSet("choices", None)]


def _day(now: datetime) -> Any:
    return now.astimezone(VIETNAM).date()


def _when(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if at else "chưa rõ"
