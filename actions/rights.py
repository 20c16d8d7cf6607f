"""Citizens' rights at the counter: sourced facts, chosen by the words of the question."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Choice, Heard
from actions.speaking import Event, SpeakingAction, as_buttons, remember_choices
from actions.telling_offer import OF_THIS, PLAIN, offer, remember_grievance, shows_grievance
from bot.vietnamese import fold, normalise, words

TOPICS_FILE = Path(__file__).with_name("rights.yml")
_MAX_BUTTONS = 6


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """One right: ``words`` are phrases that lead to it, ``response`` says it with its source."""

    id: str
    title: str
    response: str
    words: tuple[str, ...]

    def fits(self, question: "Spoken") -> int:
        """Count the words of the question that lead here; 0 is no match."""
        return sum(len(phrase.split()) for phrase in self.words if question.has(phrase))


class Spoken:
    """A question as words, with and without diacritics.

    A single word has to agree in its diacritics where they were typed: "tiện" is not "tiền".
    """

    def __init__(self, question: str) -> None:
        typed = words(normalise(question))
        folded = words(fold(normalise(question)))
        self._typed = f" {' '.join(typed)} "
        self._folded = f" {' '.join(folded)} "
        self._bare = typed == folded

    def has(self, phrase: str) -> bool:
        """Tell whether the words of a phrase stand together in the question."""
        if f" {phrase} " in self._typed:
            return True
        loosely = self._bare or " " in phrase
        return loosely and f" {fold(phrase)} " in self._folded


def load_topics(path: Path = TOPICS_FILE) -> tuple[Topic, ...]:
    """Read the topics; raises msgspec.ValidationError when the file has another shape."""
    return msgspec.yaml.decode(path.read_bytes(), type=tuple[Topic, ...])


def find_topic(topics: Sequence[Topic], question: str) -> Topic | None:
    """Return the topic that most words lead to; the earlier one when two are equal."""
    spoken = Spoken(question)
    best = max(topics, key=lambda topic: topic.fits(spoken))
    return best if best.fits(spoken) else None


class ActionAskRights(SpeakingAction):
    """Tell a right with its legal source, or honestly which ones are known."""

    def __init__(
        self, topics: Sequence[Topic], contact: Mapping[str, str], today: Callable[[], date]
    ) -> None:
        self._topics = topics
        self._contact = contact
        self._today = today

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_ask_rights"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        topic = self._topic(heard)
        if topic is not None:
            return self._tell(dispatcher, heard, topic)
        offered = [Choice(t.title, topic_payload(t)) for t in self._topics]
        dispatcher.utter_message(
            response="utter_rights_known_topics",
            topics="\n".join(f"{n}. {c.title}" for n, c in enumerate(offered, 1)),
            buttons=as_buttons(offered[:_MAX_BUTTONS]),
        )
        return [remember_choices(offered)]

    def _tell(self, dispatcher: CollectingDispatcher, heard: Heard, topic: Topic) -> list[Event]:
        """Tell a right; whoever was wronged is offered to report it, without telling it again."""
        if shows_grievance(heard):
            dispatcher.utter_message(response=topic.response, **self._contact)
            offer(dispatcher)
            return [remember_grievance(heard, self._today()), remember_choices([OF_THIS])]
        dispatcher.utter_message(
            response=topic.response, buttons=as_buttons([PLAIN]), **self._contact
        )
        return [remember_choices(())]

    def _topic(self, heard: Heard) -> Topic | None:
        chosen = heard.entity("rights_topic")
        by_id = next((topic for topic in self._topics if topic.id == chosen), None)
        return by_id or find_topic(self._topics, heard.text)


def topic_payload(topic: Topic) -> str:
    """Write what a button sends to ask about a right."""
    return f'/ask_rights{{"rights_topic": "{topic.id}"}}'
