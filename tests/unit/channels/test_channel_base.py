"""What every channel does alike."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import storable


def test_text_loses_only_what_no_database_holds():
    assert storable("xin\0 chào\ud83d \u200b\u202e😀\n") == "xin chào \u200b\u202e😀\n"


@given(st.text(alphabet=st.characters()))
def test_any_text_becomes_storable(text):
    assert "\0" not in storable(text)
    storable(text).encode("utf-8")
