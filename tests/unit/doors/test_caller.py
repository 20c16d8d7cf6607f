"""From where somebody calls, as far as we can know."""

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.doors.caller import address_of, is_loopback


def called(remote, passed_on=None):
    headers = {} if passed_on is None else {"X-Forwarded-For": passed_on}
    return make_mocked_request("GET", "/", headers=headers).clone(remote=remote)


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:203.0.113.7", False),
        ("192.168.1.4", False),
        ("203.0.113.7", False),
        ("", False),
        (None, False),
        ("unix", False),
    ],
)
def test_only_this_machine_itself_is_loopback(address, is_ours):
    assert is_loopback(address) is is_ours


@pytest.mark.parametrize(
    ("remote", "passed_on", "address"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        (None, "198.51.100.1", "198.51.100.1"),
        ("", None, ""),
    ],
)
def test_behind_our_proxy_it_is_what_the_proxy_saw(remote, passed_on, address):
    assert address_of(called(remote, passed_on)) == address


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_nothing_that_a_caller_writes_makes_two_addresses_of_one(written):
    """What stands before the last comma is the caller's own and changes nothing."""
    assert address_of(called("127.0.0.1", f"{written}, 198.51.100.1")) == "198.51.100.1"
