"""Places, offices and officials are read out of a story as people tell it."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.places import units
from bot.vietnamese import fold
from nlu.components.entities import VietnameseEntityExtractor
from nlu.components.phrases import read_table

LONGEST_STORY = 4_000


def read(text: str) -> list[dict[str, Any]]:
    message = Message({"text": text})
    VietnameseEntityExtractor().process([message])
    return message.get("entities") or []


def told(text: str, entity: str) -> list[Any]:
    return [found["value"] for found in read(text) if found["entity"] == entity]


def meant(text: str) -> list[str]:
    """What each place is today: its name, or those of its candidates."""
    return [
        found["unit"]["name"] or ", ".join(choice["name"] for choice in found["unit"]["candidates"])
        for found in read(text)
        if found["entity"] == "place"
    ]


@pytest.mark.parametrize(
    ("story", "place"),
    [
        ("tôi ra phường Hiệp Bình nộp hồ sơ", "Phường Hiệp Bình"),
        ("ubnd p. ben nghe bắt chờ", "Phường Sài Gòn"),
        ("P.13 Q.10 đòi thêm giấy", "Phường Hòa Hưng"),
        ("ma dia chi moi cua phuong 5 go vap la gi", "Phường An Nhơn"),
        ("xã Vĩnh Lộc A, huyện Bình Chánh, TP.HCM", "Xã Vĩnh Lộc"),
        ("tp Thủ Đức, phường Linh Trung", "Phường Linh Xuân"),
        ("tui o xa hoa vang da nang", "Xã Hòa Vang"),
        ("mệ tui ở phường Vỹ Dạ Huế", "Phường Vỹ Dạ"),
        ("nhà bác ở xã Thạch Trung cũ chừ thuộc phường mô", "Phường Trần Phú"),
        ("chị cán bộ xã Sóc Sơn Hà Nội quát tôi", "Xã Sóc Sơn"),
        ("thị trấn Vĩnh Bảo giờ là xã nào", "Xã Vĩnh Bảo"),
        ("phường Láng làm việc tốt", "Phường Láng"),
        ("đặc khu Phú Quốc", "Đặc khu Phú Quốc"),
        ("phường 13 quận 3 đã nhập từ trước", "Phường Nhiêu Lộc"),
        ("xã Hội Cư, tỉnh Đồng Tháp", "Xã Hội Cư"),
        ("ubnd xa hoi cu tinh dong thap", "Xã Hội Cư"),
        ("xã Thanh An, Thành phố Hồ Chí Minh", "Xã Thanh An"),
        ("1 cua phuong lang ha noi", "Phường Láng"),
        ("nhà em Q.10, hồi sáng lên phường 13 mà đuổi về", "Phường Hòa Hưng"),
    ],
)
def test_a_commune_is_told_by_its_name_of_today(story: str, place: str) -> None:
    assert meant(story) == [place]


@pytest.mark.parametrize(
    ("story", "province"),
    [
        ("tỉnh Hậu Giang giờ ra sao", "Thành phố Cần Thơ"),
        ("em ở sài gòn", "Thành phố Hồ Chí Minh"),
        ("tphcm", "Thành phố Hồ Chí Minh"),
        ("em o hn", "Thành phố Hà Nội"),
        ("quê em ở Thái Bình", "Tỉnh Hưng Yên"),
        ("thoi tiet da nang", "Thành phố Đà Nẵng"),
        ("Kon Tum nhập vô tỉnh nào", "Tỉnh Quảng Ngãi"),
        ("đắc lắc", "Tỉnh Đắk Lắk"),
        ("o hue", "Thành phố Huế"),
    ],
)
def test_a_province_is_told_by_its_name_of_today(story: str, province: str) -> None:
    assert meant(story) == [province]


@pytest.mark.parametrize(
    "story",
    [
        "phường Bến Nghé quận 1",
        "ở xã Đông Anh, Hà Nội",
        "huyện Củ Chi",
        "tỉnh Quảng Nam",
        "quận Bình Thạnh",
    ],
)
def test_marks_do_not_matter_where_they_are_missing(story: str) -> None:
    assert meant(story) == meant(fold(story)) == meant(unicodedata.normalize("NFD", story)) != []


def test_a_district_that_is_gone_offers_the_communes_it_became() -> None:
    (found,) = read("tôi lên quận 1 hôm đó")
    assert found["unit"]["level"] == "district"
    assert found["unit"]["province"] == "Thành phố Hồ Chí Minh"
    assert [choice["name"] for choice in found["unit"]["candidates"]] == [
        *("Phường Bến Thành", "Phường Cầu Ông Lãnh", "Phường Sài Gòn", "Phường Tân Định"),
    ]


def test_a_split_ward_is_asked_about_never_picked() -> None:
    (found,) = read("xã Tân Lập huyện Đan Phượng")
    assert found["unit"]["name"] == ""
    assert len(found["unit"]["candidates"]) == 2


def test_a_name_shared_by_too_many_is_asked_openly() -> None:
    (found,) = read("xã Tân Lập cũ")
    assert (found["unit"]["name"], found["unit"]["candidates"]) == ("", [])


def test_a_district_without_marks_is_believed_beside_what_it_lay_in() -> None:
    assert meant("em o di an, binh duong") == meant("em ở Dĩ An") != []
    assert meant("em o di an, ninh binh") == ["Tỉnh Ninh Bình"]


def test_two_places_are_two_places() -> None:
    assert told("nhà chuyển từ Quảng Nam ra Đà Nẵng", "place") == ["Quảng Nam", "Đà Nẵng"]


def test_the_citizens_own_words_are_kept() -> None:
    typed = "ở Phươ\u0300ng Bến\u200b Nghé,  Q.1 nha"
    (found,) = (found for found in read(typed) if found["entity"] == "place")
    assert found["value"] == typed[found["start"] : found["end"]]
    assert found["value"].startswith("Phươ")
    assert found["value"].endswith("Q.1")


@pytest.mark.parametrize(
    "sentence",
    [
        "chị Hòa với ông Bình đứng đó",
        "chị Hà Giang nhận hồ sơ",
        "anh Thái Bình hẹn mai",
        "đơn gửi quận ủy và tỉnh ủy",
        "bảo hiểm xã hội an toàn",
        "tôi ra phường nào",
        "anh ấy không được tỉnh táo",
        "phường hồ sơ chất đống",
        "xã hay phường thì cũng vậy",
        "sống hòa bình với hàng xóm",
        "nhà xa lắm, đi hai tiếng",
        "chiến thắng điện biên phủ",
        "bác cần giấy tờ gì",
        "bac can giay to gi",
        "nha co hai phong ngu",
        "di lam dong ve",
        "tinh hinh ho so sao roi",
        "can bo xa an tien cua dan",
        "đăng ký phương tiện thủy",
        "quan ly the nao vay",
        "tôi đang ở trung tâm chờ",
        "người Việt Nam định cư ở nước ngoài",
        "ủy ban cấp xã chủ trì",
        "hoi co quan chu quan",
        "hợp tác xã. Văn bản ủy quyền",
        "nộp tại địa phương. 03 ngày sau có",
        "xã chỉ đạo làm lại",
        "hội nghị châu Á - Thái Bình Dương",
        "xa gio hai ben van cai nhau",
    ],
)
def test_what_only_sounds_like_a_place_is_none(sentence: str) -> None:
    assert meant(sentence) == []


@pytest.mark.parametrize(
    ("story", "offices"),
    [
        ("bộ phận một cửa phường Hải Châu đuổi tôi về", ["one_stop"]),
        ("ttpvhcc xã Sóc Sơn", ["one_stop"]),
        ("UBND xã bắt photo lại", ["committee"]),
        ("chi nhánh văn phòng đăng ký đất đai trễ hẹn", ["land_registry"]),
        ("công an phường hẹn tới hẹn lui", ["police"]),
        ("phuong bat cai vneid moi cho nop", ["commune_office"]),
        ("tôi ở phường Hiệp Bình", []),
        ("bảo hiểm xã hội một lần rút sao", []),
    ],
)
def test_the_office_of_a_story(story: str, offices: list[str]) -> None:
    assert told(story, "office") == offices
    assert told(fold(story), "office") == offices


@pytest.mark.parametrize(
    ("story", "roles"),
    [
        ("cán bộ tư pháp vặn vẹo", ["justice"]),
        ("cb địa chính đòi 5 triệu", ["land"]),
        ("anh công an quát tôi", ["police"]),
        ("chị ở một cửa ném hồ sơ", ["one_stop"]),
        ("chủ tịch xã không tiếp", ["chair"]),
        ("phó chủ tịch phường hách dịch", ["vice_chair"]),
        ("ông bảo vệ không cho vào", ["guard"]),
        ("chị bên xây dựng hẹn mãi", ["construction"]),
        ("anh Thái Bình bên địa chính hẹn mãi", ["land"]),
        ("chuyên viên sở xây dựng", ["construction"]),
        ("kế toán xã không viết biên lai", ["accountant"]),
        ("em nộp đơn ở quầy", []),
        ("cán bộ nói vậy đó", ["official"]),
        ("em xây dựng nhà không phép", []),
        ("tố cáo có được bảo vệ không", []),
        ("bảo vệ môi trường", []),
    ],
)
def test_the_official_of_a_story(story: str, roles: list[str]) -> None:
    assert told(story, "role") == roles
    assert told(fold(story), "role") == roles


def test_a_whole_story_tells_place_office_official_and_money() -> None:
    story = (
        "Sáng hôm qua em lên bộ phận một cửa phường Ninh Kiều, anh cán bộ địa chính "
        "đòi 500k mới nhận hồ sơ"
    )
    facts = {found["entity"]: found["value"] for found in read(story)}
    assert facts["place"] == "phường Ninh Kiều"
    assert facts["office"] == "one_stop"
    assert facts["role"] == "land"
    assert facts["money"] == 500_000


def test_a_story_without_end_names_only_so_many_places() -> None:
    assert len(told("ở phường Tân Định. " * 300, "place")) == 12


def test_a_volunteer_may_extend_the_tables() -> None:
    for table in ("places.tsv", "offices.tsv", "roles.tsv"):
        rows = read_table(table)
        assert len(set(rows)) == len(rows), f"{table} says something twice"


PIECES = st.sampled_from(
    [
        *("phường", "p.", "xã", "quận 1", "Q1", "tp", "tỉnh", "ở", "tại", "cũ", ",", ".", "-"),
        *("Bến Nghé", "ha noi", "Huế", "chị", "cán bộ", "một cửa", "ubnd", "\u200b", "13", " "),
    ]
)


@given(st.text(alphabet=st.characters(exclude_categories=())) | st.lists(PIECES).map(" ".join))
def test_no_text_breaks_it_and_offsets_point_at_the_citizens_words(text: str) -> None:
    for found in read(text):
        assert 0 <= found["start"] < found["end"] <= len(text)
        if found["entity"] == "place":
            assert found["value"] == text[found["start"] : found["end"]]


def test_every_commune_is_understood_with_its_province() -> None:
    misread = [
        address
        for commune in units().communes
        for address in [f"{commune.name}, {commune.province.name}"]
        if meant(f"tôi ở {address}") != [commune.name]
    ]
    assert misread == []
