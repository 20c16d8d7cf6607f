"""The trained Rasa assistant, in this process: no HTTP, no schema validation on the hot path."""

import logging
import re
import tarfile
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from rasa.core import processor
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.loops import LoopAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.core.policies import rule_policy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    USER_INTENT_BACK,
    USER_INTENT_RESTART,
    USER_INTENT_SESSION_START,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa_sdk import Action as CustomAction
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import ALBUM, ATTACHMENTS, CHANNEL, HOW, PICTURED, WHOLE
from bot.conversation import dialogue
from bot.conversation.contracts import Button, Incoming, Reply
from bot.conversation.dialogue import TurnTrackerStore
from bot.conversation.graph import StraightGraphRunner
from bot.vietnamese import abridge, clean
from bot.working_time.zone import VIETNAM
from nlu.components.entities import TODAY

logger = logging.getLogger(__name__)

# What is understood of one message, its beginning and its end. The rest is kept and shown to
# people, but a machine that reads a hundred kilobytes of a pasted file only gets slower, not wiser.
LONGEST_UNDERSTOOD = 2000
NOTHING_SAID = "/nlu_fallback"
# Pasted from a page: what makes words bold is none of them.
_TAG = re.compile(r"</?[a-z!][^<>]{0,200}>|&[a-z]{2,8};", re.IGNORECASE)
# With these a citizen would steer the dialogue engine, not the talk.
RASAS_OWN = {USER_INTENT_RESTART, USER_INTENT_BACK, USER_INTENT_SESSION_START}


class BadModel(Exception):
    """The model file cannot be loaded; the message is fit for an operator."""


class SaidNothing(Exception):
    """The assistant was silent, which no citizen deserves: a rule or a response is missing."""


class CollectedReplies(OutputChannel):
    """Collects what the assistant says in a turn, one Reply an utterance."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[Reply] = []

    def name(self) -> str:
        """Name the channel on which the citizen writes."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one utterance whole: text, buttons, image and facts belong together."""
        self.replies.append(
            Reply(
                text=message.get("text") or "",
                buttons=tuple(
                    Button(button["title"], button["payload"])
                    for button in message.get("buttons") or ()
                ),
                image=message.get("image") or "",
                custom=message.get("custom") or {},
            )
        )


class InProcessAction(RemoteAction):
    """A custom action of rasa_sdk, called as the function it is."""

    def __init__(self, action: CustomAction) -> None:
        super().__init__(action.name(), action_endpoint=None)
        self._action = action

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action on the tracker as rasa_sdk shows it; what it raises ends the turn."""
        dispatcher = CollectingDispatcher()
        returned = await self._action.run(dispatcher, _sdk_view(tracker), {})
        utterances = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*utterances, *deserialise_events(returned or [])]


def _sdk_view(tracker: DialogueStateTracker) -> Tracker:
    latest = tracker.latest_message
    return Tracker(
        sender_id=tracker.sender_id,
        slots=tracker.current_slot_values(),
        latest_message=latest.parse_data if latest else {},
        events=[],  # actions read slots and the latest message; the past is in the slots
        paused=tracker.is_paused(),
        followup_action=tracker.followup_action,
        active_loop=dict(tracker.active_loop.to_dict()) if tracker.active_loop else {},
        latest_action_name=tracker.latest_action_name,
    )


class _NoCopies:
    """In place of the module ``copy`` where Rasa uses it only to log: nothing is logged there.

    Those copies took a fifth of a turn; tests/unit/conversation holds that they serve logs alone.
    """

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


processor.copy = _NoCopies
rule_policy.copy = _NoCopies


class TurnProcessor(MessageProcessor):
    """Rasa's processor with our actions in process, in which an error ends the turn.

    The original goes on after an action that raised, and the citizen is left without an answer;
    here the turn is rolled back and taken again.
    """

    def __init__(self, model: Path, actions: Iterable[CustomAction]) -> None:
        generator = TemplatedNaturalLanguageGenerator({})
        super().__init__(
            model_path=model,
            tracker_store=TurnTrackerStore(Domain.empty()),
            lock_store=InMemoryLockStore(),
            generator=generator,
        )
        self.tracker_store.domain = self.domain
        generator.responses = self.domain.responses
        self._in_process = {action.name(): InProcessAction(action) for action in actions}

    @staticmethod
    def _load_model(model_path: Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), model_path, LocalModelStorage, StraightGraphRunner
            )
        return model_path.name, metadata, runner

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict as Rasa does, and find our own actions in this process."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return self._in_process.get(action.name(), action), prediction

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Take for granted what ``rasa data validate`` checks: the domain knows its own names."""

    def _get_action(self, action_name: str) -> Action | None:
        return self._in_process.get(action_name) or super()._get_action(action_name)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        # Only a form can reject its run, and only then the prediction's events must be forgotten
        # again: the copy that this takes is the most expensive step of a stock turn.
        seen = tracker
        if isinstance(action, LoopAction):
            seen = tracker.copy()
            seen.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(
                    action.name(), prediction.policy_name, prediction.max_confidence
                )
            )
            return bool(self.should_predict_another_action(action.name()))
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        if self._has_spoken(action, tracker):
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
            return False
        return bool(self.should_predict_another_action(action.name()))

    @staticmethod
    def _has_spoken(action: Action, tracker: DialogueStateTracker) -> bool:
        """Tell whether it is the citizen's turn now, without asking the policies.

        Every rule is one intent and one action of ours (tests/unit/conversation/test_rules.py), so
        after it there is nothing but to listen, unless it opened a form, named what follows, or
        put other words into the citizen's mouth, as a pick from a list does.
        """
        return (
            isinstance(action, InProcessAction)
            and tracker.latest_action_name == action.name()
            and not tracker.active_loop
            and not tracker.followup_action
        )


