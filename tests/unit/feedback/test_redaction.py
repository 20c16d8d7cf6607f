"""What is taken out of a text before the public reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.redaction import names_reporter, pieces, redacted, still_personal
from bot.questions.stripping import strip

ANSWER = """Kính gửi chị Nguyễn Thị Lan,
Cán bộ Trần Văn Tuấn đã trả lại 500 nghìn. Gọi 0912 345 678 khi cần.

Hồ sơ H29.16-250721-0001 được nhận ngày hôm nay."""


def test_marks_stand_where_personal_data_stood_and_lines_stay_lines():
    assert redacted(ANSWER, strip).splitlines() == [
        "Kính gửi chị ⟨tên⟩,",
        "Cán bộ ⟨tên⟩ đã trả lại 500 nghìn. Gọi ⟨số⟩ khi cần.",
        "",
        "Hồ sơ ⟨số⟩ được nhận ngày hôm nay.",
    ]


def test_what_was_redacted_holds_nothing_personal_any_more():
    assert still_personal(redacted(ANSWER, strip), strip) == ()


def test_what_still_seems_personal_is_shown_as_it_stands():
    text = "Cán bộ Trần Văn Tuấn\nđã xin lỗi, gọi 0912345678"
    assert still_personal(text, strip) == ("Trần Văn Tuấn", "0912345678")


def test_a_text_is_cut_into_marks_and_the_rest():
    assert list(pieces("Chị ⟨tên⟩ ở ⟨địa chỉ⟩")) == [
        ("Chị ", False),
        ("⟨tên⟩", True),
        (" ở ", False),
        ("⟨địa chỉ⟩", True),
    ]


@given(st.text())
def test_the_pieces_together_are_the_text(text):
    assert "".join(piece for piece, _ in pieces(text)) == text


@given(st.text())
def test_redacting_again_changes_nothing(text):
    once = redacted(text, strip)
    assert redacted(once, strip) == once


IDENTITY = "Nguyễn Thị Lan, 0912.345.678"


@pytest.mark.parametrize(
    "text",
    [
        "chị nguyen thi lan đã nhận lại tiền",
        "Chị NGUYỄN THỊ LAN đã nhận lại tiền",
        "gọi lại số 0912 345 678",
        "gọi 0912345678.",
    ],
)
def test_the_reporter_is_recognised_however_they_are_written(text):
    assert names_reporter(text, IDENTITY)


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Trồng thêm hoa lan trước cổng", IDENTITY),
        ("Nguyễn Thị Lanh đã nhận", IDENTITY),
        ("gọi 0912345679", IDENTITY),
        ("Lan đã nhận lại tiền", "Lan"),
        ("bất kỳ", ""),
    ],
)
def test_others_are_not_taken_for_the_reporter(text, identity):
    assert not names_reporter(text, identity)
