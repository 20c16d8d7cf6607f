"""A talk about procedures: answered, gone on with, switched, chosen, not found."""

from datetime import date

import pytest

from actions.services import Services
from bot.hotline import Hotline
from bot.procedures.answers import ask_payload
from bot.procedures.aspect import Aspect
from bot.procedures.search import Decision, Hit, Outcome
from tests.builders import a_form, a_procedure
from tests.unit.actions.acting import FakeProcedures, Said, a_catalogue, act, the_action

BIRTH, AGAIN, RESIDENCE = "1.001193", "1.004884", "1.004222"
HOTLINE = Hotline("Tổng đài 1022", "0236 1022", date(2026, 11, 1))


async def ask(text: str, *aspects: str, **slots) -> Said:
    entities = [("aspect", aspect) for aspect in aspects]
    return await act(the_action("action_ask_procedure"), text, entities=entities, **slots)


async def press(**entities: str) -> Said:
    action = the_action("action_ask_procedure")
    return await act(action, "/ask_procedure{…}", entities=list(entities.items()))


async def test_a_named_procedure_is_answered_with_its_code_first():
    said = await ask("đăng ký khai sinh")
    assert "Thời hạn" in said.text
    assert said.custom["procedure_codes"] == [BIRTH]
    assert said.custom["decision"] == "answer"
    assert said.custom["card"]["heading"] == "Đăng ký khai sinh"
    assert said.slots["procedure_code"] == BIRTH


async def test_only_the_asked_aspects_are_answered():
    said = await ask("đăng ký khai sinh phí bao nhiêu, có mẫu không", "fee", "form")
    assert "8.000 đồng" in said.text
    assert ".docx" in said.text
    assert "Thời hạn" not in said.text


async def test_a_follow_up_is_about_the_procedure_in_talk():
    said = await ask("thế lệ phí bao nhiêu?", "fee", procedure_code=BIRTH)
    assert "8.000 đồng" in said.text
    assert said.custom["procedure_codes"] == [BIRTH]


async def test_naming_another_procedure_switches_midway():
    said = await ask("thế đăng ký thường trú mất bao lâu", "duration", procedure_code=BIRTH)
    assert said.slots["procedure_code"] == RESIDENCE


async def test_a_question_that_fits_several_asks_which_and_keeps_what_was_asked():
    said = await ask("khai sinh", "fee")
    assert said.custom["decision"] == "clarify"
    assert said.custom["procedure_codes"] == [BIRTH, AGAIN]
    assert said.slots["choices"][1]["payload"] == ask_payload(AGAIN, [Aspect.FEE])
    assert said.slots["procedure_code"] is None


async def test_of_several_that_fit_a_follow_up_means_the_one_in_talk():
    said = await ask("khai sinh", "fee", procedure_code=AGAIN)
    assert said.custom["decision"] == "answer"
    assert said.custom["procedure_codes"] == [AGAIN, BIRTH]


async def test_a_pick_becomes_what_its_button_sends():
    offered = (await ask("khai sinh", "fee")).slots["choices"]
    said = await ask("cái thứ hai ạ", choices=offered)
    assert said.messages == []
    assert said.pressed == ask_payload(AGAIN, [Aspect.FEE])
    user = next(event for event in said.events if event["event"] == "user")
    assert user["parse_data"]["intent"]["name"] == "ask_procedure"
    assert {"entity": "procedure_code", "value": AGAIN} in user["parse_data"]["entities"]


async def test_the_case_is_asked_then_its_papers_are_listed():
    asked = await ask("đăng ký thường trú", "documents")
    assert "Bạn thuộc trường hợp nào?" in asked.text
    picked = await ask("thuê, mượn", choices=asked.slots["choices"])
    assert picked.pressed == ask_payload(RESIDENCE, [Aspect.DOCUMENTS], case=2)
    said = await press(procedure_code=RESIDENCE, aspect="documents", case="2")
    assert "Văn bản đồng ý của chủ sở hữu" in said.text
    assert said.slots["choices"] is None


async def test_a_button_may_ask_several_aspects():
    said = await press(procedure_code=BIRTH, aspect="fee,duration")
    assert "8.000 đồng" in said.text
    assert "ngày làm việc" in said.text


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "x", "1e9", "99999999999"])
async def test_a_nonsense_part_or_case_is_harmless(nonsense):
    said = await press(procedure_code=BIRTH, aspect="documents", part=nonsense, case=nonsense)
    assert "Giấy chứng sinh" in said.text


async def test_an_aspect_without_a_procedure_waits_for_one():
    asked = await ask("lệ phí bao nhiêu", "fee")
    assert asked.response == "utter_procedures_ask_which"
    assert asked.slots["pending_aspects"] == ["fee"]
    said = await ask("đăng ký khai sinh", pending_aspects=["fee"])
    assert "8.000 đồng" in said.text
    assert said.slots["pending_aspects"] is None


