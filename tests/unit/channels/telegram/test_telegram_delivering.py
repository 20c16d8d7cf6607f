"""Handing replies to Telegram: text, buttons, pictures, and what its refusals mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import plain
from bot.channels.base import Button, Parcel, PassingFailure, PermanentFailure, Reply
from bot.channels.telegram.channel import (
    IN_A_GROUP,
    IN_PRIVATE,
    LONGEST_TEXT,
    TelegramChannel,
    pace_of,
)
from bot.channels.telegram.keyboard import MOST_BUTTONS, MOST_IN_A_ROW, ROOM, rows
from bot.channels.telegram.settings import TelegramSettings
from tests.fakes.absences import FakeAbsences
from tests.fakes.channel_house import a_channel_house
from tests.fakes.road import FakeRoad
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api

PICTURE = "https://hoi.example.gov.vn/mau.png"


@pytest.fixture
async def fake():
    async with telegram_api(1001, -100200) as fake:
        fake.chats[-100200].topics = (5,)
        yield fake


def a_channel(fake, token=TOKEN, absences=None):
    settings = TelegramSettings(token, fake.origin, origin="https://hoi.example.gov.vn")
    return TelegramChannel(settings, a_channel_house(FakeRoad(), absences=absences))


@pytest.fixture
async def channel(fake):
    channel = a_channel(fake)
    yield channel
    await channel.close()


async def deliver(channel, reply, address="1001", again=False):
    """Deliver all the parts of a reply as the message 17."""
    return [
        await channel.deliver(address, Parcel(17, part, again and part is not None))
        for part in channel.parts(reply)
    ]


async def test_a_text_arrives_as_it_is_without_previews(fake, channel):
    (platform_id,) = await deliver(channel, Reply("Xem <b>&\nhttps://dichvucong.gov.vn"))
    assert fake.taken == [(1001, "Xem <b>&\nhttps://dichvucong.gov.vn")]
    assert int(platform_id) in fake.chats[1001].messages


async def test_buttons_carry_the_token_of_the_message_and_their_number(fake, channel):
    titles = ["Có", "Không", "Phản ánh, gửi kèm ảnh này", "Hỏi cách làm thủ tục"]
    await deliver(channel, Reply("Chọn đi", tuple(Button(t, f"/{t}") for t in titles)))
    (message,) = fake.chats[1001].from_the_bot
    laid = message["reply_markup"]["inline_keyboard"]
    assert [[b["text"] for b in row] for row in laid] == [titles[:2], titles[2:3], titles[3:]]
    tokens = [b["callback_data"] for row in laid for b in row]
    assert tokens == ["17.0", "17.1", "17.2", "17.3"]


async def test_a_long_text_goes_in_parts_and_the_buttons_with_the_last(fake, channel):
    await deliver(channel, Reply("Dòng này dài.\n" * 600, (Button("Có", "/affirm"),)))
    first, *_, last = fake.chats[1001].from_the_bot
    assert "reply_markup" not in first
    assert last["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "17.0"


async def test_a_topic_of_a_forum_is_answered_in_the_topic(fake, channel):
    await deliver(channel, Reply("chào"), "-100200:5")
    assert fake.chats[-100200].from_the_bot[0]["message_thread_id"] == 5
    with pytest.raises(PermanentFailure, match="topic"):
        await deliver(channel, Reply("chào"), "-100200:6")


async def test_a_picture_takes_a_short_text_along(fake, channel):
    fake.pictures[PICTURE] = b"\x89PNG"
    await deliver(channel, Reply("Mẫu đơn", (Button("Có", "/affirm"),), image="/mau.png"))
    (message,) = fake.chats[1001].from_the_bot
    assert (message["caption"], len(message["photo"])) == ("Mẫu đơn", 1)
    assert message["reply_markup"]


async def test_a_picture_with_a_long_text_comes_after_it(fake, channel):
    fake.pictures[PICTURE] = b"\x89PNG"
    await deliver(channel, Reply("a" * 2000, (Button("Có", "/affirm"),), image=PICTURE))
    text, picture = fake.chats[1001].from_the_bot
    assert (text["text"], "photo" in picture) == ("a" * 2000, True)
    assert "reply_markup" not in text
    assert picture["reply_markup"]


async def test_a_picture_that_telegram_does_not_find_is_given_by_its_address(fake, channel):
    await deliver(channel, Reply("Mẫu đơn", image=PICTURE))
    assert fake.taken == [(1001, f"Mẫu đơn\n{PICTURE}")]


async def test_what_may_have_arrived_before_says_so(fake, channel):
    await deliver(channel, Reply("chào"), again=True)
    assert fake.taken == [(1001, f"{plain.AGAIN}\nchào")]


async def test_a_pause_that_telegram_asks_for_is_passed_on(fake, channel):
    fake.moods = [refusal(429, "Too Many Requests: retry after 17", retry_after=17)]
    with pytest.raises(PassingFailure) as failure:
        await deliver(channel, Reply("chào"))
    assert (failure.value.retry_after, failure.value.everybody) == (17, False)
    assert not failure.value.may_have_arrived


async def test_a_broken_connection_may_have_delivered_and_none_at_all_has_not(fake, channel):
    fake.moods = ["takes and hangs up"]
    with pytest.raises(PassingFailure) as failure:
        await deliver(channel, Reply("chào"))
    assert failure.value.may_have_arrived
    assert fake.taken
    fake.origin = "http://127.0.0.1:9"
    nowhere = a_channel(fake)
    with pytest.raises(PassingFailure) as failure:
        await deliver(nowhere, Reply("chào"))
    assert (failure.value.may_have_arrived, failure.value.everybody) == (False, True)
    await nowhere.close()


async def test_a_wrong_token_holds_up_the_whole_channel_and_calls_an_operator(fake):
    stranger = a_channel(fake, "4711:wrong")
    with pytest.raises(PassingFailure) as failure:
        await deliver(stranger, Reply("chào"))
    assert failure.value.everybody
    assert list(stranger.troubles.now) == ["refused"]
    assert "wrong" not in failure.value.reason
    await stranger.close()


async def test_an_unknown_chat_is_a_permanent_failure(channel):
    with pytest.raises(PermanentFailure, match="no such chat"):
        await deliver(channel, Reply("chào"), "404")


async def test_who_blocked_the_bot_is_not_written_to_again(fake, channel):
    fake.person(1001).blocks()
    for _ in range(3):
        with pytest.raises(PermanentFailure, match="blocked"):
            await deliver(channel, Reply("chào"))
    assert fake.calls["sendMessage"] == 1
    with pytest.raises(PermanentFailure, match="no such chat"):
        await deliver(channel, Reply("chào"), "404")


async def test_who_blocked_the_bot_before_a_restart_is_not_written_to_after_it(fake):
    fake.person(1001).blocks()
    absences = FakeAbsences()
    for _ in range(2):
        channel = a_channel(fake, absences=absences)
        with pytest.raises(PermanentFailure, match="blocked"):
            await deliver(channel, Reply("chào"))
        await channel.close()
    assert fake.calls["sendMessage"] == 1
    assert absences.away == {"1001"}


async def test_a_storage_that_is_down_makes_a_reply_wait(fake):
    absences = FakeAbsences()
    channel = a_channel(fake, absences=absences)
    absences.down = True
    with pytest.raises(PassingFailure, match="storage"):
        await deliver(channel, Reply("chào"))
    await channel.close()


def test_groups_have_a_slower_pace_in_the_long_run():
    assert (pace_of("1001"), pace_of("-100200"), pace_of("-100200:5")) == (
        IN_PRIVATE,
        IN_A_GROUP,
        IN_A_GROUP,
    )


titles = st.text(min_size=1, max_size=60)


@given(st.lists(titles, max_size=120))
def test_a_keyboard_holds_every_button_once_in_order_and_fits_a_telephone(titles):
    buttons = [(n, Button(title, "/x")) for n, title in enumerate(titles)][:MOST_BUTTONS]
    laid = rows(buttons)
    assert [button for row in laid for button in row] == buttons
    for row in laid:
        assert 1 <= len(row) <= MOST_IN_A_ROW
        assert len(row) == 1 or max(len(b.title) for _, b in row) * len(row) <= ROOM


@given(st.text(max_size=9000), st.booleans())
def test_every_part_fits_with_the_word_that_it_may_have_come_before(text, with_picture):
    reply = Reply(text, (Button("Có", "/affirm"),), image=PICTURE if with_picture else "")
    *before, last = TelegramChannel.parts(reply)
    assert all(not part.buttons and not part.image for part in before)
    assert (last.buttons, last.image) == (reply.buttons, reply.image)
    for part in (*before, last):
        room = 1024 if part.image else LONGEST_TEXT
        assert plain.utf16(plain.words(Parcel(1, part, again=True))) <= room
