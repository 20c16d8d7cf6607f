"""The list that volunteers extend: readable, without contradictions."""

from pathlib import Path

import pytest

from bot.vietnamese import abbreviations, normalise

TABLE = Path(abbreviations.__file__).with_name("abbreviations.tsv")
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_row_has_a_short_and_a_full_form() -> None:
    assert all(2 <= len(row) <= 3 and row[0] and row[1] for row in ROWS)


def test_no_row_stands_behind_one_that_always_holds() -> None:
    always = set()
    for short, _, *before in ROWS:
        assert short not in always, f"{short}: this row can never be reached"
        if not before:
            always.add(short)


@pytest.mark.parametrize("full", sorted({row[1] for row in ROWS}))
def test_a_full_form_is_final(full: str) -> None:
    assert normalise(full) == full


def test_what_stands_before_is_written_out_itself() -> None:
    """A reading looks at its follower after that one was written out."""
    for short, _, *before in ROWS:
        for word in "".join(before).split():
            assert word == "$" or normalise(word).split()[0] == word, short
