"""One turn of the assistant's hands, without Rasa: what was heard in, what is said out."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.registry import build_actions
from actions.services import Services
from bot.procedures.procedure import Procedure
from bot.procedures.search import Decision, Hit, Outcome
from tests.builders import a_procedure, a_procedure_with_cases


class FakeProcedures:
    """A catalogue in memory; a question fits a procedure when one has the other's words.

    One fits → ANSWER, several → CLARIFY, none → NONE.
    """

    def __init__(self, *procedures: Procedure) -> None:
        self._by_code = {procedure.code: procedure for procedure in procedures}
        self.asked: list[str] = []

    def find(self, question: str) -> Outcome:
        self.asked.append(question)
        hits = tuple(
            Hit(procedure.code, procedure.name, 0.9)
            for procedure in self._by_code.values()
            if procedure.name.lower() in question.lower()
            or question.lower() in procedure.name.lower()
        )
        if not hits:
            return Outcome(Decision.NONE)
        return Outcome(Decision.ANSWER if len(hits) == 1 else Decision.CLARIFY, hits)

    async def get(self, code: str) -> Procedure | None:
        return self._by_code.get(code)


class Said:
    """What one action said and remembered."""

    def __init__(self, messages: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]):
        self.messages = messages
        self.events = events

    @property
    def text(self) -> str:
        assert len(self.messages) == 1, "one utterance a turn"
        return self.messages[0]["text"] or ""

    @property
    def response(self) -> str:
        assert len(self.messages) == 1, "one utterance a turn"
        return self.messages[0]["response"] or ""

    @property
    def custom(self) -> Mapping[str, Any]:
        return self.messages[0]["custom"]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.messages[0]["buttons"]]

    @property
    def slots(self) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def pressed(self) -> str:
        """The payload that the citizen's words were taken for."""
        return next((e["text"] for e in self.events if e["event"] == "user"), "")


async def act(
    action: Action,
    text: str = "",
    *,
    intent: str = "",
    entities: Sequence[tuple[str, str]] = (),
    places: Sequence[Mapping[str, Any]] = (),
    ranking: Sequence[str] = (),
    attachments: Sequence[str] = (),
    how: Mapping[str, Any] | None = None,
    confidence: float = 0.3,
    feedback_category: Mapping[str, Any] | None = None,
    **slots: Any,
) -> Said:
    """Let an action answer one message in a conversation that remembers ``slots``.

    ``how``: what a channel said of the message beside its words.
    """
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [{"name": name, "confidence": confidence} for name in ranking],
        "entities": [
            *({"entity": name, "value": value} for name, value in entities),
            *({"entity": "place", **place} for place in places),
        ],
        "metadata": {"attachments": list(attachments), **(how or {})},
        "feedback_category": feedback_category,
    }
    tracker = Tracker("citizen", dict(slots), message, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, {})
    return Said(dispatcher.messages, events)


def a_catalogue() -> FakeProcedures:
    """Build a catalogue with two likely namesakes and one procedure with cases."""
    return FakeProcedures(
        a_procedure(),
        a_procedure(code="1.004884", name="Đăng ký lại khai sinh"),
        a_procedure_with_cases(),
    )


def the_action(name: str, services: Services | None = None) -> Action:
    """Build all actions as the program does and return one."""
    actions = build_actions(services or Services(a_catalogue()))
    return next(action for action in actions if action.name() == name)
