"""What events of the OA become: a turn, a departure, or nothing but a count."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa import texts
from bot.channels.zalo_oa.events import (
    Aside,
    BadEvent,
    Left,
    Spoke,
    opened,
    understand,
)
from bot.conversation.contracts import Incoming
from tests.fakes.zalo_oa_events import (
    AN,
    echo,
    follows,
    from_person,
    opens_chat,
    packed,
    says,
    sends,
    sends_image,
    unfollows,
    was_received,
    was_seen,
)


def heard(event: dict) -> Incoming:
    return heard_raw(packed(event))


def heard_raw(body: bytes) -> Incoming:
    understood = understand(opened(body))
    assert isinstance(understood, Spoke), understood
    assert understood.incoming.channel == "zalo-oa"
    assert understood.incoming.push
    return understood.incoming


def test_a_text_is_known_again_by_its_message_id():
    event = says("Làm khai sinh cần gì?")
    incoming = heard(event)
    assert (incoming.sender, incoming.text, incoming.metadata) == (AN, "Làm khai sinh cần gì?", {})
    assert incoming.update_id == event["message"]["msg_id"]


def test_a_quoted_reply_is_a_text():
    assert heard(says("đúng rồi", quote_msg_id="1")).text == "đúng rồi"


def test_pictures_and_files_are_fetched_later_and_keep_their_words():
    image = heard(sends_image("http://photo.zdn.vn/a.jpg", text="giấy hẹn"))
    assert (image.text, image.metadata) == (
        "giấy hẹn",
        {"files": ["http://photo.zdn.vn/a.jpg"]},
    )
    payload = {
        "url": "https://f.zdn.vn/b",
        "name": "don.pdf",
        "size": "233947",
        "checksum": "x",
        "type": "pdf",
    }
    assert heard(sends("file", payload)).metadata == {"files": ["https://f.zdn.vn/b"]}


@pytest.mark.parametrize(
    ("kind", "known_as"),
    [("audio", "voice"), ("video", "video"), ("sticker", "sticker"), ("gif", "sticker")],
)
def test_what_has_no_words_says_what_it_is(kind, known_as):
    incoming = heard(sends(kind, {"url": "https://zdn.vn/x", "id": "7"}))
    assert (incoming.text, incoming.metadata) == ("", {"kind": known_as})


def test_a_location_has_coordinates_and_its_place_is_not_taken_for_a_sentence():
    coordinates = {"coordinates": {"latitude": "10.79", "longitude": "106.78"}}
    incoming = heard(sends("location", coordinates, text="Chợ Bến Thành"))
    assert incoming.text == ""
    assert incoming.metadata == {
        "kind": "location",
        "place": "Chợ Bến Thành",
        "latitude": 10.79,
        "longitude": 106.78,
    }
    nowhere = {"coordinates": {"latitude": "nan", "longitude": "181"}}
    assert heard(sends("location", nowhere)).metadata == {"kind": "location", "place": ""}


def test_a_link_is_what_it_says():
    link = {"url": "https://dichvucong.gov.vn", "description": "Cổng dịch vụ công", "thumbnail": ""}
    assert heard(sends("link", link)).text == "Cổng dịch vụ công https://dichvucong.gov.vn"


def test_contact_data_is_read_in_both_shapes():
    newer = {
        "name": "An",
        "phone": "84912345678",
        "full_address": {"user_city": "Hà Nội", "user_ward": "Hoàn Kiếm", "user_address": "1 A"},
    }
    assert heard(from_person("user_submit_info", info=newer)).metadata == {
        "kind": "contact",
        "name": "An",
        "phone": "84912345678",
        "address": "1 A, Hoàn Kiếm, Hà Nội",
    }
    older = {"name": "An", "phone": 84912345678, "address": "1 A", "city": "Hà Nội", "ward": "HK"}
    assert heard(from_person("user_submit_info", info=older)).metadata == {
        "kind": "contact",
        "name": "An",
        "phone": "84912345678",
        "address": "1 A, HK, Hà Nội",
    }


def test_a_business_card_is_a_contact():
    card = {"description": '{"phone":"84912345678"}', "url": "https://zalo.me/1", "thumbnail": ""}
    event = sends("link", card) | {"event_name": "user_send_business_card"}
    assert (heard(event).text, heard(event).metadata) == ("", {"kind": "contact"})


def test_who_follows_or_opens_the_chat_is_greeted_once_for_both():
    followed, opened = heard(follows()), heard(opens_chat())
    assert (followed.text, followed.metadata) == ("/greet", {"title": texts.FOLLOWED})
    assert (opened.text, opened.metadata) == ("/greet", {"title": texts.OPENED_CHAT})
    assert followed.update_id == opened.update_id
    assert followed.update_id != heard(follows("1")).update_id


def test_who_unfollows_has_left():
    assert understand(opened(packed(unfollows()))) == Left(AN)


def test_somebody_without_an_account_is_answered_at_two_ids():
    event = says("xin chào") | {"event_name": "anonymous_send_text", "sender": {"id": "a1"}}
    event["message"]["conversation_id"] = "c1"
    assert heard(event).sender == "a1/c1"
    named = event | {"anonymous_id": "a2", "conversation_id": "c2"}
    assert heard(named).sender == "a2/c2"
    del event["message"]["conversation_id"]
    assert understand(opened(packed(event))) == Aside("unreadable")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (echo("bot nói"), "echo"),
        (echo("người nói", admin="9"), "echo_of_a_person"),
        (echo("ẩn danh") | {"event_name": "oa_send_anonymous_text"}, "echo"),
        (was_received("1"), "receipt"),
        (was_seen("1", "2"), "receipt"),
        (from_person("user_reacted_message", message={"msg_id": "1"}), "other"),
        (from_person("oa_send_consent"), "other"),
        (from_person("user_withdraw", user_id=AN), "withdrawal"),
        (from_person("user_send_group_text", message={"text": "x"}), "group"),
        (from_person("create_group", group_id="1"), "other"),
        (from_person("an_event_of_next_year"), "other"),
        (from_person("user_send_text", message={"text": 5}), "unreadable"),
        (from_person("user_send_text", user="", message={"text": "x"}), "unreadable"),
        (unfollows(user=""), "unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["event_name"],
)
def test_everything_else_is_counted_by_a_name_of_ours(event, kind):
    assert understand(opened(packed(event))) == Aside(kind)


def test_without_a_message_id_event_person_and_time_tell_deliveries_apart():
    event = from_person("user_submit_info", info={"name": "An"})
    assert heard(event).update_id == f"user_submit_info\x1f{AN}\x1f{event['timestamp']}"


def test_numbers_in_the_place_of_strings_are_taken():
    event = says("xin chào") | {"sender": {"id": 246845883529197922}, "timestamp": 1795500000000}
    assert heard(event).sender == AN
    assert opened(packed(event)).timestamp == "1795500000000"


def test_half_of_an_emoji_does_not_cost_the_message():
    event = says("giấy khai sinh @")
    assert heard_raw(packed(event).replace(b"@", rb"\ud83d")).text == "giấy khai sinh "


any_text = st.text(st.characters(exclude_categories=[]))
NAMES = [f"user_send_{kind}" for kind in ("text", "image", "location", "link", "business_card")]
NAMES += ["anonymous_send_text", "user_submit_info", "follow", "unfollow", "user_click_chatnow"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.binary())
def test_any_bytes_are_an_event_or_refused(body):
    with suppress(BadEvent):
        opened(body)


@given(
    name=st.sampled_from(NAMES),
    fields=st.fixed_dictionaries(
        {},
        optional={
            "sender": json_values,
            "follower": json_values,
            "info": st.dictionaries(
                st.sampled_from(["name", "phone", "city", "full_address"]), json_values
            ),
            "message": json_values
            | st.fixed_dictionaries(
                {"text": any_text, "msg_id": any_text | st.integers()},
                optional={
                    "attachments": st.lists(
                        st.fixed_dictionaries(
                            {
                                "type": st.sampled_from(
                                    ["image", "location", "link", "audio", "?"]
                                ),
                                "payload": json_values
                                | st.dictionaries(
                                    st.sampled_from(["url", "coordinates", "description"]),
                                    json_values,
                                ),
                            }
                        ),
                        max_size=3,
                    )
                },
            ),
        },
    ),
)
def test_whatever_an_authentic_event_holds_it_is_understood_or_counted(name, fields):
    event = {"app_id": "1", "sender": {"id": "7"}, "timestamp": "1", "event_name": name} | fields
    understood = understand(opened(json.dumps(event).encode()))
    if isinstance(understood, Spoke):
        incoming = understood.incoming
        assert incoming.sender
        assert incoming.update_id
        for text in (incoming.text, incoming.update_id, *incoming.metadata.values()):
            if isinstance(text, str):
                assert "\0" not in text
                text.encode()