async def test_an_aspect_while_choosing_waits_and_shows_the_choice_again():
    offered = (await ask("khai sinh")).slots["choices"]
    again = await ask("thế lệ phí bao nhiêu", "fee", choices=offered)
    assert again.response == "utter_conversation_pick_one"
    assert again.slots == {"pending_aspects": ["fee"]}
    said = await act(
        the_action("action_ask_procedure"),
        offered[0]["payload"],
        entities=[("procedure_code", BIRTH)],
        pending_aspects=["fee"],
    )
    assert "8.000 đồng" in said.text


async def test_the_next_part_is_told_when_asked_for_in_words():
    long = a_procedure(conditions="Một câu điều kiện khá dài để đọc. " * 150)
    action = the_action("action_ask_procedure", Services(FakeProcedures(long)))
    said = await act(action, "đăng ký khai sinh", entities=[("aspect", "conditions")])
    for text in ("xem tiếp đi", "tiếp", "vâng"):
        name = "action_affirm" if text == "vâng" else "action_fallback"
        more = await act(the_action(name), text, choices=said.slots["choices"])
        assert more.pressed == ask_payload(BIRTH, [Aspect.CONDITIONS], part=2)


async def test_another_procedure_is_asked_for_by_name():
    said = await ask("tôi muốn hỏi thủ tục khác", procedure_code=BIRTH)
    assert said.response == "utter_procedures_ask_which"


async def test_what_fits_nothing_is_said_as_not_found():
    said = await ask("xin giấy phép nuôi khủng long")
    assert said.response == "utter_procedures_not_found"
    assert said.custom == {"procedure_codes": [], "decision": "none"}


class NotSure(FakeProcedures):
    """Knows of no procedure for sure, and of two that come near."""

    def find(self, question: str) -> Outcome:
        near = Hit(BIRTH, "Đăng ký khai sinh", 0.5), Hit(AGAIN, "Đăng ký lại khai sinh", 0.4)
        return Outcome(Decision.NONE, near)


async def test_what_is_nearest_is_offered_where_there_is_hope():
    services = Services(NotSure(a_procedure()))
    said = await act(the_action("action_ask_procedure", services), "giấy cho thằng cu")
    assert said.response == "utter_procedures_nearest"
    assert said.custom == {"procedure_codes": [BIRTH, AGAIN], "decision": "none"}
    picked = await act(the_action("action_affirm"), "2", choices=said.slots["choices"])
    assert picked.pressed == ask_payload(AGAIN)


async def test_not_found_midway_offers_to_go_on_with_the_one_in_talk():
    said = await ask("phí nuôi khủng long trong vườn nhà", "fee", procedure_code=BIRTH)
    assert said.response == "utter_procedures_not_found"
    assert said.titles == ["Hỏi tiếp về thủ tục vừa rồi"]
    yes = await act(the_action("action_affirm"), "ừ", choices=said.slots["choices"])
    assert yes.pressed == ask_payload(BIRTH, [Aspect.FEE])


async def test_a_code_that_the_catalogue_does_not_have_is_said_so():
    said = await press(procedure_code="9.999999")
    assert said.response == "utter_procedures_unknown_code"
    assert said.slots["procedure_code"] is None


async def test_a_fetched_form_is_offered_itself():
    services = Services(a_catalogue(), form_file=lambda form: f"/forms/{form.id}")
    said = await act(
        the_action("action_ask_procedure", services),
        "đăng ký khai sinh",
        entities=[("aspect", "form")],
    )
    assert f"/forms/{a_form().id}" in said.text


async def test_not_found_names_the_hotline_only_when_there_is_one():
    services = Services(a_catalogue(), HOTLINE)
    said = await act(the_action("action_ask_procedure", services), "nuôi khủng long")
    assert "0236 1022" in said.messages[0]["contact"]
    assert "01/11/2026" in said.messages[0]["contact"]
    without = await ask("nuôi khủng long")
    assert "1022" not in without.messages[0]["contact"]


async def test_where_is_about_the_procedure_in_talk_or_named():
    place = the_action("action_ask_place")
    in_talk = await act(place, "thế ở đâu vậy", procedure_code=BIRTH)
    named = await act(place, "đăng ký thường trú ở đâu")
    assert "Nơi nộp" in in_talk.text
    assert named.custom["procedure_codes"] == [RESIDENCE]
    assert (await act(place, "ủy ban phường Bến Nghé ở đâu")).response == "utter_places_guidance"
    assert (
        await act(place, "/ask_place", procedure_code=BIRTH)
    ).response == "utter_places_guidance"


async def test_a_waiver_is_told_on_the_days_it_is_in_force():
    for today, told in ((date(2026, 11, 22), True), (date(2027, 3, 1), False)):
        action = the_action(
            "action_ask_procedure", Services(a_catalogue(), today=lambda day=today: day)
        )
        said = await act(action, "đăng ký thường trú", entities=[("aspect", "fee")])
        assert ("Thông tư 117/2026/TT-BTC" in said.text) is told
