"""Events are taken from Zalo alone, and not from yesterday's recordings of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa.signature import is_signed, is_stale, sign

APP_ID = "360846524940903967"
SECRET = "test-oa-secret"
AT = "1717061839659"
# As in the protocol's notes: 266 bytes, one line, no newline.
BODY = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},'
    '"user_id_by_app":"552177279717587730","recipient":{"id":"388613280878808645"},'
    '"event_name":"user_send_text","message":{"text":"Xin chào","msg_id":"96d3cdf3af150460909"},'
    '"timestamp":"1717061839659"}'
).encode()
MAC = "ca59538ec2c5f8284c8d0a5e76aee96f3d5334b372c396198ca6d7c10de8c450"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_the_known_vector():
    assert len(BODY) == 266
    assert sign(APP_ID, BODY, AT, SECRET) == MAC
    assert is_signed(f"mac={MAC}", APP_ID, BODY, AT, SECRET)
    assert is_signed(MAC, APP_ID, BODY, AT, SECRET)


def test_every_part_is_signed():
    assert not is_signed(f"mac={MAC}", "1", BODY, AT, SECRET)
    assert not is_signed(f"mac={MAC}", APP_ID, BODY + b" ", AT, SECRET)
    assert not is_signed(f"mac={MAC}", APP_ID, BODY, "1717061839660", SECRET)
    assert not is_signed(f"mac={MAC}", APP_ID, BODY, AT, "the app's secret key")
    assert not is_signed("", APP_ID, BODY, AT, SECRET)


@given(st.text(), st.binary())
def test_no_other_header_and_no_other_bytes_pass(header, body):
    assert not is_signed(header, APP_ID, body, AT, SECRET)


def test_what_is_delivered_again_within_a_day_is_taken_and_later_not():
    def at(**ago: float) -> str:
        return str(int((NOON - timedelta(**ago)).timestamp() * 1000))

    assert not is_stale(at(seconds=0), NOON)
    assert not is_stale(at(hours=23, minutes=59), NOON)
    assert not is_stale(at(minutes=-10), NOON)  # Zalo's clock before ours
    assert is_stale(at(hours=25), NOON)
    assert is_stale(at(hours=-25), NOON)


@given(st.text())
def test_whatever_stands_there_as_time_is_judged_without_an_error(timestamp):
    assert is_stale(timestamp, NOON) in (True, False)


def test_digits_of_other_scripts_are_no_time():
    assert is_stale("١٧١٧٠٦١٨٣٩٦٥٩", NOON)
    assert is_stale("", NOON)
    assert is_stale("9" * 400, NOON)