ReadPictures = Callable[[str, Sequence[str]], Awaitable[Sequence[str]]]
"""Returns the codes of dossiers that stand on these attachments of a conversation."""


class RasaAssistant:
    """The trained assistant; implements turn.Assistant with Rasa's tracker as the state."""

    def __init__(self, turns: TurnProcessor, read_pictures: ReadPictures) -> None:
        self._processor = turns
        self._read_pictures = read_pictures
        self._store: TurnTrackerStore = turns.tracker_store
        self._intents = frozenset(turns.domain.intents) - RASAS_OWN

    @property
    def domain(self) -> Domain:
        """What the model was trained to say and do."""
        return self._processor.domain

    def begin(self, conversation_id: str) -> DialogueStateTracker:
        """Return the dialogue state of somebody who has not said anything yet."""
        return dialogue.new_tracker(conversation_id, self.domain)

    def load(self, conversation_id: str, dumped: bytes) -> DialogueStateTracker:
        """Read a dialogue state that ``dump`` wrote."""
        return dialogue.load(conversation_id, dumped, self.domain)

    def dump(self, state: DialogueStateTracker) -> bytes:
        """Write a dialogue state down."""
        return dialogue.dump(state)

    async def respond(
        self, state: DialogueStateTracker, incoming: Incoming
    ) -> tuple[list[Reply], DialogueStateTracker]:
        """Take one message; return what is said and the dialogue state after it."""
        said = CollectedReplies(incoming.channel)
        shown = incoming.attachments
        pictured = await self._read_pictures(state.sender_id, shown) if shown else ()
        self._store.lend(state)
        try:
            await self._processor.handle_message(
                UserMessage(
                    understandable(incoming.text, self._intents),
                    said,
                    state.sender_id,
                    input_channel=incoming.channel,
                    metadata={
                        TODAY: datetime.now(VIETNAM).date().isoformat(),
                        ATTACHMENTS: list(shown),
                        PICTURED: list(pictured),
                        CHANNEL: incoming.channel,
                        **{how: incoming.metadata[how] for how in HOW if how in incoming.metadata},
                        **kept_whole(incoming.text),
                    },
                )
            )
        finally:
            state = self._store.take_back(state.sender_id)
        # Of pictures sent together one is answered, the others are taken in (actions/arriving.py).
        if not said.replies and ALBUM not in incoming.metadata:
            raise SaidNothing(state.latest_action_name)
        return said.replies, dialogue.bounded(state, self.domain)

    async def parse(self, text: str, today: date | None = None) -> dict[str, Any]:
        """Understand a text as a turn would, in the shape of Rasa's ``/model/parse``.

        ``today``: the day on which it was written, when times are to have their dates.
        """
        day = {TODAY: today.isoformat()} if today else None
        message = UserMessage(understandable(text, self._intents), metadata=day)
        parsed: dict[str, Any] = await self._processor.parse_message(message)
        return {**parsed, "text": text}


def kept_whole(text: str) -> dict[str, str]:
    """Return all of a text of which only a part is understood, for the story that it may be."""
    in_part = len(text) > LONGEST_UNDERSTOOD or _TAG.search(text)
    return {WHOLE: clean(text)} if in_part else {}


def understandable(text: str, intents: Iterable[str]) -> str:
    """Make any text one that can be understood, or that says that nothing was said.

    A payload of a button ("/ask_procedure{…}") passes as it is; what only looks like one does not,
    since Rasa would take it for an intent.
    """
    if text.startswith("/") and _names_intent(text, intents):
        return text
    plain = _TAG.sub(" ", abridge(text, LONGEST_UNDERSTOOD * 4))
    words = abridge(clean(plain).lstrip("/ "), LONGEST_UNDERSTOOD)
    return words if any(character.isalnum() for character in words) else NOTHING_SAID


def _names_intent(payload: str, intents: Iterable[str]) -> bool:
    name, brace, rest = payload[1:].partition("{")
    if not brace:
        return name in intents
    try:
        msgspec.json.decode(brace + rest, type=dict[str, str | int | list[str]])
    except (msgspec.DecodeError, UnicodeEncodeError):  # the latter: half of a surrogate pair
        return False
    return name in intents


def load_assistant(
    model: Path, actions: Iterable[CustomAction], read_pictures: ReadPictures
) -> RasaAssistant:
    """Load a trained model; raises BadModel when the file is not one."""
    started = time.perf_counter()
    try:
        turns = TurnProcessor(model, actions)
    except (RasaException, GraphComponentException, tarfile.TarError, OSError, EOFError) as error:
        raise BadModel(f"{model} is not a model that this version can load") from error
    missing = missing_actions(turns.domain.user_actions, turns._in_process)
    if missing:
        raise BadModel(f"the model wants actions that do not exist: {', '.join(missing)}")
    logger.info("model %s loaded in %.1f s", model.name, time.perf_counter() - started)
    return RasaAssistant(turns, read_pictures)


def missing_actions(wanted: Iterable[str], there: Mapping[str, object]) -> list[str]:
    """Name the custom actions of a domain that nobody implements."""
    return sorted(name for name in wanted if name.startswith("action_") and name not in there)
