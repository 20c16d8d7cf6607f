"""Beside another answer, procedures are offered where the words may have asked for one."""

import pytest

from actions.registry import OFFERING
from actions.services import Services
from bot.procedures.answers import ask_payload
from tests.unit.actions.acting import Said, a_catalogue, act, the_action

BIRTH, AGAIN = "1.001193", "1.004884"
EITHER = ("ask_rights", "ask_procedure")


async def hear(action: str, text: str, *ranking: str, **slots) -> Said:
    return await act(
        the_action(action, Services(a_catalogue())), text, ranking=ranking or EITHER, **slots
    )


@pytest.mark.parametrize("action", sorted(OFFERING))
async def test_the_procedures_follow_the_answer(action):
    said = await hear(action, "khai sinh")
    answer, offer = said.messages
    assert "decision" not in answer["custom"]
    assert offer["response"] == "utter_procedures_or_this"
    assert offer["custom"]["decision"] == "none"
    assert offer["custom"]["procedure_codes"] == [BIRTH, AGAIN]
    picked = await act(the_action(action), str(len(said.slots["choices"])), **said.slots)
    assert picked.pressed == ask_payload(AGAIN)


async def test_the_numbers_go_on_from_what_was_offered_before():
    said = await hear("action_ask_rights", "khai sinh")
    rights, offer = said.messages
    before = rights["topics"].count("\n") + 1
    assert offer["choices"].startswith(f"{before + 1}. ")


async def test_nothing_is_offered_where_no_procedure_was_heard():
    said = await hear("action_track_feedback", "khai sinh", "track_feedback", "greet")
    assert len(said.messages) == 1


async def test_nothing_is_offered_where_the_catalogue_knows_none():
    said = await hear("action_track_feedback", "nuôi khủng long")
    assert len(said.messages) == 1


async def test_a_procedure_that_is_told_already_is_not_offered():
    said = await hear("action_ask_place", "đăng ký thường trú")
    assert len(said.messages) == 1
    assert said.custom["decision"] == "answer"
