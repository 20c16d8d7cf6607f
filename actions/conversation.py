"""Small talk and edges: what needs no slice, or none that could be told from the words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Choice, Heard
from actions.missed import missed
from actions.procedures import ProcedureDesk
from actions.rights import Topic, find_topic, topic_payload
from actions.speaking import (
    Event,
    SpeakingAction,
    as_buttons,
    offer_again,
    press,
    remember_choices,
)
from actions.telling_offer import OF_THIS, remember_grievance
from bot.questions.question import Missed

# What a message that was not understood may have meant: intent → the button that says so.
READINGS = {
    "ask_procedure": "Hỏi cách làm thủ tục",
    "check_dossier": "Tra cứu hồ sơ đã nộp",
    "report_complaint": "Phản ánh, góp ý",
    "track_feedback": "Theo dõi phản ánh đã gửi",
    "ask_place": "Tìm nơi làm thủ tục",
    "ask_rights": "Xem quyền khi làm thủ tục",
    "ask_human": "Gặp người hỗ trợ",
}
MAX_READINGS = 3
PATIENCE = 2  # misses in a row after which a person is named


class ActionSay(SpeakingAction):
    """Say one fixed response; what was offered before stays open."""

    def __init__(self, name: str, response: str, contact: Mapping[str, str]) -> None:
        self._name = name
        self._response = response
        self._contact = contact

    def name(self) -> str:
        """Return the name that the rules use."""
        return self._name

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Say it."""
        dispatcher.utter_message(response=self._response, **self._contact)
        return []


class ActionHelp(ActionSay):
    """Say what can be asked, and which invented dossiers to try while there are no others."""

    def __init__(
        self, contact: Mapping[str, str], has_sample: Callable[[], Awaitable[bool]]
    ) -> None:
        super().__init__("action_help", "utter_conversation_help", contact)
        self._has_sample = has_sample

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Say it."""
        if await self._has_sample():
            dispatcher.utter_message(response="utter_dossiers_try_sample")
        return await super().respond(dispatcher, heard)


class ActionAffirm(SpeakingAction):
    """Take a yes: it accepts the only thing offered, or needs to know which."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_affirm"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        if len(heard.choices) == 1:
            return press(heard.choices[0], heard)
        if heard.choices:
            offer_again(dispatcher, heard)
            return []
        dispatcher.utter_message(response="utter_conversation_affirmed")
        return []


class ActionDeny(SpeakingAction):
    """Take a no: it rejects what was offered."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_deny"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        rejected = "utter_conversation_choices_rejected"
        response = rejected if heard.choices else "utter_conversation_denied"
        dispatcher.utter_message(response=response)
        return [SlotSet("choices", None)]


class ActionCancel(SpeakingAction):
    """Drop what is open: the procedure in talk, what was offered, what was asked."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_cancel"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        dispatcher.utter_message(response="utter_conversation_cancelled")
        return [SlotSet(slot, None) for slot in ("procedure_code", "pending_aspects", "choices")]


class ActionFallback(SpeakingAction):
    """A message that was not understood: try the catalogue, ask what was meant, name a person."""

    def __init__(
        self,
        desk: ProcedureDesk,
        topics: Sequence[Topic],
        contact: Mapping[str, str],
        note_missed: Callable[[Missed], Awaitable[None]],
        today: Callable[[], date],
    ) -> None:
        self._desk = desk
        self._today = today
        self._note_missed = note_missed
        self._topics = topics
        self._contact = contact

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_fallback"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        if not heard.has_words:
            received = "utter_conversation_attachment_received"
            unreadable = "utter_conversation_unreadable"
            dispatcher.utter_message(response=received if heard.attachments else unreadable)
            return []
        found = self._desk.find(heard)
        events = await self._desk.answer_if_known(dispatcher, heard, found)
        if events is None:
            events = self._ask_what_was_meant(dispatcher, heard)
        await self._note_missed(missed(heard, found))
        return events

    def _ask_what_was_meant(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        once_more = SlotSet("misses", heard.misses + 1)
        readings = self._readings(heard)
        if heard.misses + 1 >= PATIENCE or not readings:
            dispatcher.utter_message(response="utter_conversation_not_understood", **self._contact)
            return [once_more, SlotSet("choices", None)]
        dispatcher.utter_message(
            response="utter_conversation_did_you_mean", buttons=as_buttons(readings)
        )
        grievance = remember_grievance(heard, self._today())
        return [once_more, grievance, remember_choices(readings)]

    def _readings(self, heard: Heard) -> list[Choice]:
        """Offer the likeliest intents; a right that the words lead to goes along."""
        topic = find_topic(self._topics, heard.text)
        likely = [intent for intent, _ in heard.readings if intent in READINGS]
        payloads = {intent: f"/{intent}" for intent in likely}
        if topic:
            payloads["ask_rights"] = topic_payload(topic)
        payloads["report_complaint"] = OF_THIS.payload  # what was written now begins the story
        return [Choice(READINGS[intent], payloads[intent]) for intent in likely[:MAX_READINGS]]
