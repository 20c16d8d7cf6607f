"""What a place became is told before where to go."""

from typing import Any

import pytest

from tests.unit.actions.acting import act, the_action

SAI_GON = {"name": "Phường Sài Gòn", "province": "Thành phố Hồ Chí Minh", "code": "26740"}
HEIRS = [{"name": f"Xã Số {n}", "province": "Tỉnh Đồng Tháp", "code": str(n)} for n in range(1, 10)]


def a_place(said: str, unit: dict[str, str] | None = None, heirs: int = 0) -> dict[str, Any]:
    known = unit or {"name": "", "province": "", "code": ""}
    return {"value": said, "unit": {**known, "level": "commune", "candidates": HEIRS[:heirs]}}


async def ask(text: str, *places: dict[str, Any]) -> list[Any]:
    said = await act(the_action("action_ask_place"), text, places=places)
    return [(message["response"], message.get("now")) for message in said.messages]


GUIDANCE = ("utter_places_guidance", None)


async def test_an_old_place_is_told_what_it_is_now():
    said = await ask("phường bến nghé giờ ở đâu", a_place("phường bến nghé", SAI_GON))
    assert said == [("utter_places_now", "Phường Sài Gòn, Thành phố Hồ Chí Minh"), GUIDANCE]


async def test_a_divided_place_is_told_all_its_heirs_and_none_is_picked():
    (response, now), last = await ask("xã cũ thuộc đâu", a_place("xã cũ", heirs=2))
    assert response == "utter_places_divided"
    assert now == "- Xã Số 1, Tỉnh Đồng Tháp\n- Xã Số 2, Tỉnh Đồng Tháp"
    assert last == GUIDANCE


@pytest.mark.parametrize(
    "place", [a_place("p. sai gon", SAI_GON), a_place("huyện lớn", heirs=9), a_place("làng tôi")]
)
async def test_a_place_of_today_a_wide_one_and_an_unknown_one_are_not_explained(place):
    assert await ask("chỗ đó nộp ở đâu", place) == [GUIDANCE]
