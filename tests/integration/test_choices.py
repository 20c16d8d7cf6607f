"""What a tapped button or a typed number stands for."""

import pytest
from sqlalchemy import update

from bot.conversation.choices import Choices, token
from bot.conversation.contracts import Button, Incoming, Reply
from bot.conversation.inbox import conversation_id
from bot.conversation.models import Delivery, Message
from tests.fakes.turns import Said

ASPECTS = (Button("Lệ phí", "/fee"), Button("Thời hạn", "/duration"))


@pytest.fixture
def said(engine, vault):
    return Said(engine, vault)


@pytest.fixture
def choices(engine, vault):
    return Choices(engine, vault)


async def test_a_token_is_the_button_of_that_line(said, choices):
    await said.answers("an", Reply("Chào bạn!"))
    line = await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    assert await choices.tapped("fake", "an", token(line, 1)) == ASPECTS[1]


@pytest.mark.parametrize(
    "of", ["{line}.2", "{line}.-1", "{line}", "999.0", "9" * 30 + ".0", "x.y", ""]
)
async def test_a_token_that_was_never_given_out_is_nothing(said, choices, of):
    line = await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    assert await choices.tapped("fake", "an", of.format(line=line)) is None


async def test_a_token_opens_nothing_in_the_hands_of_another(said, choices):
    line = await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    await said.answers("bình", Reply("Chào bạn!"))
    assert await choices.tapped("fake", "bình", token(line, 0)) is None
    assert await choices.tapped("web", "an", token(line, 0)) is None


@pytest.mark.parametrize("text", ["2", "2.", " 2 ", "2)", "số 2", "So 2", "chọn 2"])
async def test_a_number_is_the_button_with_that_number(said, choices, text):
    await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    assert await choices.typed("fake", "an", text) == ASPECTS[1]


@pytest.mark.parametrize("text", ["0", "3", "22", "2 năm", "hai", "số", "năm 2", ""])
async def test_other_words_are_no_choice(said, choices, text):
    await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    assert await choices.typed("fake", "an", text) is None


async def test_a_number_means_what_was_offered_since_its_writer_last_spoke(said, choices):
    await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS), Reply("Mình đợi nhé."))
    assert await choices.typed("fake", "an", "1") == ASPECTS[0]
    await said.answers("an", Reply("Lệ phí 8.000 đồng."))
    assert await choices.typed("fake", "an", "1") is None


async def test_what_was_not_delivered_offers_nothing(said, choices, engine):
    await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    async with engine.begin() as connection:
        await connection.execute(
            update(Message)
            .where(Message.delivery == Delivery.SENT)
            .values(delivery=Delivery.PARKED, reason="blocked")
        )
    assert await choices.typed("fake", "an", "1") is None


async def test_a_message_carries_the_button_that_it_means(said, choices):
    line = await said.answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    tapped = Incoming("fake", "1", "an", "", {"token": token(line, 0), "group": True})
    assert await choices.meant(tapped) == Incoming(
        "fake", "1", "an", "/fee", {"group": True, "title": "Lệ phí"}
    )
    typed = await choices.meant(Incoming("fake", "2", "an", "2"))
    assert (typed.text, typed.metadata) == ("/duration", {"title": "Thời hạn"})
    forgotten = await choices.meant(Incoming("fake", "3", "an", "Lệ phí", {"token": "9.9"}))
    assert (forgotten.text, forgotten.metadata) == ("Lệ phí", {})
    wordless = await choices.meant(Incoming("fake", "4", "an", "", {"token": "9.9"}))
    assert (wordless.text, wordless.metadata) == ("", {"kind": "stale"})


async def test_words_go_as_they_are(said, choices, vault):
    assert conversation_id(vault, "fake", "an")
    words = Incoming("fake", "1", "an", "làm khai sinh ở đâu")
    assert await choices.meant(words) == words
