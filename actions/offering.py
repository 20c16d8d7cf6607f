"""Procedures offered beside an answer to words that may have asked for one."""

from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Choice, Heard
from actions.procedures import ProcedureDesk
from actions.speaking import Event, SpeakingAction

_PROCEDURE = "ask_procedure"
# How likely the other reading must be. Of the training sentences, each judged by a classifier that
# has not learned it, one offer in six is then right; below it, one in fifteen.
AS_LIKELY = 0.1


class OfferingProcedures(SpeakingAction):
    """An action whose intent is easily heard in the words of a question about a procedure.

    "lỡ mất sổ, giờ xã làm lại cho được không" may ask for a right, a dossier or the way to a new
    paper. Nothing is taken from the answer behind; what else may be meant follows it.
    """

    def __init__(self, action: SpeakingAction, desk: ProcedureDesk) -> None:
        self._action = action
        self._desk = desk

    def name(self) -> str:
        """Return the name of the action behind."""
        name: str = self._action.name()
        return name

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer, and offer procedures where they may be meant; a yes to one thing stays clear."""
        events = await self._action.respond(dispatcher, heard)
        if not heard.has_words or _likelihood(heard) < AS_LIKELY or _tells_procedure(dispatcher):
            return events
        offered = _offered(events)
        if len(offered) == 1:
            return events
        return [*events, *self._desk.offer(dispatcher, heard, offered)]


def _likelihood(heard: Heard) -> float:
    return max((r.confidence for r in heard.readings if r.intent == _PROCEDURE), default=0.0)


def _offered(events: list[Event]) -> list[Choice]:
    values = [e["value"] or () for e in events if e.get("name") == "choices"]
    return [Choice(row["title"], row["payload"]) for row in values[-1]] if values else []


def _tells_procedure(dispatcher: CollectingDispatcher) -> bool:
    return any("decision" in (message.get("custom") or {}) for message in dispatcher.messages)
