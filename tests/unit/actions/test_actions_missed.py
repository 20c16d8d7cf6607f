"""Turns below the line are noted; understood ones, picks and follow-ups are not."""

import pytest

from actions.services import Services
from bot.procedures.search import Decision, Hit, Outcome
from bot.questions.question import Missed, Reading
from tests.unit.actions.acting import FakeProcedures, a_catalogue, act, the_action

OFFERED = [
    {"title": "Đăng ký khai sinh", "payload": '/ask_procedure{"procedure_code": "1.001193"}'}
]


class FarFetched(FakeProcedures):
    """Offers choices of which probably none is meant."""

    def find(self, question: str) -> Outcome:
        hits = Hit("1.001193", "Đăng ký khai sinh", 0.02), Hit("1.004222", "Thường trú", 0.01)
        return Outcome(Decision.CLARIFY, hits)


@pytest.fixture
def noted() -> list[Missed]:
    return []


@pytest.fixture
def meet(noted):
    """Let an action answer a message and note what it missed."""

    async def note(missed: Missed) -> None:
        noted.append(missed)

    async def met(action: str, text: str, catalogue: FakeProcedures | None = None, **heard):
        services = Services(catalogue or a_catalogue(), note_missed=note)
        return await act(the_action(action, services), text, **heard)

    return met


async def test_what_was_not_understood_is_noted_with_its_likeliest_readings(meet, noted):
    said = await meet("action_fallback", "blah zzz", ranking=["nlu_fallback", "ask_place"])
    assert said.response == "utter_conversation_did_you_mean"
    assert noted == [Missed("blah zzz", (Reading("ask_place", 0.3),), "none")]


async def test_what_the_catalogue_rescued_is_noted_all_the_same(meet, noted):
    await meet("action_fallback", "khai sinh", ranking=["greet"])
    assert [(one.decision, one.best_code, one.chance) for one in noted] == [
        ("clarify", "1.001193", 0.9)
    ]


async def test_a_procedure_that_nobody_knows_is_noted(meet, noted):
    said = await meet("action_ask_procedure", "nuôi cá voi", ranking=["ask_procedure"])
    assert said.response == "utter_procedures_not_found"
    assert [one.decision for one in noted] == ["none"]


async def test_far_fetched_choices_are_noted(meet, noted):
    said = await meet("action_ask_procedure", "giấy con cho", FarFetched())
    assert said.custom["decision"] == "clarify"
    assert [(one.decision, one.best_code) for one in noted] == [("clarify", "1.001193")]


@pytest.mark.parametrize(
    ("action", "text", "heard"),
    [
        ("action_ask_procedure", "đăng ký thường trú", {}),
        ("action_ask_procedure", "khai sinh", {}),  # asked back, with likely choices
        ("action_ask_procedure", "cho hỏi thủ tục", {}),  # names nothing yet
        ("action_ask_procedure", "", {"entities": [("procedure_code", "1.001193")]}),
        (
            "action_ask_procedure",
            "thế phí bao nhiêu",
            {"procedure_code": "1.001193", "entities": [("aspect", "fee")]},
        ),
        ("action_fallback", "1", {"choices": OFFERED}),
        ("action_fallback", "đăng ký khai sinh", {"choices": OFFERED}),
        ("action_fallback", "7", {}),
        ("action_fallback", "/nlu_fallback", {}),
        ("action_fallback", "🙂🙂", {}),
        ("action_greet", "xin chào", {}),
    ],
)
async def test_a_turn_above_the_line_is_not_noted(meet, noted, action, text, heard):
    await meet(action, text, **heard)
    assert noted == []
