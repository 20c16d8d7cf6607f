"""The road from a story to a receipt (kể một phản ánh): every message of an open telling goes here.

What a message means and what is asked next is decided in ``bot.feedback.telling``; here it is read,
handed to whom it concerns and, at the end, kept.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.following_memory import follow, remembered
from actions.heard import Heard, hear
from actions.picking import pick
from actions.rights import Topic, find_topic, load_topics
from actions.services import Services
from actions.speaking import (
    Event,
    SpeakingAction,
    as_buttons,
    press,
    remember_choices,
    with_evidence,
)
from actions.telling_heard import COMPLAINT, read_answer, read_said
from actions.telling_offer import GRIEVANCE, grievance
from actions.telling_speech import GO_ON, Speech
from bot.feedback.services import Told
from bot.feedback.telling import cues, hearing
from bot.feedback.telling.consent import consent
from bot.feedback.telling.draft import Draft
from bot.feedback.telling.outcome import Heard as Outcome
from bot.feedback.telling.outcome import Then
from bot.feedback.telling.question import Question
from bot.feedback.telling.said import Said
from bot.procedures.search import Decision
from bot.working_time.zone import VIETNAM

TELLING = "telling"  # the slot that holds the draft
QUESTIONS_FILE = Path(__file__).with_name("telling_questions.yml")
Known = Callable[[Heard], Awaitable[Draft | None]]

Otherwise = Callable[[], Awaitable[list[Event]]]


class Telling:
    """Takes the messages of a telling, and opens the case at its end."""

    def __init__(self, services: Services, rights: Sequence[Topic]) -> None:
        """``rights``: the topics on which others answer a question about rights."""
        self._procedures = services.procedures
        self._open_case = services.open_case
        self._now = services.now
        self._rights = rights
        self._questions = load_topics(QUESTIONS_FILE)
        self._speech = Speech(services)

    def begin(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Open the road with a message and everything that it tells."""
        said = read_said(heard, self._today(), evidence=heard.evidence)
        return self._ask(dispatcher, hearing.begin(said, self._now()))

    def begin_told(self, dispatcher: CollectingDispatcher, told: Said) -> list[Event]:
        """Open the road with what was written before it was offered."""
        outcome = hearing.begin(told, self._now())
        return [*self._ask(dispatcher, outcome), SlotSet(GRIEVANCE, None)]

    def over(self, dispatcher: CollectingDispatcher) -> list[Event]:
        """Answer a button of a telling that has ended."""
        self._speech.over(dispatcher)
        return []

    def begin_with(self, dispatcher: CollectingDispatcher, draft: Draft) -> list[Event]:
        """Open the road with a draft that is filled in as far as somebody else could."""
        return self._ask(dispatcher, hearing.begin_with(draft))

    def recount(self, dispatcher: CollectingDispatcher, events: Sequence[Event]) -> None:
        """Tell how many pictures would be sent, where a summary has told a smaller number."""
        kept = next((event["value"] for event in events if event.get("name") == TELLING), None)
        draft = msgspec.convert(kept, Draft) if kept else None
        if draft is not None and draft.open is Question.SUMMARY:
            self._speech.count(dispatcher, draft)

    async def take(
        self, dispatcher: CollectingDispatcher, heard: Heard, draft: Draft, otherwise: Otherwise
    ) -> list[Event]:
        """Take a message while a draft is open; ``otherwise`` answers what is none of ours."""
        picked = pick(heard.text, heard.choices)
        if picked and not picked.payload.startswith(f"/{COMPLAINT}"):
            return press(picked, heard)
        outcome = hearing.take(draft, self._said(heard, draft), self._now())
        match outcome.then:
            case Then.ASIDE:
                return self._ask_after(dispatcher, outcome.draft, await otherwise())
            case Then.EXPLAIN:
                topic = self._about(heard, draft)
                if topic is not None:
                    dispatcher.utter_message(response=topic.response)
            case Then.LATER:
                self._speech.part(dispatcher)
                return _keep(outcome.draft)
            case Then.SEND if draft.consent == consent().version:
                return await self._send(dispatcher, heard, outcome.draft)
            case Then.ERASE:
                self._speech.erased(dispatcher)
                return _over()
            case Then.REFUSED:
                self._speech.refused(dispatcher)
                return _over()
        if self._now() - draft.touched > hearing.AWAY:
            self._speech.welcome_back(dispatcher, draft)
        return self._ask(dispatcher, outcome)

    def _ask(self, dispatcher: CollectingDispatcher, outcome: Outcome) -> list[Event]:
        """Say what was noted, and ask the open question."""
        draft = self._speech.note(dispatcher, outcome.draft, outcome.noted)
        draft, choices = self._speech.ask(dispatcher, draft)
        return [*_keep(draft), remember_choices(choices)]

    def _ask_after(
        self, dispatcher: CollectingDispatcher, draft: Draft, events: list[Event]
    ) -> list[Event]:
        """Ask again behind the answer to something else; quietly, where that asks back itself."""
        if any(event["event"] == "user" for event in events):
            return [*events, *_keep(draft)]
        offered = next((e["value"] for e in events if e.get("name") == "choices"), None)
        if offered or draft.asides > hearing.MOVED_ON:
            self._speech.wait(dispatcher)
            still = [*(offered or ()), *as_buttons([GO_ON])]
            return [*events, SlotSet("choices", still), *_keep(draft)]
        draft, choices = self._speech.ask(dispatcher, draft)
        return [*events, remember_choices(choices), *_keep(draft)]

    async def _send(
        self, dispatcher: CollectingDispatcher, heard: Heard, draft: Draft
    ) -> list[Event]:
        opened = await self._open_case(told_of(draft, heard), draft.evidence, heard.conversation)
        look = self._speech.receipt(dispatcher, draft, opened)
        followed = follow(remembered(heard), opened.case_id, self._now(), shown=True)
        return [*_over(), SlotSet("evidence", None), followed, remember_choices([look])]

    def _said(self, heard: Heard, draft: Draft) -> Said:
        topic = self._about(heard, draft)
        return read_said(
            heard,
            self._today(),
            evidence=heard.attachments,
            about=topic.id if topic else "",
            known=self._others_know(heard),
            names_place=draft.open in (Question.WHERE, Question.WHICH),
        )

    def _about(self, heard: Heard, draft: Draft) -> Topic | None:
        """Return the question about telling itself that is asked, unless it is another's."""
        topic = find_topic(self._questions, heard.text) if cues.asks(heard.text) else None
        if topic is None or (draft.asides and heard.procedure_code and heard.aspects):
            return None
        found = self._procedures.find(heard.text) if heard.aspects else None
        return None if found and found.decision is Decision.ANSWER else topic

    def _others_know(self, heard: Heard) -> bool:
        """Tell whether what seems to be asked can be answered at all."""
        match heard.intent:
            case "ask_procedure" if heard.text:
                goes_on = heard.procedure_code and heard.aspects
                found = self._procedures.find(heard.text).decision is not Decision.NONE
                return bool(goes_on) or found
            case "ask_rights" if heard.text:
                return find_topic(self._rights, heard.text) is not None
        return True

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


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
        draft = msgspec.convert(kept, Draft)
        events = await self._telling.take(dispatcher, heard, draft, otherwise)
        return with_evidence(heard, events)


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
        told = grievance(heard)
        if told is not None:
            return self._telling.begin_told(dispatcher, told)
        if read_answer(heard) is not None:
            return self._telling.over(dispatcher)
        known = await self._known(heard)
        if known is not None:
            return self._telling.begin_with(dispatcher, known)
        return self._telling.begin(dispatcher, heard)


def told_of(draft: Draft, heard: Heard) -> Told:
    """Put together what a case keeps of a draft."""
    kind, where, when, identity = draft.likely, draft.where, draft.when, draft.identity
    story = draft.story
    if when is not None and when.day is None:
        story += f"\n(Thời gian: {when.words})"
    write_back = identity is None or identity.write_back
    return Told(
        category=kind.category,
        subtype=kind.subtype,
        story=story,
        channel=heard.channel,
        consent_version=draft.consent,
        province_code=where.province_code if where else None,
        commune_code=where.commune_code if where else None,
        place_words=where.words if where else "",
        office_words=draft.office,
        happened_on=when.day if when else None,
        conversation=heard.conversation if write_back else None,
        identity=identity.contact if identity and identity.contact else None,
    )


def _keep(draft: Draft) -> list[Event]:
    return [SlotSet(TELLING, msgspec.to_builtins(draft))]


def _over() -> list[Event]:
    return [SlotSet(TELLING, None), SlotSet("choices", None)]
