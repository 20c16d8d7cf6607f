"""Any text becomes one that can be understood: a known payload, clean words, or "nothing said"."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.heard import WHOLE
from bot.channels.base import storable
from bot.conversation.assistant import (
    LONGEST_UNDERSTOOD,
    NOTHING_SAID,
    kept_whole,
    understandable,
)
from bot.vietnamese import clean

INTENTS = {"greet", "ask_procedure", "nlu_fallback"}

any_text = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "So", "Lo"]))
looks_like_a_payload = st.builds(
    "/{}{}".format,
    st.sampled_from([*INTENTS, "restart", "back", "session_start", "unknown", ""]),
    st.text() | st.builds(json.dumps, st.dictionaries(st.text(), st.integers() | st.text())),
)


def names_an_intent(payload: str) -> bool:
    return payload.startswith("/") and payload[1:].partition("{")[0] in INTENTS


def test_half_a_surrogate_in_a_payload_makes_it_no_payload():
    assert not understandable('/greet{"a": "\ud800"}', INTENTS).startswith("/")


@given((any_text | looks_like_a_payload).map(storable))
@example("//greet")
@example("/ /greet")
@example("\u200b/greet")
@example("／greet")
def test_any_text_gives_a_known_payload_or_clean_words(text):
    said = understandable(text, INTENTS)
    if said.startswith("/"):
        assert said == NOTHING_SAID or (said == text and names_an_intent(said))
    else:
        assert any(character.isalnum() for character in said)
        assert len(said) <= LONGEST_UNDERSTOOD
        assert clean(said) == said.strip()
        said.encode()


@given(looks_like_a_payload.map(storable))
def test_a_payload_that_passes_can_be_read_by_rasa(payload):
    said = understandable(payload, INTENTS)
    if said == payload and "{" in payload:
        assert isinstance(json.loads(payload[payload.index("{") :]), dict)


@pytest.mark.parametrize(
    "payload",
    ["/greet", "/nlu_fallback", "/ask_procedure{}", '/ask_procedure{"aspects": ["fee", "place"]}'],
)
def test_a_payload_of_ours_passes_as_it_is(payload):
    assert understandable(payload, INTENTS) == payload


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/restart", "restart"),
        ("/unknown", "unknown"),
        ("/back", "back"),
        ("/session_start", "session_start"),
        ("/ask_procedure{broken", "ask_procedure{broken"),
        ("/ask_procedure{}}", "ask_procedure{}}"),
        ('/ask_procedure{"code": {"deep": 1}}', 'ask_procedure{"code": {"deep": 1}}'),
        ('/ask_procedure[{"code": 1}]', 'ask_procedure[{"code": 1}]'),
        ("/greet@0.5", "greet@0.5"),
        (" /greet", "greet"),
        ("/ /greet", "greet"),
        ("30/4 có làm việc không", "30/4 có làm việc không"),
    ],
)
def test_what_only_looks_like_a_payload_is_read_as_words(typed, words):
    assert understandable(typed, INTENTS) == words


@pytest.mark.parametrize(
    "nothing", ["", " \n\t", "\u200b\u200e\ufeff", "👍👍", "...?!", "/", "///"]
)
def test_nothing_said_is_told_as_such(nothing):
    assert understandable(nothing, INTENTS) == NOTHING_SAID


def test_what_was_copied_off_a_page_is_read_without_its_tags():
    assert understandable("<p>lệ phí&nbsp;<b>khai sinh</b></p>", INTENTS) == "lệ phí khai sinh"
    assert understandable("con < 14 tuổi > 6 tuổi", INTENTS) == "con < 14 tuổi > 6 tuổi"
    assert understandable("<br><img src=x>", INTENTS) == NOTHING_SAID


@pytest.mark.parametrize("story", ["họ đòi <b>500k</b>", "chờ " * LONGEST_UNDERSTOOD])
def test_a_story_keeps_what_is_not_understood_of_it(story):
    assert kept_whole(story) == {WHOLE: story.strip()}
    assert kept_whole("họ đòi 500k") == {}


def test_of_a_pasted_file_the_beginning_and_the_end_are_read():
    said = understandable("chào " + "lệ phí " * 20_000 + "khai tử", INTENTS)
    assert said.startswith("chào lệ phí")
    assert said.endswith("lệ phí khai tử")
    assert len(said) <= LONGEST_UNDERSTOOD
