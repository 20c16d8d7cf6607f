"""A receipt code survives the phone, bad eyes and cheap keyboards, and no slip goes unnoticed."""

import math
import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.feedback.errors import BadReceipt, Misread
from bot.feedback.receipts import (
    ALPHABET,
    GROUP,
    LENGTH,
    RANDOM_STATES,
    fingerprint,
    new_code,
    read,
    shown,
)
from bot.storage.vault import Vault

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def with_check(chosen: list[str]) -> str:
    """End fourteen characters with the only one that fits."""
    (code,) = (code for last in ALPHABET if readable(code := "".join(chosen) + last))
    return code


def readable(code: str) -> bool:
    try:
        return read(code) == code
    except BadReceipt:
        return False


codes = st.lists(st.sampled_from(ALPHABET), min_size=LENGTH - 1, max_size=LENGTH - 1).map(
    with_check
)
places = st.integers(0, LENGTH - 1)
DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SPELT = dict(zip("0123456789", DIGITS, strict=True)) | {
    "C": "xê", "F": "ép phờ", "H": "hát", "K": "ca", "M": "em mờ", "N": "en nờ", "P": "pê",
    "R": "e rờ", "T": "tê", "V": "vê", "W": "vê kép", "X": "ích xì", "Y": "y dài",
}  # fmt: skip


def test_a_code_has_more_than_sixty_random_bits():
    assert math.log2(RANDOM_STATES) > 63
    made = {new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert all(map(readable, made))


@settings(deadline=None)
@given(codes)
def test_a_code_is_read_as_it_was_shown(code):
    assert set(code) <= set(ALPHABET)
    assert len(shown(code)) == LENGTH + LENGTH // GROUP - 1
    assert read(shown(code)) == read(code) == code


@settings(deadline=None)
@given(codes, st.randoms(use_true_random=False))
def test_case_blanks_dashes_and_look_alikes_are_forgiven(code, chance: random.Random):
    looks = {"0": "0OoQD", "1": "1IiLl", "2": "2zZ", "5": "5sS", "6": "6gG", "8": "8bB", "V": "VvU"}
    typed = "".join(
        chance.choice(looks.get(c, c + c.lower())) + chance.choice(["", "", " ", "-", "–", ". "])
        for c in code
    )
    assert read(f"  {typed} ") == code


@settings(deadline=None)
@given(codes)
def test_a_code_that_is_spelt_in_vietnamese_is_understood(code):
    assert read(" ".join(SPELT[c] for c in code)) == code
    assert read(", ".join(SPELT[c] for c in code).upper()) == code


def test_the_name_of_a_character_is_no_trap_for_a_code_in_which_it_stands():
    code = with_check(list("C0H0T0V0X0M0N0"))
    assert read(" ".join(code[at : at + 2] for at in range(0, 14, 2)).replace("0", "o") + code[-1])


@settings(deadline=None)
@given(codes, places, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(code, place, other):
    assume(code[place] != other)
    with pytest.raises(BadReceipt) as refused:
        read(code[:place] + other + code[place + 1 :])
    assert refused.value.problem is Misread.CHECK


@settings(deadline=None)
@given(codes, places, places)
def test_two_swapped_characters_are_always_noticed_neighbours_or_not(code, one, other):
    assume(code[one] != code[other])
    swapped = list(code)
    swapped[one], swapped[other] = code[other], code[one]
    with pytest.raises(BadReceipt):
        read("".join(swapped))


def test_every_slip_of_one_code_is_noticed_without_exception():
    code = new_code()
    slips = [
        code[:place] + other + code[place + 1 :]
        for place in range(LENGTH)
        for other in ALPHABET
        if other != code[place]
    ]
    assert len(slips) == LENGTH * (len(ALPHABET) - 1)
    for slip in slips:
        with pytest.raises(BadReceipt):
            read(slip)


@settings(deadline=None)
@given(codes, places)
def test_a_lost_or_doubled_character_is_noticed(code, place):
    for wrong in (code[:place] + code[place + 1 :], code[:place] + code[place] + code[place:]):
        with pytest.raises(BadReceipt) as refused:
            read(wrong)
        assert refused.value.problem is Misread.LENGTH


@settings(deadline=None)
@given(st.text())
def test_whatever_is_typed_is_a_code_or_refused_with_a_reason(text):
    with suppress(BadReceipt):
        assert readable(read(text))


def test_a_refusal_never_repeats_what_was_typed():
    with pytest.raises(BadReceipt) as refused:
        read("A" * LENGTH)
    assert str(refused.value) == "it holds a character that no receipt code has"


def test_the_fingerprint_needs_the_key_and_tells_nothing_of_the_code():
    code = new_code()
    ours, theirs = Vault(bytes(32)), Vault(bytes(range(32)))
    assert fingerprint(ours, code) == fingerprint(ours, code) != fingerprint(theirs, code)
    assert code not in fingerprint(ours, code).upper()
