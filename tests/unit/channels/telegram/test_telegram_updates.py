"""Reading what Telegram hands over: what somebody said to us, and never a crash."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.updates import (
    EDIT_HEARD,
    Heard,
    Me,
    Passed,
    Standing,
    Unreadable,
    is_for_a_group,
    read,
)
from bot.feedback.pictures import MOST_BYTES
from tests.fakes.telegram_world import BOT, BOT_ID, World

ME = Me(BOT_ID, "danhoi_bot")
JPEG = b"\xff\xd8\xff picture"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def an(world):
    return world.person(1001)


@pytest.fixture
def group(world):
    return world.chat(-100200, topics=(5,))


def newest(world):
    """Read the newest update as our bot does: through JSON."""
    _, update = [*world.pending.values()][-1]
    return read(json.loads(json.dumps(update)), ME)


def heard(world):
    result = newest(world)
    assert isinstance(result, Heard), result
    return result.incoming


def test_a_text_is_heard_with_the_chat_as_its_address(world, an):
    an.says("làm giấy khai sinh cần gì?")
    incoming = heard(world)
    assert (incoming.channel, incoming.sender, incoming.push) == ("telegram", "1001", True)
    assert incoming.text == "làm giấy khai sinh cần gì?"
    assert incoming.update_id == f"{BOT_ID}:870001"


def test_what_no_database_can_hold_is_left_out_of_a_text(world, an):
    an.says("a\0b\ud83dc")
    assert heard(world).text == "abc"


def test_a_tap_carries_its_token_and_names_the_query_to_answer(world, an):
    message = world.write(an.chat, BOT, text="chọn đi")
    query = an.taps_data("17.2", message)
    result = newest(world)
    assert result.query == query
    assert (result.incoming.text, result.incoming.metadata) == ("", {"token": "17.2"})


def test_a_tap_on_a_message_too_old_to_be_shown_is_heard_too(world, an):
    gone = {"chat": an.chat.shown(), "message_id": 5, "date": 0}
    an.taps_data("17.2", gone)
    assert heard(world).metadata == {"token": "17.2"}


def test_a_tap_without_message_is_passed_and_still_answered():
    query = {"id": "9", "from": {"id": 1, "is_bot": False}, "chat_instance": "1", "data": "1.1"}
    result = read({"update_id": 1, "callback_query": query}, ME)
    assert result == Passed("callback_query without a message", "9")


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("/start", "/greet"),
        ("/START@danhoi_bot", "/greet"),
        ("/help", "/help"),
        ("/start tt_1-001193", '/ask_procedure{"procedure_code": "1.001193"}'),
        ("/start tt_2_000815", '/ask_procedure{"procedure_code": "2.000815"}'),
        ("/start tt_1-001193x", "/greet"),
        ("/start 7K3MQ-2X9FA-4BCDE", "/greet"),
        ('/start "}{', "/greet"),
    ],
)
def test_start_and_help_press_what_they_stand_for(world, an, typed, payload):
    an.says(typed)
    incoming = heard(world)
    assert (incoming.text, incoming.metadata) == (payload, {"title": typed})


def test_another_command_is_words(world, an):
    an.says("/khaisinh cần gì")
    incoming = heard(world)
    assert (incoming.text, incoming.metadata) == ("/khaisinh cần gì", {})


def test_of_a_photo_the_largest_size_is_taken_and_the_caption_is_its_words(world, an):
    message = an.sends_photo(JPEG, caption="ảnh đây")
    incoming = heard(world)
    assert incoming.text == "ảnh đây"
    assert incoming.metadata == {"files": [message["photo"][-1]["file_id"]]}


def test_a_size_of_a_photo_beyond_our_cap_gives_way_to_a_smaller_one(world, an):
    message = an.sends_photo(JPEG)
    message["photo"][-1]["file_size"] = MOST_BYTES + 1
    assert heard(world).metadata["files"] == [message["photo"][0]["file_id"]]


def test_the_pictures_of_an_album_name_it(world, an):
    an.sends_album(JPEG, JPEG, caption="hai ảnh")
    updates = [read(update, ME).incoming for _, update in world.pending.values()]
    assert [incoming.text for incoming in updates] == ["hai ảnh", ""]
    assert len({incoming.metadata["album"] for incoming in updates}) == 1


@pytest.mark.parametrize(
    "mime", ["image/jpeg", "application/pdf", "application/octet-stream", None]
)
def test_a_document_that_may_be_fit_is_fetched(world, an, mime):
    message = an.sends_document(JPEG, mime)
    assert heard(world).metadata == {"files": [message["document"]["file_id"]]}


@pytest.mark.parametrize(
    ("mime", "size", "reason"),
    [
        ("application/zip", 10, "kind"),
        ("image/heic", 10, "heic"),
        ("image/jpeg", MOST_BYTES + 1, "too_large"),
    ],
)
def test_a_document_that_cannot_be_taken_is_refused_unfetched(world, an, mime, size, reason):
    an.sends_document(JPEG, mime, document={"file_size": size}, caption="xem giúp")
    incoming = heard(world)
    assert (incoming.text, incoming.metadata) == ("xem giúp", {"refused": reason})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": {"file_id": "x", "duration": 3}}, "voice"),
        ({"audio": {"file_id": "x"}}, "voice"),
        ({"video": {"file_id": "x"}}, "video"),
        ({"video_note": {"file_id": "x"}}, "video"),
        ({"animation": {"file_id": "x"}, "document": {"file_id": "x"}}, "video"),
        ({"sticker": {"file_id": "x", "emoji": "🙂"}}, "sticker"),
        ({"location": {"latitude": 10.7, "longitude": 106.7}}, "location"),
        ({"venue": {}, "location": {"latitude": 10.7, "longitude": 106.7}}, "location"),
        ({"contact": {"phone_number": "+84901234567", "first_name": "B"}}, "contact"),
        ({"poll": {"id": "1"}}, "unsupported"),
        ({"story": {}}, "unsupported"),
    ],
)
def test_a_message_without_words_says_what_it_is_and_keeps_nothing_of_it(world, an, content, kind):
    an.sends(**content)
    incoming = heard(world)
    assert (incoming.text, incoming.metadata) == ("", {"kind": kind})


def test_what_telegram_says_of_itself_is_nobodys_message(world, an):
    an.sends(pinned_message={"message_id": 3})
    assert newest(world) == Passed("service message")


def test_an_edit_soon_after_is_heard_once_more_and_a_late_one_is_answered(world, an):
    message = an.says("giấy khai sih")
    an.edits(message, "giấy khai sinh")
    assert heard(world).text == "giấy khai sinh"
    an.edits(message, "giấy khai tử", seconds_later=EDIT_HEARD + 1)
    incoming = heard(world)
    assert (incoming.text, incoming.metadata) == ("", {"kind": "edited"})


def test_where_somebody_walks_meanwhile_is_no_message(world, an):
    message = an.sends(location={"latitude": 1.0, "longitude": 2.0, "live_period": 900})
    world.happens(an.chat, edited_message=message | {"edit_date": message["date"] + 5})
    assert newest(world) == Passed("live location")


def test_who_blocks_us_is_gone_until_the_return(world, an):
    an.blocks()
    assert newest(world) == Standing("1001", gone=True)
    an.returns()
    assert newest(world) == Standing("1001", gone=False)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("@danhoi_bot làm khai sinh ở đâu", "làm khai sinh ở đâu"),
        ("cho hỏi @DanHoi_Bot, lệ phí?", "cho hỏi , lệ phí?"),
    ],
)
def test_a_group_is_answered_when_it_calls_us(world, group, said, words):
    world.member(1001, group).says(said)
    incoming = heard(world)
    assert (incoming.sender, incoming.text) == ("-100200", words)
    assert incoming.metadata == {"group": True}


@pytest.mark.parametrize(
    "said",
    ["chào cả nhà", "thư cho a@danhoi_bot", "@danhoi_bot2 đâu", "/help@another_bot", "/ban An"],
)
def test_talk_of_a_group_is_not_ours(world, group, said):
    world.member(1001, group).says(said)
    assert newest(world) == Passed("talk of a group")


def test_a_reply_to_us_a_command_and_a_mention_without_a_name_are_ours(world, group):
    an = world.member(1001, group)
    an.replies("còn lệ phí?", to=world.write(group, BOT, text="khai sinh …"))
    assert heard(world).text == "còn lệ phí?"
    an.says("/help@danhoi_bot")
    assert heard(world).text == "/help"
    an.says("Dân Hỏi ơi", entities=[{"type": "text_mention", "user": BOT}])
    assert heard(world).text == "Dân Hỏi ơi"


def test_a_topic_of_a_forum_has_its_own_conversation(world, group):
    an = world.member(1001, group)
    an.says("@danhoi_bot chào", message_thread_id=5, is_topic_message=True)
    assert heard(world).sender == "-100200:5"


def test_pictures_in_a_group_stay_there(world, group):
    world.member(1001, group).sends_photo(JPEG, caption="@danhoi_bot xem này")
    assert heard(world).metadata == {"group": True}


def test_other_bots_and_channels_are_not_heard(world, an):
    world.happens(an.chat, message=world.write(an.chat, BOT | {"id": 5}, text="beep"))
    assert newest(world) == Passed("message of a bot or a channel")
    channel = world.chat(-100900, "channel")
    world.member(1001, channel).says("thông báo")
    assert newest(world) == Passed("message in a channel")


def test_only_words_in_groups_need_our_name(world, an, group):
    an.says("chào")
    world.member(1001, group).says("chào")
    private, in_group = (update for _, update in world.pending.values())
    assert not is_for_a_group(private)
    assert is_for_a_group(in_group)


def test_an_update_of_another_kind_is_passed():
    assert read({"update_id": 1, "poll_answer": {}}, ME) == Passed("another kind")


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": "1", "message": {}},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"text": "x"}},
        {"update_id": 1, "callback_query": {"id": 5}},
        {"update_id": 1, "my_chat_member": {"chat": {"id": 1, "type": "private"}}},
    ],
)
def test_an_update_that_is_not_as_described_is_unreadable(update):
    with pytest.raises(Unreadable) as error:
        read(update, ME)
    assert "x" not in str(error.value)


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
NAMES = """update_id message edited_message callback_query my_chat_member chat from id type text
caption photo document file_id date message_id private group entities user media_group_id data
reply_to_message new_chat_member status edit_date message_thread_id"""
names = st.sampled_from(re.split(r"\s+", NAMES))
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=30,
)


kinds_of_chat = st.sampled_from(["private", "group", "supergroup", "channel"])
a_chat = st.fixed_dictionaries({"id": st.integers(), "type": kinds_of_chat})
messages = st.fixed_dictionaries(
    {"message_id": st.integers(), "date": st.integers(), "chat": a_chat},
    optional={
        "from": st.fixed_dictionaries({"id": st.integers()}, optional={"is_bot": st.booleans()}),
        "text": st.text() | st.sampled_from(["/start", "/start tt_1-001193", "@danhoi_bot"]),
        "caption": st.text(),
        "photo": st.lists(st.fixed_dictionaries({"file_id": st.text()}), max_size=3),
        "document": st.fixed_dictionaries({"file_id": st.text()}),
        "voice": anything,
        "edit_date": st.integers(),
        "media_group_id": st.text(),
        "message_thread_id": st.integers(),
        "is_topic_message": st.booleans(),
    },
)


@given(
    st.dictionaries(names, anything, max_size=5)
    | st.fixed_dictionaries({"update_id": st.integers(), "message": messages})
    | st.fixed_dictionaries({"update_id": st.integers(), "edited_message": messages})
)
def test_whatever_a_stranger_sends_is_read_passed_or_unreadable(update):
    is_for_a_group(update)
    try:
        result = read(update, ME)
    except Unreadable:
        return
    if isinstance(result, Heard):
        incoming = result.incoming
        assert incoming.sender
        assert (incoming.text + json.dumps(incoming.metadata)).encode()
        assert "\0" not in incoming.text
