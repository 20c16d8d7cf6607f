"""Where to go: the office of a procedure, and what has become of a place."""

from collections.abc import Mapping, Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, Place
from actions.procedures import ProcedureDesk
from actions.speaking import Event, SpeakingAction
from bot.places.naming import split_kind
from bot.vietnamese import fold

MOST_HEIRS = 5  # an old ward became five communes at most; a district is too many to tell


class ActionAskPlace(SpeakingAction):
    """Say where to file: from the record in talk or named, else how to find the office.

    Whoever names a place of before the mergers is told first what it is now.
    """

    def __init__(self, desk: ProcedureDesk, contact: Mapping[str, str]) -> None:
        self._desk = desk
        self._contact = contact

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_ask_place"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        _tell_what_became(dispatcher, heard.places)
        events = await self._desk.answer_place(dispatcher, heard) if heard.has_words else None
        if events is not None:
            return events
        dispatcher.utter_message(response="utter_places_guidance", **self._contact)
        return []


def _tell_what_became(dispatcher: CollectingDispatcher, places: Sequence[Place]) -> None:
    for place in places:
        if len(place.units) == 1 and not _is_same(place):
            dispatcher.utter_message(
                response="utter_places_now", said=place.said, now=place.units[0]
            )
        elif 1 < len(place.units) <= MOST_HEIRS:
            dispatcher.utter_message(
                response="utter_places_divided",
                said=place.said,
                now="\n".join(f"- {unit}" for unit in place.units),
            )


def _is_same(place: Place) -> bool:
    """Tell whether the citizen named the unit of today."""
    _, name = split_kind(place.units[0].partition(",")[0])
    return fold(name) in fold(place.said)
