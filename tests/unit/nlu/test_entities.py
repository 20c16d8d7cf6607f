"""What a message already tells is read out of it, whatever the typing."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.vietnamese import fold
from nlu.components.entities import VietnameseEntityExtractor

SUNDAY = "2026-11-22"


def read(text: str, today: str | None = None) -> list[dict[str, Any]]:
    message = Message({"text": text, "metadata": {"today": today} if today else None})
    VietnameseEntityExtractor().process([message])
    return message.get("entities") or []


def values(text: str, entity: str) -> list[Any]:
    return [found["value"] for found in read(text) if found["entity"] == entity]


@pytest.mark.parametrize(
    ("question", "aspects"),
    [
        ("Làm giấy khai sinh cần giấy tờ gì", ["documents"]),
        ("hs cần j, mất bn tiền, bao lâu có", ["documents", "fee", "duration"]),
        ("thế lệ phí bao nhiêu", ["fee"]),
        ("nộp ở đâu, nộp qua mạng được không", ["place", "online"]),
        ("nhận kết quả ở đâu", ["result", "place"]),
        ("bao lâu thì có kết quả", ["duration"]),
        ("cho xin mẫu tờ khai", ["form"]),
        ("ai được hưởng, điều kiện ra sao", ["conditions"]),
        ("căn cứ theo luật nào", ["legal_basis"]),
        ("các bước làm thế nào", ["steps"]),
        ("tôi muốn đăng ký khai sinh", []),
        ("xin chào", []),
    ],
)
def test_aspects_are_found_with_and_without_diacritics(question: str, aspects: list[str]) -> None:
    assert values(question, "aspect") == aspects
    assert values(fold(question), "aspect") == aspects
    assert values(unicodedata.normalize("NFD", question), "aspect") == aspects


def test_other_accents_are_other_words() -> None:
    assert values("phì phèo", "aspect") == []
    assert values("hỗ trợ học phí cho con hộ nghèo", "aspect") == []
    assert values("theo Nghị quyết 123/2015/NĐ-CP", "aspect") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hồ sơ 000.00.04.H51-200221-0001 xong chưa", "000.00.04.H51-200221-0001"),
        ("38.98.H29-210519-0013", "38.98.H29-210519-0013"),
        ("mã h15.50.05.13-261008-0975 nhé", "H15.50.05.13-261008-0975"),
        ("H57.132 - 26O8O4 – O583", "H57.132-260804-0583"),
        ("h29.16 250721 0001", "H29.16-250721-0001"),
        ("G01.01-260804-0912345", "G01.01-260804-0912345"),
        ("\u200bH29.16\u200b-250721-0001", "H29.16-250721-0001"),
    ],
)
def test_a_dossier_code_is_read_in_every_layout(typed: str, code: str) -> None:
    assert values(typed, "dossier_code") == [code]
    assert values(typed, "phone") == []


@pytest.mark.parametrize(
    "typed",
    ["H29.16-251399-0001", "000.00.00.G18-KQ005410", "1.001193", "PAKN.20261008.0001", "h5"],
)
def test_other_codes_are_no_dossier_codes(typed: str) -> None:
    assert values(typed, "dossier_code") == []


def test_procedure_and_receipt_codes() -> None:
    assert values("thủ tục 1.001193 cần gì", "procedure_code") == ["1.001193"]
    assert values("tốn 2.000.000 đồng", "procedure_code") == []
    assert values("mã pakn 20261008 0001", "receipt_code") == ["PAKN.20261008.0001"]


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("gọi 0912345678", ["0912345678"]),
        ("0912.345.678 nhé", ["0912345678"]),
        ("+84 912 345 678", ["0912345678"]),
        ("máy bàn 028 3829 1234", ["02838291234"]),
        ("căn cước 001099012345", []),
        ("hotline 18001096", []),
    ],
)
def test_phone_numbers(typed: str, phone: list[str]) -> None:
    assert values(typed, "phone") == phone


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("đòi 500k", [500_000]),
        ("đưa 2 triệu rưỡi", [2_500_000]),
        ("1tr2", [1_200_000]),
        ("1,5 triệu", [1_500_000]),
        ("200.000đ", [200_000]),
        ("50000 đồng", [50_000]),
        ("năm trăm nghìn", [500_000]),
        ("nam tram nghin", [500_000]),
        ("đòi 2 củ", [2_000_000]),
        ("doi hai muoi lam trieu", [25_000_000]),
        ("phạt hai trăm năm mươi nghìn", [250_000]),
        ("một triệu hai", [1_200_000]),
        ("3 triệu 5, tôi trả 2 triệu", [3_500_000, 2_000_000]),
        ("2 triệu 5 lần rồi", [2_000_000]),
        ("triệu rưỡi tiền bôi trơn", [1_500_000]),
        ("hai trăm rưỡi", [250_000]),
        ("nửa triệu mới ký", [500_000]),
        ("nhét tờ 500 mới xong", [500_000]),
        ("đòi 5 lít", [500_000]),
        ("dua 2 xi moi lam", [200_000]),
        ("biếu anh 1 chai là xong", [1_000_000]),
        ("đòi 1m5 mới làm", [1_500_000]),
        ("tốn 5 lít xăng", []),
        ("đòi 1m5 đất", []),
        ("mấy chục triệu", []),
        ("năm bảy trăm nghìn", []),
        ("hai cụ già", []),
        ("nhà có 2 cụ", []),
        ("thứ 2 k thấy", []),
        ("năm 2025", []),
    ],
)
def test_amounts_of_money(typed: str, dong: list[int]) -> None:
    assert values(typed, "money") == dong


@pytest.mark.parametrize(
    ("typed", "words", "day"),
    [
        ("Hôm qua tôi ra phường", "hôm qua", "2026-11-21"),
        ("chieu nay len xa", "chieu nay", "2026-11-22"),
        ("sáng thứ 2 tuần trước tôi nộp", "sáng thứ 2 tuần trước", "2026-11-09"),
        ("thứ sáu vừa rồi", "thứ sáu vừa rồi", "2026-11-20"),
        ("nộp 3 tuần rồi", "3 tuần rồi", "2026-11-01"),
        ("nop duoc ba tuan roi", "ba tuan roi", "2026-11-01"),
        ("hai hôm trước", "hai hôm trước", "2026-11-20"),
        ("bữa qua lên xã", "bữa qua", "2026-11-21"),
        ("hồi chiều có gọi", "hồi chiều", "2026-11-22"),
        ("luc nay tong dai ban", "luc nay", "2026-11-22"),
        ("ban nãy tổng đài bận", "ban nãy", "2026-11-22"),
        ("t6 tuan truoc len nop", "t6 tuan truoc", "2026-11-13"),
        ("hẹn mùng 3 tháng 11", "mùng 3 tháng 11", "2026-11-03"),
        ("mấy hôm nay cúp nước", "mấy hôm nay", None),
        ("nộp từ tháng 9 tới giờ", "tháng 9", None),
        ("cuối tuần trước", "cuối tuần trước", None),
        ("cách đây nửa tháng", "cách đây nửa tháng", None),
        ("xổ số miền nam hôm nay", "hôm nay", "2026-11-22"),
        ("ngày 12 tháng 10", "ngày 12 tháng 10", "2026-10-12"),
        ("25/12", "25/12", "2025-12-25"),
        ("tháng trước", "tháng trước", None),
        ("ngày 31/2", "ngày 31/2", None),
    ],
)
def test_times_keep_the_words_and_get_a_date(typed: str, words: str, day: str | None) -> None:
    (found,) = [entity for entity in read(typed, SUNDAY) if entity["entity"] == "time"]
    assert (found["value"], found.get("date")) == (words, day)


@pytest.mark.parametrize(
    "typed", ["tôi qua phường", "hạn 5 ngày", "bao lâu", "ban nay de thuong", "sau tuan nay"]
)
def test_what_is_no_time(typed: str) -> None:
    assert values(typed, "time") == []


def test_without_a_known_day_a_time_has_no_date() -> None:
    assert "date" not in read("hôm qua")[0]
    assert "date" not in read("hôm qua", "yesterday")[0]


def test_offsets_lead_into_the_text_as_it_was_typed() -> None:
    typed = "le\u0323\u0302 \u200bphi\u0301 hô\u0300 sơ H29.16-250721-0001 và 500k"
    typed_parts = {found["entity"]: typed[found["start"] : found["end"]] for found in read(typed)}
    assert typed_parts == {
        "dossier_code": "H29.16-250721-0001",
        "money": "500k",
        "aspect": "le\u0323\u0302 \u200bphi\u0301",
    }


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_text_breaks_the_extractor(text: str) -> None:
    for found in read(text, SUNDAY):
        assert 0 <= found["start"] < found["end"] <= len(text)


def test_a_button_is_left_to_rasa() -> None:
    assert read('/ask_procedure{"aspect": "lệ phí"}') == []
