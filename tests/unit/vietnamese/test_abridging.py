"""A long text is read at its beginning and at its end."""

from hypothesis import given
from hypothesis import strategies as st

from bot.vietnamese import abridge


def test_a_text_that_fits_stays_as_it_is():
    assert abridge("tôi muốn hỏi", 12) == "tôi muốn hỏi"


def test_who_tells_a_long_story_is_heard_to_the_end():
    story = "chào anh chị " + "đường xa trời mưa " * 200 + "cho tôi hỏi khai tử"
    short = abridge(story, 100)
    assert short.startswith("chào anh chị đường")
    assert short.endswith("mưa cho tôi hỏi khai tử")


def test_words_are_left_whole_where_there_are_any():
    assert set(abridge("một hai ba " * 50, 60).split()) == {"một", "hai", "ba"}
    assert abridge("a" * 500, 60) == "a" * 36 + " " + "a" * 23


@given(st.text(max_size=200), st.integers(10, 100))
def test_it_is_never_longer_than_was_asked(text, longest):
    assert len(abridge(text, longest)) <= longest or len(text) <= longest
