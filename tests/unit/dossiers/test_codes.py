"""A dossier code is recognised however it is typed, and nothing else is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.codes import find_codes, read_code
from bot.vietnamese import clean, fold

REAL = {
    "000.00.04.H51-200221-0001": "0000004H512002210001",
    "38.98.H29-210519-0013": "3898H292105190013",
    "H15.50.05.13-261008-0975": "H155005132610080975",
    "H57.132-260804-0583": "H571322608040583",
    "H29.16-250721-0001": "H29162507210001",
    "G01.01-260804-0912345": "G01012608040912345",
}


def key_of(text: str) -> str | None:
    found = read_code(text)
    return found.key if found else None


agencies = st.lists(st.from_regex(r"[0-9]{1,3}", fullmatch=True), max_size=3)
days = st.dates(date(2018, 1, 1), date(2029, 12, 31))


@st.composite
def codes(draw) -> str:
    """Draw a code in one of the real layouts."""
    before = draw(st.sampled_from(["", "000.00.", "000.00.16.", "38.98."]))
    first = draw(st.from_regex(r"[GH][0-9]{2}", fullmatch=True))
    agency = ".".join([first, *draw(agencies)])
    serial = draw(st.from_regex(r"[0-9]{4,8}", fullmatch=True))
    return f"{before}{agency}-{draw(days):%y%m%d}-{serial}"


@st.composite
def spellings(draw, code: str) -> str:
    """Draw a way in which people write a code down."""
    typed = code
    if draw(st.booleans()):
        typed = typed.lower()
    if draw(st.booleans()):
        # Three letters in a row are taken for an outcry ("ooo") long before a code is looked for.
        typed = typed.replace("00", draw(st.sampled_from(["0o", "O0"])))
    typed = typed.replace("-", draw(st.sampled_from(["-", " - ", "–", " ", "_", "/", "—"])))
    typed = typed.replace(".", draw(st.sampled_from([".", "", " . ", " "])))
    return draw(st.sampled_from(["", " ", "\u200b"])) + typed


@pytest.mark.parametrize(("code", "key"), REAL.items())
def test_every_real_layout_has_its_key(code: str, key: str) -> None:
    found = read_code(code)
    assert found is not None
    assert (found.key, found.written) == (key, code)


@given(st.data())
def test_a_code_has_one_key_in_every_spelling(data) -> None:
    code = data.draw(codes())
    assert key_of(data.draw(spellings(code))) == key_of(code) is not None


@given(st.data())
def test_a_code_is_found_inside_a_sentence(data) -> None:
    code = data.draw(codes())
    said = f"cho hỏi mã {data.draw(spellings(code))} xong chưa ạ"
    assert [found.key for found in find_codes(fold(clean(said)))] == [key_of(code)]


@given(st.lists(codes(), min_size=2, max_size=4))
def test_several_codes_are_all_found_in_their_order(some: list[str]) -> None:
    said = fold(clean(" và ".join(some)))
    assert [found.key for found in find_codes(said)] == [key_of(code) for code in some]


@given(codes(), st.sampled_from([" ", ", ", " sđt "]))
def test_a_telephone_number_behind_a_code_does_not_spoil_it(code: str, sign: str) -> None:
    found = next(find_codes(fold(f"{code}{sign}0912345678")))
    assert found.key == key_of(code)


@pytest.mark.parametrize(
    "other",
    [
        "1.001193",  # a procedure
        "000.00.00.G18-KQ005410",  # a component
        "PAKN.20261008.0001",  # feedback on the national portal
        "H29.16-251399-0001",  # no such day
        "h5 ngày 250721",
        "079301001234",  # an identity number
        "0912 345 678",
        "",
    ],
)
def test_other_codes_and_numbers_are_no_dossier_codes(other: str) -> None:
    assert key_of(other) is None
    assert not list(find_codes(fold(other)))


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in find_codes(fold(clean(text))):
        assert found.start < found.end
    key_of(text)
