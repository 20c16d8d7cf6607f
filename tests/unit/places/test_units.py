"""The units of before and after 1 July 2025, by name, and what each became."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places import Commune, OldUnit, Province, key, same, units
from bot.vietnamese import fold


def names(name: str) -> list[str]:
    return [unit.name for unit in units().find(name)]


def only(name: str) -> Commune | OldUnit | Province:
    (unit,) = units().find(name)
    return unit


def became(name: str) -> list[str]:
    old = only(name)
    assert isinstance(old, OldUnit)
    return sorted(commune.name for commune in units().now(old))


def test_all_units_of_the_decree_are_there() -> None:
    known = units()
    assert len(known.provinces) == 34
    assert len(known.communes) == 3_321
    assert len({commune.code for commune in known.communes}) == 3_321
    assert sum(commune.kind == "Đặc khu" for commune in known.communes) == 13


def test_every_old_unit_became_something_in_one_province() -> None:
    known = units()
    for old in known.old:
        heirs = known.now(old)
        assert heirs, old.name
        assert {heir.province for heir in heirs} == {known.province_of(old)}


def test_the_code_of_the_package_is_never_loaded() -> None:
    units()
    assert not any(module.startswith("vietnamadminunits") for module in sys.modules)


def test_a_ward_that_went_whole_into_another_has_one_heir() -> None:
    assert became("phường Bến Nghé") == ["Phường Sài Gòn"]


def test_a_split_ward_has_several_and_nobody_picks_one() -> None:
    known = units()
    split = [old for old in known.old if old.level == 2 and len(known.now(old)) > 1]
    assert len(split) == 471
    assert max(len(known.now(old)) for old in split) == 5


def test_an_island_district_without_wards_became_a_special_zone() -> None:
    assert became("huyện Lý Sơn") == ["Đặc khu Lý Sơn"]


def test_a_district_became_the_communes_of_its_wards() -> None:
    assert became("Quận 1") == [
        *("Phường Bến Thành", "Phường Cầu Ông Lãnh", "Phường Sài Gòn", "Phường Tân Định"),
    ]


def test_an_old_province_lies_in_a_new_one() -> None:
    old = only("tỉnh Hậu Giang")
    assert units().province_of(old).name == "Thành phố Cần Thơ"


@pytest.mark.parametrize(
    "writing",
    ["Phường Bến Nghé", "phường bến nghé", "phuong ben nghe", "Bến Nghé", "ben nghe", "BENNGHE"],
)
def test_a_name_is_found_with_and_without_marks_and_kind(writing: str) -> None:
    assert "Phường Bến Nghé" in names(writing)


def test_marks_that_are_typed_must_be_right() -> None:
    assert names("phường Bền Nghê") == []
    assert names("xã Bên Nghè") == []


def test_y_and_i_hoi_and_nga_are_one_sound_but_thuy_is_not_thui() -> None:
    assert names("Mỹ Tho") == names("Mĩ Tho") == names("Mỷ Tho") != []
    assert key("Thủy") != key("Thủi")


def test_people_go_on_saying_the_old_kind() -> None:
    assert names("xã Điện Bàn") == ["Phường Điện Bàn"]


def test_a_district_merged_away_before_2025_is_known_by_its_heir() -> None:
    assert names("quận 9") == ["Thành phố Thủ Đức"]


def test_today_comes_before_the_past() -> None:
    kinds = [type(unit) for unit in units().find("Tân Định")]
    assert kinds.index(Commune) < kinds.index(OldUnit)


def test_an_area_holds_what_lies_in_it_and_nothing_else() -> None:
    known = units()
    district, ward = only("Quận 1"), only("phường Bến Nghé")
    heir = only("phường Sài Gòn")
    assert known.lies_in(ward, district)
    assert known.lies_in(heir, district)
    assert known.lies_in(heir, known.province_of(ward))
    assert not known.lies_in(district, ward)
    assert not known.lies_in(heir, only("huyện Củ Chi"))


@given(st.sampled_from(units().communes))
def test_every_commune_is_found_under_its_own_name(commune: Commune) -> None:
    assert commune in units().find(commune.name)
    assert commune in units().find(fold(commune.name))
    assert same(commune.short, commune.short)


@given(st.text(max_size=40))
def test_any_text_may_be_asked(text: str) -> None:
    units().find(text)
