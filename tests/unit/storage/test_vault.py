"""The vault: what it sealed it opens, and nothing else; the key stays its owner's."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.vault import CannotOpen, Vault, load_or_make_key

VAULT = Vault(bytes(range(32)))
OTHER = Vault(bytes(32))


@given(st.binary())
def test_what_was_sealed_is_opened_again(plain):
    assert VAULT.open(VAULT.seal(plain)) == plain


@given(st.binary(min_size=8))
def test_the_sealed_form_shows_nothing_and_is_never_the_same(plain):
    sealed, again = VAULT.seal(plain), VAULT.seal(plain)
    assert plain not in sealed
    assert sealed != again
    assert len(sealed) == len(plain) + 28


@given(st.binary(), st.integers(min_value=0), st.integers(1, 255))
def test_one_changed_byte_is_noticed(plain, place, change):
    sealed = bytearray(VAULT.seal(plain))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(CannotOpen):
        VAULT.open(bytes(sealed))


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused(junk):
    with pytest.raises(CannotOpen):
        VAULT.open(junk)


def test_another_key_opens_nothing():
    with pytest.raises(CannotOpen):
        OTHER.open(VAULT.seal(b"0912345678"))


def test_a_fingerprint_stays_the_same_over_versions_and_differs_by_key():
    fingerprint = VAULT.fingerprint("conversation", "telegram", "42")
    assert fingerprint == "c076a125a849a72a0403d968b2674fc3"
    assert OTHER.fingerprint("conversation", "telegram", "42") != fingerprint


@given(st.text(), st.text())
def test_a_fingerprint_is_32_hex_digits_of_any_text(channel, sender):
    fingerprint = VAULT.fingerprint(channel, sender)
    assert len(fingerprint) == 32
    assert int(fingerprint, 16) >= 0


def test_a_fingerprint_knows_where_a_part_ends():
    assert VAULT.fingerprint("a", "bc") != VAULT.fingerprint("ab", "c")


def test_half_a_surrogate_pair_has_a_fingerprint_too():
    assert VAULT.fingerprint("\ud83d") != VAULT.fingerprint("\ude00")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(bytes(length))


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "secret.key"
    before = os.umask(0)
    try:
        key = load_or_make_key(path)
    finally:
        os.umask(before)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_make_key(path) == key
    assert path.read_text() == key.hex()


def test_two_keys_are_never_the_same(tmp_path):
    assert load_or_make_key(tmp_path / "a") != load_or_make_key(tmp_path / "b")


def test_a_final_newline_of_an_editor_does_no_harm(tmp_path):
    path = tmp_path / "secret.key"
    path.write_text("ab" * 32 + "\n")
    assert load_or_make_key(path) == bytes.fromhex("ab" * 32)


@pytest.mark.parametrize("damaged", [b"", b"ab" * 31, b"ab" * 33, b"\xff\xfe", "bí mật".encode()])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path, damaged):
    path = tmp_path / "secret.key"
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="does not hold a key of 64 hex digits"):
        load_or_make_key(path)
    assert path.read_bytes() == damaged
