"""Small talk and edges: every message gets one decent answer."""

import pytest

from actions.conversation import READINGS
from actions.registry import SAYINGS, build_actions
from actions.services import Services
from tests.unit.actions.acting import a_catalogue, act, the_action

OFFERED = [
    {"title": "Đăng ký khai sinh", "payload": '/ask_procedure{"procedure_code": "1.001193"}'},
    {"title": "Đăng ký kết hôn", "payload": '/ask_procedure{"procedure_code": "1.000894"}'},
]


@pytest.mark.parametrize(("action", "response"), sorted(SAYINGS.items()))
async def test_small_talk_says_its_response(action, response):
    assert (await act(the_action(action), "xin chào bạn nhé")).response == response


@pytest.mark.parametrize("name", [a.name() for a in build_actions(Services(a_catalogue()))])
async def test_a_pick_is_taken_whatever_it_was_understood_as(name):
    said = await act(the_action(name), "2", choices=OFFERED)
    assert said.messages == []
    assert said.pressed == OFFERED[1]["payload"]


@pytest.mark.parametrize("name", [a.name() for a in build_actions(Services(a_catalogue()))])
async def test_a_number_without_a_list_is_answered_decently(name):
    assert (await act(the_action(name), "2")).response == "utter_conversation_nothing_offered"


async def test_a_number_beyond_the_list_shows_the_list_again():
    said = await act(the_action("action_fallback"), "7", choices=OFFERED)
    assert said.response == "utter_conversation_pick_one"
    assert said.messages[0]["choices"] == "1. Đăng ký khai sinh\n2. Đăng ký kết hôn"


async def test_thanks_do_not_forget_what_was_offered():
    assert "choices" not in (await act(the_action("action_thank"), "cảm ơn", choices=OFFERED)).slots


async def test_yes_takes_the_only_offer_and_asks_back_when_there_are_several():
    affirm = the_action("action_affirm")
    one = await act(affirm, "đúng rồi", choices=OFFERED[:1])
    assert one.pressed == OFFERED[0]["payload"]
    several = await act(affirm, "đúng rồi", choices=OFFERED)
    assert several.response == "utter_conversation_pick_one"
    assert (await act(affirm, "vâng")).response == "utter_conversation_affirmed"


async def test_no_rejects_what_was_offered():
    said = await act(the_action("action_deny"), "không phải", choices=OFFERED)
    assert said.response == "utter_conversation_choices_rejected"
    assert said.slots["choices"] is None
    assert (await act(the_action("action_deny"), "không")).response == "utter_conversation_denied"


async def test_cancel_drops_everything_that_is_open():
    said = await act(the_action("action_cancel"), "thôi bỏ đi", procedure_code="1.001193")
    assert said.slots == {"procedure_code": None, "pending_aspects": None, "choices": None}


@pytest.mark.parametrize("text", ["/nlu_fallback", "", "🙂🙂", "\u200b", "?!…", "\u202e", "\x00"])
async def test_a_message_without_words_is_answered_decently(text):
    said = await act(the_action("action_fallback"), text, intent="nlu_fallback")
    assert said.response == "utter_conversation_unreadable"


async def test_a_picture_without_words_is_told_what_it_is_good_for():
    said = await act(the_action("action_fallback"), attachments=["anh-1"])
    assert said.response == "utter_conversation_attachment_received"
    assert said.slots["evidence"] == ["anh-1"]


@pytest.mark.parametrize("name", [a.name() for a in build_actions(Services(a_catalogue()))])
async def test_a_picture_is_remembered_beside_those_before_whatever_is_said(name):
    said = await act(
        the_action(name), "2", attachments=["anh-2"], evidence=["anh-1"], choices=OFFERED
    )
    assert said.slots["evidence"] == ["anh-1", "anh-2"]


async def test_a_message_without_a_picture_leaves_those_before_alone():
    said = await act(the_action("action_thank"), "cảm ơn", evidence=["anh-1"])
    assert "evidence" not in said.slots


async def test_not_understood_first_asks_what_was_meant():
    said = await act(
        the_action("action_fallback"),
        "blah zzz",
        ranking=["nlu_fallback", "greet", "check_dossier", "ask_rights", "ask_place", "ask_human"],
    )
    assert said.response == "utter_conversation_did_you_mean"
    assert said.titles == [READINGS[i] for i in ("check_dossier", "ask_rights", "ask_place")]
    assert said.slots["misses"] == 1
    assert said.slots["choices"][0]["payload"] == "/check_dossier"


async def test_a_right_that_the_words_lead_to_goes_along_with_its_reading():
    said = await act(the_action("action_fallback"), "bắt phải có vneid", ranking=["ask_rights"])
    assert said.slots["choices"][0]["payload"] == '/ask_rights{"rights_topic": "vneid"}'


async def test_not_understood_again_names_a_person():
    said = await act(the_action("action_fallback"), "blah", ranking=["ask_place"], misses=1)
    assert said.response == "utter_conversation_not_understood"
    assert said.slots["misses"] == 2


async def test_being_understood_forgets_the_misses():
    said = await act(the_action("action_ask_procedure"), "đăng ký khai sinh", misses=1)
    assert said.slots["misses"] == 0


async def test_what_names_a_procedure_is_answered_though_not_understood():
    said = await act(the_action("action_fallback"), "khai sinh", ranking=["greet"])
    assert said.custom["decision"] == "clarify"


async def test_an_enormous_message_is_read_by_its_beginning():
    catalogue = a_catalogue()
    fallback = the_action("action_fallback", Services(catalogue))
    said = await act(fallback, "a" * 100_000, ranking=["help"])
    assert said.response == "utter_conversation_not_understood"
    assert all(len(question) <= 500 for question in catalogue.asked)


@pytest.mark.parametrize("slots", [{"choices": None}, {"misses": None}, {"pending_aspects": []}])
async def test_empty_memory_is_no_trouble(slots):
    assert (await act(the_action("action_fallback"), "blah", ranking=[], **slots)).response
