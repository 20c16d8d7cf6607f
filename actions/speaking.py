"""The ground of every action: take up an answer to the last question, then say one thing."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import CHANNEL, GROUP, Choice, Heard, hear, read_payload
from actions.picking import pick, place_in_list
from bot.procedures.answers import Answer, Button

Event = dict[str, Any]


class SpeakingAction(Action, ABC):
    """An action that a message of any intent may reach while a question is open.

    "cái thứ hai" can be classified as anything. So every action first looks at what the last
    answer offered; a pick becomes exactly what its button would have sent, and the rules take it
    from there. Only what is no pick reaches ``respond``.
    """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Answer this turn; what was attached is remembered, whatever is said."""
        heard = hear(tracker)
        return with_evidence(heard, await self._answer(dispatcher, heard))

    async def _answer(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        picked = pick(heard.text, heard.choices)
        if picked is not None:
            return press(picked, heard)
        if place_in_list(heard.text) is not None:
            return _nothing_there(dispatcher, heard)
        events = await self.respond(dispatcher, heard)
        understood = heard.misses and not any(e.get("name") == "misses" for e in events)
        return [*events, SlotSet("misses", 0)] if understood else events

    @abstractmethod
    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Say one thing and return what to remember."""


def with_evidence(heard: Heard, events: list[Event]) -> list[Event]:
    """Remember what was attached, first: an action that gives it to a case has the last word."""
    return [SlotSet("evidence", list(heard.evidence)), *events] if heard.attachments else events


class OpenTalk(Protocol):
    """A talk of several messages: it says which ones are its own, whatever they are taken for."""

    def takes(self, heard: Heard) -> bool:
        """Tell whether this message belongs to the talk."""

    async def go_on(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Take the message; return what to remember."""


class Behind(Action):
    """Any action, behind talks that are asked first whether a message is theirs."""

    def __init__(self, action: Action, *talks: OpenTalk) -> None:
        self._action = action
        self._talks = talks

    def name(self) -> str:
        """Return the name of the action behind."""
        return str(self._action.name())

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Let the first talk answer that takes the message; else the action."""
        heard = hear(tracker)
        talk = next((each for each in self._talks if each.takes(heard)), None)
        if talk is not None and pick(heard.text, heard.choices) is None:
            return with_evidence(heard, await talk.go_on(dispatcher, heard))
        events: list[Event] = await self._action.run(dispatcher, tracker, domain)
        return events


def _nothing_there(dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
    """Answer a number to which nothing offered belongs."""
    if heard.choices:
        offer_again(dispatcher, heard)
    else:
        dispatcher.utter_message(response="utter_conversation_nothing_offered")
    return []


def offer_again(dispatcher: CollectingDispatcher, heard: Heard) -> None:
    """Repeat what is open to pick."""
    dispatcher.utter_message(
        response="utter_conversation_pick_one",
        choices=listed(heard.choices),
    )


def listed(choices: Sequence[Button | Choice], first: int = 1) -> str:
    """Number what may be picked, one a line."""
    return "\n".join(f"{n}. {choice.title}" for n, choice in enumerate(choices, first))


def press(choice: Choice, heard: Heard) -> list[Event]:
    """Turn a pick into the message that the choice's button sends, from where it was heard."""
    intent, entities = read_payload(choice.payload)
    meaning = {
        "text": choice.payload,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "metadata": {CHANNEL: heard.channel, GROUP: heard.in_group},
    }
    return [
        SlotSet("choices", None),
        ActionExecuted("action_listen"),
        UserUttered(choice.payload, parse_data=meaning),
    ]


def speak(
    dispatcher: CollectingDispatcher, answer: Answer, *, codes: Sequence[str], decision: str
) -> None:
    """Say an answer about procedures; ``codes`` are ranked, best first."""
    dispatcher.utter_message(
        text=answer.text,
        buttons=as_buttons(answer.buttons),
        json_message={"procedure_codes": list(codes), "decision": decision, "card": answer.card},
    )


def as_buttons(buttons: Sequence[Button | Choice]) -> list[dict[str, str]]:
    """Write buttons the way Rasa carries them."""
    return [{"title": button.title, "payload": button.payload} for button in buttons]


def remember_choices(choices: Sequence[Button | Choice]) -> Event:
    """Keep what was offered until the next answer; nothing offered forgets the last offer."""
    event: Event = SlotSet("choices", as_buttons(choices) or None)
    return event
