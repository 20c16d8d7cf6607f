"""The dialogue state: Rasa's tracker on our own tables, bounded, saved with its turn."""

from collections.abc import Iterable
from typing import Any

import msgspec
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.feedback.sightings import masked

# Rules look at the current turn, the slots and the open form, and pay for every turn before it.
KEPT_TURNS = 1
MOST_TURNS = 3


class TurnTrackerStore(TrackerStore):
    """Lends the processor the tracker of the turn that runs; the turn itself writes it down.

    Rasa saves through this class in the middle of a turn. Here that only hands the tracker back:
    it reaches the disk in the one transaction of the turn, or not at all.
    """

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._lent: dict[str, DialogueStateTracker] = {}

    def lend(self, tracker: DialogueStateTracker) -> None:
        """Make this tracker the one that the processor will find."""
        self._lent[tracker.sender_id] = tracker

    def take_back(self, sender_id: str) -> DialogueStateTracker:
        """Return the tracker as the turn left it."""
        return self._lent.pop(sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the lent tracker."""
        return self._lent.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Take the tracker as it is now."""
        self._lent[tracker.sender_id] = tracker

    async def keys(self) -> Iterable[str]:
        """Name the conversations whose turn is running."""
        return list(self._lent)


def new_tracker(sender_id: str, domain: Domain) -> DialogueStateTracker:
    """Return the dialogue state of somebody who has not said anything yet."""
    return DialogueStateTracker(sender_id, domain.slots)


def bounded(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """Fold all but the latest turns into the slots and the open form that they left behind."""
    events = list(tracker.events)
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= MOST_TURNS:
        return tracker
    cut = turns[-KEPT_TURNS]
    past = DialogueStateTracker.from_events(
        tracker.sender_id, events[:cut], domain.slots, domain=domain
    )
    return DialogueStateTracker.from_events(
        tracker.sender_id, [*_summary(past), *events[cut:]], domain.slots, domain=domain
    )


def _summary(past: DialogueStateTracker) -> list[Event]:
    at = past.events[-1].timestamp
    summary: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
    ]
    for slot in past.slots.values():
        if slot.value != slot.initial_value:
            summary.append(SlotSet(slot.name, slot.value, timestamp=at))
    if past.active_loop_name:
        summary.append(ActiveLoop(past.active_loop_name, timestamp=at))
    summary.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return summary


def dump(tracker: DialogueStateTracker) -> bytes:
    """Write a tracker down, without what is never read again.

    Of each slot only the last value goes to disk: what an action has erased is gone at once.
    """
    events = [_lean(event) for event in _not_superseded(tracker.events)]
    return msgspec.msgpack.encode(events, enc_hook=_plain)


def _not_superseded(events: Iterable[Event]) -> list[Event]:
    told: set[str] = set()
    kept: list[Event] = []
    for event in reversed(list(events)):
        if isinstance(event, SlotSet):
            if event.key in told:
                continue
            told.add(event.key)
        kept.append(event)
    return kept[::-1]


def _plain(scalar: Any) -> Any:
    """Turn a number of numpy's, in which Rasa states its confidence, into one of Python's."""
    return scalar.item()


def load(sender_id: str, dumped: bytes, domain: Domain) -> DialogueStateTracker:
    """Read what :func:`dump` wrote."""
    events = [
        event
        for event in map(Event.from_parameters, msgspec.msgpack.decode(dumped))
        if event is not None
    ]
    return DialogueStateTracker.from_events(sender_id, events, domain.slots, domain=domain)


def _lean(event: Event) -> dict[str, Any]:
    if isinstance(event, BotUttered):  # its words are kept in the table of messages
        return {"event": "bot", "timestamp": event.timestamp, "text": None, "data": {}}
    written: dict[str, Any] = event.as_dict()
    written.pop("metadata", None)
    if isinstance(event, UserUttered):
        parsed = written["parse_data"]
        text = masked(written.get("text") or "")
        # Whoever showed a receipt code has been let in by now: it is not kept.
        entities = [each for each in parsed["entities"] if each["entity"] != "receipt_code"]
        written["text"] = text
        written["parse_data"] = {"text": text, "intent": parsed["intent"], "entities": entities}
    return written
