"""What every inbox and journal promises to the channels.

Subclass it where a road is at hand: a fixture `road` gives an object that is Inbox and Journal
together, and answers each message with one reply that holds the message's text.
"""

import asyncio

import pytest

from bot.conversation.contracts import Incoming


def a_message(update_id: str = "u1", *, sender: str = "an", text: str = "xin chào", **metadata):
    return Incoming(channel="web", update_id=update_id, sender=sender, text=text, metadata=metadata)


async def answered(road, *, sender: str = "an", answers: int = 1):
    """Wait until the journal holds so many answers; returns its lines."""
    async with asyncio.timeout(30), road.subscribe("web", sender) as bell:
        while True:
            entries = await road.history("web", sender)
            if sum(entry.author == "bot" for entry in entries) >= answers:
                return entries
            await bell.rung()


class RoadContract:
    """The promises, one test each."""

    async def test_a_message_and_its_answer_stand_in_the_journal_in_order(self, road):
        kept = await road.put(a_message(text="lệ phí bao nhiêu"))
        question, answer = await answered(road)
        assert not kept.repeated
        assert (question.author, question.text) == ("citizen", "lệ phí bao nhiêu")
        assert question.update_id == "u1"
        assert question.reply is None
        assert answer.author == "bot"
        assert "lệ phí bao nhiêu" in answer.reply.text
        assert question.id < answer.id
        assert question.at.tzinfo is not None

    async def test_a_repeated_delivery_is_kept_once_and_answered_once(self, road):
        first = await road.put(a_message())
        again = await road.put(a_message())
        await road.put(a_message("u2"))
        entries = await answered(road, answers=2)
        assert (first.repeated, again.repeated) == (False, True)
        assert (again.inbox_id, again.conversation_id) == (first.inbox_id, first.conversation_id)
        assert len(entries) == 4

    async def test_a_tapped_button_is_shown_by_its_title(self, road):
        await road.put(a_message(text="/greet", title="Xin chào"))
        question, _ = await answered(road)
        assert question.text == "Xin chào"

    async def test_what_was_attached_stands_with_the_message(self, road):
        attached = Incoming("web", "u1", "an", "ảnh đây", attachments=("anh-1", "anh-2"))
        await road.put(attached)
        question, answer = await answered(road)
        assert question.attachments == ("anh-1", "anh-2")
        assert answer.attachments == ()

    async def test_strangers_do_not_read_each_other(self, road):
        await road.put(a_message())
        await answered(road)
        assert await road.history("web", "binh") == []
        assert await road.history("telegram", "an") == []

    async def test_the_history_is_read_in_pages_from_either_end(self, road):
        for n in range(3):
            await road.put(a_message(f"u{n}"))
        entries = await answered(road, answers=3)
        ids = [entry.id for entry in entries]
        assert ids == sorted(set(ids))
        page = [entry.id for entry in await road.history("web", "an", limit=2)]
        assert page == ids[-2:]
        page = [entry.id for entry in await road.history("web", "an", before=page[0], limit=2)]
        assert page == ids[-4:-2]
        page = [entry.id for entry in await road.history("web", "an", after=ids[0], limit=2)]
        assert page == ids[1:3]
        assert await road.history("web", "an", after=ids[-1]) == []

    async def test_the_bell_of_a_conversation_rings_before_its_first_line(self, road):
        async with road.subscribe("web", "an") as bell:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bell.rung(), 0.05)
            await road.put(a_message())
            await asyncio.wait_for(bell.rung(), 30)
            assert await road.history("web", "an")

    async def test_a_line_written_while_nobody_waits_still_rings(self, road):
        async with road.subscribe("web", "an") as bell:
            await road.put(a_message())
            await asyncio.wait_for(bell.rung(), 30)
            await road.put(a_message("u2"))
            await answered(road, answers=2)
            await asyncio.wait_for(bell.rung(), 30)
