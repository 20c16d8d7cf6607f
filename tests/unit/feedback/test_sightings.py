"""Receipt codes in the midst of other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.receipts import ALPHABET, CALLED, likely_slip, new_code, shown, spoken
from bot.feedback.sightings import MASK, masked, near, sightings
from bot.vietnamese import fold

CODES = st.builds(new_code)
WRITTEN = st.sampled_from(
    [shown, str.lower, " ".join, lambda code: shown(code).replace("-", " ").lower(), str]
)
AROUND = st.sampled_from(
    [
        ("", ""),
        ("cho em hỏi mã ", " tới đâu rồi ạ"),
        ("xem trong ", ", số tôi 0912345678"),
        ("MÃ: ", "."),
        ("hôm 12/11 tôi gửi phản ánh (", ") chưa ai trả lời"),
    ]
)


@given(CODES, WRITTEN, AROUND)
def test_a_code_is_found_however_it_is_written_and_whatever_stands_around(code, write, around):
    text = write(code).join(around)
    [found] = sightings(text)
    assert found.code == code
    assert text[found.start : found.end] == write(code)


@given(CODES)
def test_a_code_is_found_as_it_is_said_on_the_phone(code):
    for said in (spoken(code), fold(spoken(code)), spoken(code).replace(",", "")):
        assert code in [each.code for each in sightings(f"mã là {said} nhé")]


@given(CODES, WRITTEN, AROUND)
def test_nothing_of_a_masked_code_is_left(code, write, around):
    text = masked(write(code).join(around))
    assert text == MASK.join(around)
    assert masked(text) == text


@given(CODES, st.integers(0, 14), st.sampled_from(ALPHABET))
def test_a_code_with_one_slip_is_masked_too(code, at, other):
    typed = code[:at] + other + code[at + 1 :]
    groups = [typed[start : start + 5] for start in (0, 5, 10)]
    if sum(any(map(str.isdigit, group)) for group in groups) > 1:
        assert masked(f"mã {shown(typed)} đây") == f"mã {MASK} đây"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert isinstance(masked(text), str)
    assert isinstance(near(text), str)
    assert likely_slip(text) in {None, 1, 2, 3}


@pytest.mark.parametrize(
    "text",
    [
        "H29.16-250721-0001",
        "h29162507210001",
        "000.00.16.H29-250721-0001",
        "1.001193",
        "PAKN.20261008.0001",
        "0912 345 678 và 0987 654 321",
        "số tài khoản 190345678901234",
        "tôi muốn hỏi chung thực",
        "mất 20000 trong 30000 đồng",
        "ba năm sau bốn năm nữa là ba mươi tám tuổi rồi mà vẫn chưa có hộ khẩu thường trú",
        "số nhà 12 ngõ 34 tổ 5 khu phố 6 phường 7",
        "làm lại căn cước bị mất hết bao nhiêu tiền, mấy ngày có, nộp ở đâu hả ad ơi cho hỏi với",
    ],
)
def test_other_codes_numbers_and_words_are_left_alone(text):
    assert [each for each in sightings(text) if each.code] == []
    assert masked(text) == text


@given(CODES, st.integers(0, 13))
def test_the_group_that_a_slip_is_looked_for_in_is_never_the_wrong_one(code, at):
    swapped = code[:at] + code[at : at + 2][::-1] + code[at + 2 :]
    assert likely_slip(shown(swapped)) in ({None, at // 5 + 1} if swapped != code else {None})


def test_the_likely_group_of_a_slip_is_named():
    codes = [new_code() for _ in range(200)]
    swapped = [code[1] + code[0] + code[2:] for code in codes if code[0] != code[1]]
    assert [likely_slip(code) for code in swapped].count(1) > 20


def test_what_may_be_meant_as_a_code_is_cut_out():
    assert near("mã của tôi là 7k2m0 f3h") == "7k2m0 f3h"
    assert near("tôi không nhớ nữa") == ""


def test_every_character_has_a_name():
    assert set(CALLED.values()) == set(ALPHABET)
