"""What updates of the Zalo Bot Platform become."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_bot.events import Aside, BadUpdate, read
from bot.conversation.contracts import Incoming
from tests.fakes.zalo_bot_api import AN, FakeZaloBot


@pytest.fixture
def zalo():
    return FakeZaloBot()


def heard(update: dict) -> Incoming:
    both = [read(json.dumps(shape).encode()) for shape in (update, update["result"])]
    assert both[0] == both[1]
    assert isinstance(both[0], Incoming), both[0]
    assert (both[0].channel, both[0].push) == ("zalo-bot", True)
    return both[0]


def test_a_text_is_read_in_either_shape(zalo):
    update = zalo.says("Làm khai sinh cần gì?")
    incoming = heard(update)
    assert (incoming.sender, incoming.text, incoming.metadata) == (AN, "Làm khai sinh cần gì?", {})
    id = update["result"]["message"]["message_id"]
    assert incoming.update_id == f"message.text.received\x1f{id}"


def test_a_photo_is_fetched_later_and_keeps_its_words(zalo):
    incoming = heard(zalo.sends_photo("https://photo.zdn.vn/a.jpg", caption="giấy hẹn"))
    files = ["https://photo.zdn.vn/a.jpg"]
    assert (incoming.text, incoming.metadata) == ("giấy hẹn", {"files": files})
    older = zalo.update("image", photo="https://photo.zdn.vn/a.jpg")
    assert heard(older).metadata == {"files": files}


@pytest.mark.parametrize(
    ("event", "kind"), [("sticker", "sticker"), ("voice", "voice"), ("unsupported", "hidden")]
)
def test_what_has_no_words_says_what_it_is(zalo, event, kind):
    incoming = heard(zalo.update(event))
    assert (incoming.text, incoming.metadata) == ("", {"kind": kind})


def test_a_link_is_what_it_says_or_something_unsupported(zalo):
    assert heard(zalo.update("link", text="https://dichvucong.gov.vn")).text.startswith("https")
    assert heard(zalo.update("link", url="https://dichvucong.gov.vn")).text.startswith("https")
    assert heard(zalo.update("link")).metadata == {"kind": "unsupported"}


def test_nobody_else_is_answered(zalo):
    def aside(update: dict) -> str:
        read_as = read(json.dumps(update).encode())
        assert isinstance(read_as, Aside)
        return read_as.kind

    assert aside(zalo.update(chat={"id": "g", "chat_type": "GROUP"}, text="x")) == "group"
    assert aside(zalo.update(**{"from": {"id": "b", "is_bot": True}}, text="x")) == "echo"
    assert aside(zalo.update("reaction")) == "other"
    assert aside(zalo.update(text=5)) == "unreadable"
    assert aside(zalo.update(message_id="", text="x")) == "unreadable"
    assert aside({"event_name": "message.text.received"}) == "unreadable"


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_update_or_refused(body):
    with suppress(BadUpdate):
        read(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("from", "chat", "message_id", "text", "caption", "photo", "photo_url", "url")


@given(
    kind=st.sampled_from(["text", "image", "link", "sticker", "voice", "unsupported", "new"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), json_values),
)
def test_whatever_an_update_holds_it_is_understood_or_counted(kind, fields):
    message = {"chat": {"id": "1"}, "message_id": "2"} | fields
    update = {"event_name": f"message.{kind}.received", "message": message}
    found = read(json.dumps(update).encode())
    if isinstance(found, Incoming):
        assert found.sender
        found.text.encode()
