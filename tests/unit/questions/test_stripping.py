"""What could tell who asked does not get past here; what the question is about does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.stripping import PLACEHOLDERS, strip, tells_anything
from bot.vietnamese import words

GONE = [
    ("sđt em 0912.345.678 ạ", "sđt em ⟨số⟩ ạ"),
    ("goi toi so 09 12 34 56 78 nhe", "goi toi so ⟨số⟩ nhe"),
    ("gọi +84 912 345 678", "gọi ⟨số⟩"),
    ("o912345678 la so cua toi", "⟨số⟩ la so cua toi"),
    ("số không chín một hai ba bốn năm sáu bảy tám", "số ⟨số⟩"),
    ("cccd 079087001234 hết hạn", "cccd ⟨số⟩ hết hạn"),
    ("4 số cuối là 1234", "4 số cuối là ⟨số⟩"),
    ("stk 0123 4567 8910 vietcombank", "stk ⟨số⟩ vietcombank"),
    ("hồ sơ H29.16-250721-0001 tới đâu", "hồ sơ ⟨số⟩ tới đâu"),
    ("ho so h29.16 - 250721 - 0001 toi dau", "ho so ⟨số⟩ toi dau"),
    ("biển số 29A-123.45", "biển số ⟨số⟩"),
    ("thư về abc.xyz@gmail.com nhé", "thư về ⟨thư điện tử⟩ nhé"),
    ("xem https://facebook.com/lan.nguyen đi", "xem ⟨liên kết⟩ đi"),
    ("zalo của em là lanxinh", "zalo của em là ⟨liên hệ⟩"),
    ("em sinh ngày 5 tháng 6 năm 1990", "em sinh ngày ⟨ngày⟩"),
    ("em sinh năm 1987", "em sinh năm ⟨ngày⟩"),
    ("bé sinh 12/3/2024", "bé sinh ⟨ngày⟩"),
    ("Tôi tên là Nguyễn Văn An muốn hỏi", "Tôi tên là ⟨tên⟩ muốn hỏi"),
    ("toi ten lan muon hoi", "toi ten ⟨tên⟩ muon hoi"),
    ("chị Lan ở quầy 3 bảo ông Tám về", "chị ⟨tên⟩ ở quầy 3 bảo ông ⟨tên⟩ về"),
    ("con ông nguyễn bảo an bị sai tên", "con ông ⟨tên⟩ bị sai tên"),
    ("lê thị hồng bị mất giấy", "⟨tên⟩ bị mất giấy"),
    ("ở 12/5 đường Lê Lợi, phường Bến Nghé", "ở ⟨địa chỉ⟩, phường Bến Nghé"),
    ("so 12 duong le loi phuong ben nghe", "⟨địa chỉ⟩ phuong ben nghe"),
    ("địa chỉ nhà tôi ở 45 tổ 3 ấp Bình Hòa. Làm sổ đỏ", "địa chỉ nhà tôi ở ⟨địa chỉ⟩. Làm sổ đỏ"),
    ("BÁN ĐẤT CHO CON TÊN NGUYỄN BẢO AN ĐƯỢC KHÔNG", "bán đất cho con tên ⟨tên⟩ được không"),
    ("gọi 0\u200b9\u200b1\u200b2345678", "gọi ⟨số⟩"),
    ("gọi ０９１２３４５６７８ hay ٠٩١٢٣٤٥٦٧٨", "gọi ⟨số⟩ hay ⟨số⟩"),
]
STAYS = [
    "thủ tục 1.001193 cần giấy tờ gì",
    "năm 2025 làm căn cước phí bao nhiêu",
    "lam khai sinh 2 con sinh doi",
    "bà cụ 80 tuổi lĩnh tiền hằng tháng",
    "địa chỉ nộp hồ sơ ở đâu",
    "đổi tên cho con thì cần gì",
    "tên thủ tục là gì vậy",
    "vợ thì ly hôn còn con theo ai",
    "Em Muốn Hỏi Làm Khai Sinh Cho Con",
    "anh ơi cho em hỏi chị em ruột có sang tên được không",
    "cấp lại bằng tốt nghiệp lớp 12",
    "ko co CCCD thi dung ma QR cua con VNeID duoc ko",
    "chế độ của bà mẹ Việt Nam anh hùng",
    "đi Nhật cần hộ chiếu gì",
]


@pytest.mark.parametrize(("typed", "kept"), GONE)
def test_personal_data_gives_way_to_a_placeholder(typed, kept):
    assert strip(typed) == kept


@pytest.mark.parametrize("question", STAYS)
def test_what_a_question_is_about_stays(question):
    assert strip(question) == question


WORDS = st.text(st.sampled_from("abc đường số ⟨⟩@./-:,0123456789 chị Lan Ô\n\u200b"), max_size=40)
GAPS = st.sampled_from(["", " ", ".", "-", " - ", "\u200b", "/", ", "])


@given(st.one_of(st.text(max_size=80), WORDS))
def test_stripping_again_changes_nothing(text):
    assert strip(strip(text)) == strip(text)


@given(
    WORDS,
    st.from_regex(r"0[35789]\d{8}", fullmatch=True),
    st.lists(GAPS, min_size=10, max_size=10),
    WORDS,
)
def test_no_telephone_number_survives_however_it_is_parted(before, phone, gaps, after):
    typed = "".join(digit + gap for digit, gap in zip(phone, gaps, strict=True))
    stripped = strip(f"gọi {typed}x nhé")
    assert not re.search(r"\d", stripped)
    assert phone not in strip(before + phone + after)


@given(st.from_regex(r"[0-9]{9}|[0-9]{12}", fullmatch=True), WORDS)
def test_no_identity_number_survives(number, around):
    assert number not in strip(f"{around} {number} {around}")


@given(st.from_regex(r"[a-z][a-z0-9.]{2,10}@[a-z]{2,8}\.(com|vn)", fullmatch=True))
def test_no_mail_address_survives(address):
    assert "@" not in strip(f"gửi cho {address}, nhé")


GIVEN = st.sampled_from(words("An Bình Châu Dũng Giang Hiền Khánh Lan Minh Nam Phúc Thanh Tú Vy"))


@given(
    st.sampled_from(["tôi tên", "tên là", "ông", "bà", "anh", "chị", "Chị", "cô"]),
    st.lists(GIVEN, min_size=1, max_size=3),
)
def test_no_name_behind_a_title_survives(title, names):
    stripped = strip(f"hôm qua {title} {' '.join(names)} hẹn em lên làm giấy")
    assert not set(names) & set(stripped.split())
    assert stripped.endswith("hẹn em lên làm giấy")


def test_nothing_is_told_by_placeholders_alone():
    assert not tells_anything(" ".join(PLACEHOLDERS))
    assert not tells_anything(strip("0912345678"))
    assert tells_anything(strip("0912345678 là số của ai"))
