"""What every message meets first: how it came, before what it says.

A message that no machine of ours reads (voice, a map's pin, a refused file) is answered honestly
and moves nothing. Of the pictures of an album each is a message; the first is answered, the others
are only taken in, unless a number that was told has grown by them. In a group what is personal is
talked about with nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, hear
from actions.speaking import Event, SpeakingAction
from bot.feedback.wording import NOT_TAKEN

ALBUM = "album"  # the slot: the album of which a picture was answered

# What is said to each kind of message that cannot be read; see contracts.Incoming.metadata.
ANSWERS = {
    "voice": "utter_arriving_voice",
    "video": "utter_arriving_video",
    "sticker": "utter_arriving_sticker",
    "location": "utter_arriving_location",
    "contact": "utter_arriving_contact",
    "edited": "utter_arriving_edited",
    "stale": "utter_arriving_stale",
    "unsupported": "utter_arriving_unsupported",
    "hidden": "utter_arriving_hidden",
}
_NOT_TAKEN = {problem.name.lower(): words for problem, words in NOT_TAKEN.items()}
# Actions whose talk is nobody's business but the asker's.
PERSONAL = frozenset({"action_report_complaint", "action_track_feedback", "action_check_dossier"})

Recount = Callable[[CollectingDispatcher, Sequence[Event]], None]
"""Says what has changed of an answer by one more picture, from what its turn remembers."""


class Arriving(Action):
    """Any action, behind a look at how the message came."""

    def __init__(
        self, action: Action, in_groups: Action, contact: Mapping[str, str], recount: Recount
    ) -> None:
        """``in_groups``: what takes the action's place where others read along."""
        self._action = action
        self._in_groups = in_groups
        self._contact = contact
        self._recount = recount

    def name(self) -> str:
        """Return the name of the action behind."""
        return str(self._action.name())

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Answer what cannot be read, and let the action answer what can."""
        heard = hear(tracker)
        unread = self._say_unread(dispatcher, heard)
        if unread and not heard.has_words and not heard.attachments:
            return []
        action = self._in_groups if heard.in_group else self._action
        if not heard.album:
            return list(await action.run(dispatcher, tracker, domain))
        says_more = heard.has_words or heard.pictured
        answered = heard.album == tracker.get_slot(ALBUM) and not says_more
        listener = CollectingDispatcher() if answered else dispatcher
        events = await action.run(listener, tracker, domain)
        if answered:
            self._recount(dispatcher, events)
        return [SlotSet(ALBUM, heard.album), *events]

    def _say_unread(self, dispatcher: CollectingDispatcher, heard: Heard) -> bool:
        """Say what of a message is not read; tell whether there was any."""
        if heard.refused:
            words = _NOT_TAKEN.get(heard.refused)
            said = {"text": words} if words else {"response": "utter_arriving_out_of_reach"}
            dispatcher.utter_message(**said)
        if heard.kind:
            response = ANSWERS.get(heard.kind, "utter_arriving_unsupported")
            dispatcher.utter_message(response=response, **self._contact)
        return bool(heard.refused or heard.kind)


class ActionPersonal(SpeakingAction):
    """In a group: an action whose talk belongs into a private chat."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        """Return the name of the action in whose place it stands."""
        return self._name

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Ask to write in private."""
        dispatcher.utter_message(response="utter_arriving_personal")
        return []
