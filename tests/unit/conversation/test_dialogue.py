"""The stored dialogue: bounded, its slots and open form kept, written and read without loss."""

import warnings

import msgspec
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.conversation import dialogue

MAPPED = {"mappings": [{"type": "custom"}]}
with warnings.catch_warnings():
    # Rasa says on every load of a domain that slots are no longer filled by themselves.
    warnings.filterwarnings("ignore", "Slot auto-fill has been removed")
    DOMAIN = Domain.from_dict(
        {
            "intents": ["ask_procedure", "greet"],
            "entities": ["code"],
            "slots": {
                "code": {"type": "any", **MAPPED},
                "aspects": {"type": "any", **MAPPED},
                "asked": {"type": "any", "initial_value": 0, **MAPPED},
            },
            "forms": {"feedback_form": {"required_slots": []}},
            "actions": ["action_answer"],
        }
    )


def a_tracker():
    return dialogue.new_tracker("an", DOMAIN)


def takes_a_turn(tracker, number: int, *effects):
    """Let one turn happen as Rasa writes it."""
    events = [
        UserUttered(
            f"câu {number}",
            {"name": "ask_procedure", "confidence": numpy.float64(0.9)},
            [{"entity": "code", "value": "1.001193"}],
            {"text": f"câu {number}", "intent": {"name": "ask_procedure", "confidence": 0.9}},
            metadata={"much": "of it"},
        ),
        ActionExecuted("action_answer"),
        *effects,
        BotUttered(f"trả lời {number}", {"buttons": [], "custom": {"card": "x" * 1000}}),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    for event in events:
        tracker.update(event, DOMAIN)
    return dialogue.bounded(tracker, DOMAIN)


def test_what_an_action_erased_does_not_reach_the_disk():
    tracker = takes_a_turn(a_tracker(), 1, SlotSet("code", "một bí mật"))
    tracker = takes_a_turn(tracker, 2, SlotSet("code", None))
    dumped = dialogue.dump(tracker)
    assert "một bí mật".encode() not in dumped
    assert dialogue.load("an", dumped, DOMAIN).get_slot("code") is None


def turns_in(tracker) -> int:
    return sum(isinstance(event, UserUttered) for event in tracker.events)


def test_fifty_turns_are_no_longer_than_a_few():
    tracker = a_tracker()
    sizes = []
    for number in range(50):
        tracker = takes_a_turn(tracker, number, SlotSet("code", "1.001193"))
        sizes.append(len(dialogue.dump(tracker)))
        assert turns_in(tracker) <= dialogue.MOST_TURNS
    assert max(sizes[10:]) <= max(sizes[:10]) + 100
    assert max(sizes) < 8000


def test_slots_and_the_open_form_outlive_the_turns_that_set_them():
    tracker = takes_a_turn(
        a_tracker(),
        0,
        SlotSet("code", "1.001193"),
        SlotSet("aspects", ["fee"]),
        ActiveLoop("feedback_form"),
    )
    for number in range(1, 50):
        tracker = takes_a_turn(tracker, number)
        tracker = dialogue.load("an", dialogue.dump(tracker), DOMAIN)
        assert tracker.get_slot("code") == "1.001193"
        assert tracker.get_slot("aspects") == ["fee"]
        assert tracker.get_slot("asked") == 0
        assert tracker.active_loop_name == "feedback_form"
        assert tracker.latest_message.text == f"câu {number}"


def test_a_form_that_was_closed_and_a_slot_that_was_emptied_stay_so():
    tracker = takes_a_turn(a_tracker(), 0, SlotSet("code", "1.001193"), ActiveLoop("feedback_form"))
    tracker = takes_a_turn(tracker, 1, SlotSet("code", None), ActiveLoop(None))
    for number in range(2, 20):
        tracker = takes_a_turn(tracker, number)
    assert tracker.get_slot("code") is None
    assert tracker.active_loop_name is None


def test_a_folded_dialogue_waits_for_the_citizen():
    tracker = a_tracker()
    for number in range(10):
        tracker = takes_a_turn(tracker, number)
    assert tracker.latest_action_name == ACTION_LISTEN_NAME


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.sampled_from(["code", "aspects", "asked"]), values), max_size=12))
def test_what_is_written_down_is_read_again(settings):
    tracker = a_tracker()
    for number, (slot, value) in enumerate(settings):
        tracker = takes_a_turn(tracker, number, SlotSet(slot, value))
    read = dialogue.load("an", dialogue.dump(tracker), DOMAIN)
    assert read.current_slot_values() == tracker.current_slot_values()
    assert turns_in(read) == turns_in(tracker)
    assert dialogue.dump(read) == dialogue.dump(tracker)


def test_what_the_bot_said_and_metadata_are_not_kept_twice():
    dumped = dialogue.dump(takes_a_turn(a_tracker(), 1))
    assert "trả lời".encode() not in dumped
    assert b"xxxx" not in dumped
    assert b"much" not in dumped


def test_a_new_dialogue_has_nothing_in_it():
    assert msgspec.msgpack.decode(dialogue.dump(a_tracker())) == []
    assert dialogue.load("an", b"\x90", DOMAIN).current_slot_values() == {
        **a_tracker().current_slot_values()
    }


async def test_the_store_lends_a_tracker_for_one_turn():
    store = dialogue.TurnTrackerStore(DOMAIN)
    tracker = a_tracker()
    store.lend(tracker)
    assert await store.retrieve("an") is tracker
    assert await store.retrieve("bình") is None
    assert list(await store.keys()) == ["an"]
    other = a_tracker()
    await store.save(other)
    assert store.take_back("an") is other
    with pytest.raises(KeyError):
        store.take_back("an")
