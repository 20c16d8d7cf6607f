"""Frames between gateway and brain: whole, broken off, or not ours; the reader never hangs."""

import asyncio
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import wire
from bot.conversation.contracts import Button, Incoming, Reply
from bot.conversation.wire import (
    Done,
    Failed,
    FromBrain,
    NotYet,
    Overtaken,
    Parse,
    Parsed,
    Ready,
    ToBrain,
    Work,
)

ids = st.integers(0, 2**63 - 1)
plain = st.text() | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none()
facts = st.dictionaries(st.text(), plain, max_size=3)
incomings = st.builds(Incoming, st.text(), st.text(), st.text(), st.text(), facts, st.booleans())
buttons = st.lists(st.builds(Button, st.text(), st.text()), max_size=3).map(tuple)
replies = st.builds(Reply, st.text(), buttons, st.text(), facts)
to_brain = st.builds(Work, ids, st.text(), incomings, ids) | st.builds(Parse, ids, st.text())
from_brain = st.one_of(
    st.builds(Ready, st.text()),
    st.builds(Done, ids, st.lists(replies, max_size=3).map(tuple)),
    st.builds(Overtaken, ids),
    st.builds(NotYet, ids),
    st.builds(Failed, ids, st.text(), st.booleans()),
    st.builds(Parsed, ids, facts),
)


class Written:
    """A writer that keeps what was written."""

    def __init__(self) -> None:
        self.bytes = b""

    def write(self, data: bytes) -> None:
        self.bytes += data


def sent(*frames) -> bytes:
    written = Written()
    for frame in frames:
        wire.send(written, frame)
    return written.bytes


def received(data: bytes, kind) -> list:
    """Read frames until the end of these bytes, as one side does when the other has died."""

    async def read() -> list:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        frames = []
        async with asyncio.timeout(5):
            while (frame := await wire.receive(reader, kind)) is not None:
                frames.append(frame)
        return frames

    return asyncio.run(read())


@given(st.lists(to_brain, max_size=4))
def test_what_the_gateway_sends_the_brain_receives_in_order(frames):
    assert received(sent(*frames), ToBrain) == frames


@given(st.lists(from_brain, max_size=4))
def test_what_a_brain_sends_the_gateway_receives_in_order(frames):
    assert received(sent(*frames), FromBrain) == frames


@given(st.lists(from_brain, min_size=1, max_size=3), st.integers(min_value=1))
def test_a_frame_that_breaks_off_is_the_end(frames, missing):
    data = sent(*frames)
    whole_but_last = sent(*frames[:-1])
    cut = len(data) - 1 - missing % (len(data) - len(whole_but_last))
    assert received(data[: max(cut, len(whole_but_last))], FromBrain) == frames[:-1]


@given(st.binary(max_size=200))
def test_bytes_that_are_no_frame_end_or_are_refused_and_never_hang(data):
    try:
        received(data, ToBrain)
    except (msgspec.DecodeError, UnicodeDecodeError) as refused:
        reason = refused
    else:
        reason = None
    assert reason is None or str(reason)


@given(st.binary(max_size=64))
def test_a_whole_frame_of_any_content_ends_or_is_refused(body):
    data = struct.pack("!I", len(body)) + body
    try:
        frames = received(data, FromBrain)
    except (msgspec.DecodeError, UnicodeDecodeError):
        frames = []
    assert len(frames) <= 1


@pytest.mark.parametrize("kind", [ToBrain, FromBrain])
def test_a_side_that_says_nothing_and_ends_is_the_end(kind):
    assert received(b"", kind) == []
