"""Texts for channels without cards: drawn, numbered, and cut where the sense allows it."""

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.base import Button, Parcel, Reply
from bot.channels.plain import AGAIN, cut, drawn, numbered, parts, utf16, words

ANSWER = (
    "Bạn cần Giấy chứng sinh và Tờ khai đăng ký khai sinh.\n\n"
    "Nộp tại Ủy ban nhân dân cấp xã. Không mất lệ phí khi nộp đúng hạn."
)


def test_a_text_that_fits_stays_whole():
    assert cut(ANSWER, 2000) == [ANSWER]


def test_a_text_ends_at_a_paragraph_before_a_sentence():
    assert cut(ANSWER, 80) == ANSWER.split("\n\n")


def test_a_text_ends_at_a_sentence_before_a_word():
    assert cut(ANSWER.split("\n\n")[1], 50) == [
        "Nộp tại Ủy ban nhân dân cấp xã.",
        "Không mất lệ phí khi nộp đúng hạn.",
    ]


def test_a_sentence_that_does_not_fit_ends_at_a_word():
    assert cut("Giấy chứng sinh", 12) == ["Giấy chứng", "sinh"]


def test_an_address_on_the_web_stays_in_one_piece():
    address = "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc?ma=1.001193"
    pieces = cut(f"Nộp trực tuyến tại đây: {address} hoặc ra phường.", 70)
    assert pieces == ["Nộp trực tuyến tại đây:", f"{address} hoặc", "ra phường."]


@pytest.mark.parametrize("letter", ["e\u0302\u0301", "👨\u200d👩\u200d👧", "🇻🇳", "👍🏽"])
def test_a_letter_of_several_code_points_is_never_cut(letter):
    for piece in cut(letter * 40, 25, utf16):
        assert piece == letter * piece.count(letter)


lengths = st.sampled_from([len, utf16])
texts = st.text(
    st.sampled_from("aạâ \n.,!…e\u0302\u0301👍🏽\u200d🇻") | st.characters(), max_size=300
)


@given(texts, st.integers(30, 90), lengths)
@example(" \u0301" * 40, 31, len)
@settings(deadline=None)
def test_nothing_but_white_space_is_lost_and_every_piece_fits(text, limit, length):
    pieces = cut(text, limit, length)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < length(piece) <= limit and piece == piece.strip() for piece in pieces)


@given(texts, st.integers(30, 90), lengths)
@settings(deadline=None)
def test_a_cut_never_falls_within_a_letter(text, limit, length):
    letters = [letter for letter in regex.findall(r"\X", text.strip()) if not letter.isspace()]
    if any(length(letter) > limit for letter in letters):
        return
    kept = [letter for piece in cut(text, limit, length) for letter in regex.findall(r"\X", piece)]
    assert [letter for letter in kept if not letter.isspace()] == letters


@given(texts.filter(str.strip))
@settings(deadline=None)
def test_cutting_again_changes_nothing(text):
    for piece in cut(text, 40):
        assert cut(piece, 40) == [piece]


def test_a_card_is_drawn_as_text_in_its_order():
    card = {
        "heading": "Đăng ký khai sinh",
        "lead": "Ghi vào sổ hộ tịch.",
        "facts": [["Lệ phí", "8.000 đồng"], ["Thời hạn", "trong ngày"]],
        "paragraphs": ["Mang theo giấy tờ tùy thân."],
        "items": ["Giấy chứng sinh", "Tờ khai"],
        "sections": [{"heading": "Ở đâu", "items": ["Ủy ban nhân dân cấp xã"]}],
        "source": {"name": "Cổng Dịch vụ công", "date": "15/4/2026", "url": "https://vd.vn/a"},
    }
    assert drawn(Reply("ngắn", custom={"card": card})) == (
        "Đăng ký khai sinh\nGhi vào sổ hộ tịch.\n\n"
        "Lệ phí: 8.000 đồng\nThời hạn: trong ngày\n\n"
        "Mang theo giấy tờ tùy thân.\n\n"
        "- Giấy chứng sinh\n- Tờ khai\n\n"
        "Ở đâu\n\n- Ủy ban nhân dân cấp xã\n\n"
        "Nguồn: Cổng Dịch vụ công · 15/4/2026\nhttps://vd.vn/a"
    )


def test_a_reply_without_card_is_its_text():
    assert drawn(Reply("Chào bạn!")) == "Chào bạn!"


def test_the_buttons_go_with_the_last_part_and_are_numbered_where_they_are_typed():
    buttons = (Button("Lệ phí", "/a"), Button("Thời hạn", "/b"))
    first, last = parts(Reply(ANSWER, buttons), 150, choices=True)
    assert first.buttons == ()
    assert last.buttons == buttons
    assert last.text.endswith("1. Lệ phí\n2. Thời hạn")
    assert numbered(()) == ""


def test_there_is_room_for_the_word_that_a_part_may_have_come_before():
    for part in parts(Reply("từ " * 900), 2000):
        assert len(words(Parcel(1, part, again=True))) <= 2000


def test_only_a_part_that_may_have_come_before_says_so():
    assert words(Parcel(1, Reply("một"))) == "một"
    assert words(Parcel(1, Reply("một"), again=True)) == f"{AGAIN}\nmột"


def test_a_reply_without_words_is_still_one_part():
    assert parts(Reply(image="/a.png"), 2000) == (Reply(image="/a.png"),)
