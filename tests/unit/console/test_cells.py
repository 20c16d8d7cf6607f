"""No cell that Excel, LibreOffice or Word would run, whatever a citizen wrote; and no word lost."""

import csv
import io
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.console.cells import INVISIBLE, SEPARATORS, TRIGGERS, as_cell

# What opens a file may take any of these for the separator, or none of our quotes for quotes.
_READ_BY = (",", ";", "\t", "|")
_BLANK = re.compile(f'^[\\s"{INVISIBLE}]*')
_nasty = st.text(st.sampled_from("=+-@＝－|,;\t\r\n\"' \u200b\ufeff\xa0\x00\x1faĐ1(!"), max_size=30)
_any_text = st.one_of(_nasty, st.text(max_size=60))


def is_formula(cell: str) -> bool:
    return _BLANK.sub("", cell)[:1] in set(TRIGGERS)


def as_file(rows) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue()


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x","xem")', '\'=HYPERLINK("http://x","xem")'),
        ("@SUM(1+1)*cmd|' /C calc'!A0", "'@SUM(1+1)*cmd|' /C calc'!A0"),
        ("\t=1+1", "'=1+1"),
        ("\r\n-2+3", "'-2+3"),
        ("＝1＋1", "'＝1＋1"),
        ("\u200b+84 gọi tôi", "\u200b'+84 gọi tôi"),
        ("đòi 500k; =1+1; hết", "đòi 500k; '=1+1; hết"),
        ("chờ\n=1+1", "chờ =1+1"),
        ("Cán bộ đòi 500 nghìn - không biên nhận.", "Cán bộ đòi 500 nghìn - không biên nhận."),
        ("", ""),
    ],
)
def test_a_text_becomes_a_cell(text, cell):
    assert as_cell(text) == cell


def test_every_dress_of_a_trigger_that_unicode_has_is_known():
    dressed = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.normalize("NFKC", character)[:1] in ("=", "+", "-", "@", "−")
    }
    assert dressed == set(TRIGGERS)


@given(st.lists(st.lists(_any_text, min_size=1, max_size=4), min_size=1, max_size=4))
@example([['x","=1+1;y']])
@example([["1", 'a\n"=1+1']])
def test_no_cell_begins_a_formula_whatever_is_taken_for_the_separator(rows):
    file = as_file([as_cell(text) for text in row] for row in rows)
    for separator in _READ_BY:
        for row in csv.reader(io.StringIO(file), delimiter=separator):
            assert not any(map(is_formula, row))
    for line in file.splitlines():  # nobody unquotes
        assert not any(map(is_formula, re.split(f"[{SEPARATORS}\t]", line)))


@given(_any_text)
def test_the_words_survive(text):
    cell = as_cell(text)
    unfit = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
    kept = " ".join(unfit.sub(" ", text).split())
    assert cell.replace("'", "") == kept.replace("'", "")
    assert as_cell(cell) == cell


@given(_any_text)
def test_our_own_reader_gets_the_cell_back_as_it_was(text):
    cell = as_cell(text)
    assert list(csv.reader(io.StringIO(as_file([[cell, "x"]])))) == [[cell, "x"]]
