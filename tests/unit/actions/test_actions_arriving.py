"""How a message came: the unread is answered honestly, an album once, a group discreetly."""

import pytest

from actions.arriving import ANSWERS, PERSONAL
from actions.registry import build_actions
from actions.services import Services
from bot.feedback.errors import Unfit
from bot.feedback.wording import NOT_TAKEN
from bot.procedures.answers import BUDGET
from tests.unit.actions.acting import a_catalogue, act, the_action

EVERY = [action.name() for action in build_actions(Services(a_catalogue()))]
FALLBACK = the_action("action_fallback")
OFFERED = [{"title": "Phản ánh, góp ý", "payload": "/report_complaint"}]


@pytest.mark.parametrize(("kind", "response"), ANSWERS.items())
async def test_each_kind_without_words_has_its_answer_and_moves_nothing(kind, response):
    said = await act(FALLBACK, how={"kind": kind}, misses=1, choices=OFFERED)
    assert said.response == response
    assert said.events == []


async def test_a_kind_that_nobody_named_is_answered_too():
    assert (await act(FALLBACK, how={"kind": "hologram"})).response == "utter_arriving_unsupported"


@pytest.mark.parametrize("name", EVERY)
async def test_a_voice_message_is_answered_before_any_talk(name):
    said = await act(the_action(name), how={"kind": "voice"}, telling={"touched": "2026-11-25"})
    assert (said.response, said.events) == ("utter_arriving_voice", [])


async def test_words_beside_a_video_are_answered_as_well():
    said = await act(FALLBACK, "đăng ký kết hôn", how={"kind": "video"})
    assert said.messages[0]["response"] == "utter_arriving_video"
    assert len(said.messages) > 1


@pytest.mark.parametrize("problem", Unfit)
async def test_a_file_that_was_not_taken_is_told_why(problem):
    said = await act(FALLBACK, how={"refused": problem.name.lower()})
    assert said.text == NOT_TAKEN[problem]
    assert len(said.text) < BUDGET


async def test_a_file_that_the_platform_did_not_give_is_asked_for_again():
    said = await act(FALLBACK, how={"refused": "out_of_reach"})
    assert said.response == "utter_arriving_out_of_reach"


async def test_of_an_album_the_first_picture_is_answered_and_the_others_are_taken_in():
    first = await act(FALLBACK, attachments=["anh-1"], how={"album": "7"})
    assert first.response == "utter_conversation_attachment_received"
    assert (first.slots["album"], first.slots["evidence"]) == ("7", ["anh-1"])
    second = await act(FALLBACK, attachments=["anh-2"], how={"album": "7"}, **first.slots)
    assert second.messages == []
    assert second.slots["evidence"] == ["anh-1", "anh-2"]
    another = await act(FALLBACK, attachments=["anh-3"], how={"album": "8"}, **second.slots)
    assert another.response == "utter_conversation_attachment_received"


async def test_a_caption_on_a_later_picture_of_an_album_is_answered():
    said = await act(FALLBACK, "đăng ký kết hôn", attachments=["a"], how={"album": "7"}, album="7")
    assert said.messages


async def test_a_dossiers_code_on_a_later_picture_of_an_album_is_answered():
    how = {"album": "7", "pictured": ["H00.01-260101-0002"]}
    assert (await act(FALLBACK, attachments=["a"], how=how, album="7")).messages


async def test_a_refused_picture_of_an_album_is_told_each_time():
    said = await act(FALLBACK, how={"album": "7", "refused": "damaged"}, album="7")
    assert said.text == NOT_TAKEN[Unfit.DAMAGED]


@pytest.mark.parametrize("name", sorted(PERSONAL))
async def test_in_a_group_nothing_personal_is_talked_about(name):
    said = await act(the_action(name), "tôi muốn phản ánh", how={"group": True})
    assert said.response == "utter_arriving_personal"


async def test_in_a_group_no_talk_goes_on_and_no_code_opens_anything():
    said = await act(
        FALLBACK,
        "7K3MQ 2X9FA 4BCDE",
        entities=[("receipt_code", "7K3MQ2X9FA4BCDE")],
        how={"group": True},
        telling={"touched": "2026-11-25"},
    )
    assert "telling" not in said.slots
    assert said.response.startswith("utter_conversation_")


async def test_what_is_picked_in_a_group_is_pressed_in_the_group():
    said = await act(FALLBACK, "1", how={"group": True, "channel": "telegram"}, choices=OFFERED)
    pressed = next(event for event in said.events if event["event"] == "user")
    assert pressed["parse_data"]["metadata"] == {"group": True, "channel": "telegram"}
