"""Areas as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.areas import names_of, read_places
from bot.places.units import units

UNITS = units()
PLACES = [*UNITS.provinces, *UNITS.communes]


def test_every_unit_of_today_is_read_back_from_its_name():
    for unit in PLACES:
        read = read_places(UNITS, names_of(UNITS, {unit.code})[0])
        assert read.provinces | read.communes == {unit.code}


@given(st.sets(st.sampled_from(PLACES), max_size=8))
def test_an_area_that_is_shown_is_read_as_it_was(chosen):
    codes = {unit.code for unit in chosen}
    read = read_places(UNITS, "\n".join(names_of(UNITS, codes)))
    assert read.provinces | read.communes == codes
    assert not read.unknown
    assert not read.ambiguous


@given(st.text())
def test_any_text_is_read_and_no_line_is_lost(text):
    read = read_places(UNITS, text)
    lines = [line for line in text.splitlines() if line.strip()]
    named = len(read.provinces) + len(read.communes)
    assert named + len(read.unknown) + len(read.ambiguous) <= len(lines)
    assert bool(lines) == bool(named or read.unknown or read.ambiguous)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("hà nội", "Thành phố Hà Nội"),
        ("ha noi", "Thành phố Hà Nội"),
        ("phường hoàn kiếm, hà nội", "Phường Hoàn Kiếm, Thành phố Hà Nội"),
        ("  Tỉnh Lào Cai ", "Tỉnh Lào Cai"),
    ],
)
def test_a_place_is_known_however_it_is_written(line, name):
    read = read_places(UNITS, line)
    assert names_of(UNITS, read.provinces | read.communes) == [name]


def test_what_names_none_or_several_places_is_given_back():
    read = read_places(UNITS, "Quận 1\nTân Lập\nnơi không có")
    assert read.unknown == ("Quận 1", "nơi không có")
    assert read.ambiguous == ("Tân Lập",)
