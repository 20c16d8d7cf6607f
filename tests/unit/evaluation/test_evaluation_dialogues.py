"""Dialogues are held to what a citizen reads, however it is written."""

import pytest

from bot.evaluation.dialogues import (
    Dialogue,
    Step,
    dialogue_result,
    disappointment,
    hold,
    measure_dialogues,
    spoken,
)
from tests.unit.evaluation.talking import ScriptedAssistant, says


def expecting(*any_of: str, never: tuple[str, ...] = ()) -> Step:
    return Step(expect="it", must_contain_any=any_of, must_not_contain=never)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (expecting("to khai"), "Bạn nộp TỜ KHAI theo mẫu"),
        (expecting("giay chung sinh", "to khai"), "giấy\n chứng   sinh"),
        (expecting("Lệ phí"), "le phi: chưa công bố"),
        (expecting("đang ký"), "dang ky\u0301"),  # decomposed
        (expecting(never=("khong tim thay",)), "Đây là thủ tục"),
        (expecting(), "gì cũng được"),
    ],
)
def test_words_are_compared_without_case_diacritics_and_line_ends(step, said):
    assert disappointment(step, said) == ""


@pytest.mark.parametrize(
    ("step", "said", "reason"),
    [
        (expecting("to khai"), "Bạn cần gì?", "lacks to khai"),
        (expecting("bạn", never=("utter_",)), "Bạn ơi utter_greet", "says 'utter_'"),
        (expecting(never=("huyện",)), "Nộp ở UBND huyen", "says 'huyện'"),
        (expecting(never=("huyện",)), "", "nothing was said"),
        (expecting(), " \n", "nothing was said"),
    ],
)
def test_a_disappointment_says_why(step, said, reason):
    assert disappointment(step, said) == reason


def test_what_buttons_say_is_read_as_well():
    assert spoken([says("Bạn cần gì?", buttons=["Khai sinh"]), says("Hay là")]) == (
        "Bạn cần gì?\nKhai sinh\nHay là"
    )


async def test_an_expectation_looks_at_what_was_said_since_the_last_user_turn():
    assistant = ScriptedAssistant({"một": [says("hai"), says("ba")], "bốn": [says("năm")]})
    dialogue = Dialogue(
        "dem",
        (
            Step(user="một"),
            expecting("hai"),
            expecting("ba"),
            Step(user="bốn"),
            expecting("nam", never=("hai",)),
            expecting("ba"),
        ),
    )
    held = await hold(dialogue, assistant.open_talk)
    assert held.expectations == 4
    (missed,) = held.disappointments
    assert (missed.user, missed.reason, missed.said) == ("bốn", "lacks ba", "năm")


async def test_a_dialogue_passes_when_all_of_its_expectations_do():
    assistant = ScriptedAssistant({"chào": [says("Chào bạn")]})
    good = Dialogue("tot", (Step(user="chào"), expecting("chao")))
    half = Dialogue("nua", (Step(user="chào"), expecting("chao"), expecting("tam biet")))
    held = await measure_dialogues([good, half], assistant.open_talk)
    summary = dialogue_result(held).summary()
    assert (summary["n"], summary["passed"], summary["pass_rate"]) == (2, 1, 0.5)
    assert summary["expectations_met"] == 0.6667
    assert len(set(assistant.opened)) == 2
