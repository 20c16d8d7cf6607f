"""Picking from what was offered, in the ways people answer a list."""

import pytest

from actions.heard import Choice
from actions.picking import LAST, pick, place_in_list

OFFERED = (
    Choice("Cấp đổi thẻ căn cước", "/ask_procedure{}"),
    Choice("Cấp lại thẻ căn cước", "/ask_procedure{}"),
    Choice("Cấp thẻ căn cước cho người dưới 14 tuổi", "/ask_procedure{}"),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 1),
        ("2.", 2),
        ("số 3 ạ", 3),
        ("cái thứ hai", 2),
        ("thứ 2", 2),
        ("cai thu 2 nhe", 2),
        ("cái đầu tiên", 1),
        ("mục thứ nhất", 1),
        ("ba", 3),
        ("cái cuối", 3),
        ("em chọn cái cuối cùng ạ", 3),
        ("cấp lại", 2),
        ("cap lai", 2),
        ("đổi thẻ", 1),
        ("cho người dưới 14 tuổi", 3),
        ("cấp thẻ căn cước cho người dưới 14 tuổi", 3),
    ],
)
def test_a_number_a_place_or_telling_words_pick_one(text, place):
    assert pick(text, OFFERED) is OFFERED[place - 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "0",
        "99",
        "căn cước",  # fits all
        "thẻ",
        "đăng ký kết hôn",  # something else
        "vâng",
        "cảm ơn bạn",
        "không phải mấy cái đó",
        "lệ phí cấp lại bao nhiêu tiền và phải chờ bao nhiêu ngày mới có kết quả vậy ạ",
    ],
)
def test_what_fits_none_or_several_picks_nothing(text):
    assert pick(text, OFFERED) is None


def test_nothing_is_picked_when_nothing_was_offered():
    assert pick("1", ()) is None


def test_the_full_title_picks_even_when_another_contains_its_words():
    offered = (Choice("Đăng ký khai sinh", "/a"), Choice("Đăng ký lại khai sinh", "/b"))
    assert pick("đăng ký khai sinh", offered) is offered[0]


def test_a_place_is_told_from_a_message_of_its_own():
    assert place_in_list("cái thứ hai") == 2
    assert place_in_list("cuối cùng") == LAST
    assert place_in_list("hai vợ chồng tôi muốn ly hôn") is None
    assert place_in_list("12345") is None
