"""Uploads on real databases: cleaned, kept for their sender, named by a message."""

import asyncio

import pytest

from bot.conversation.contracts import Incoming, StorageDown
from bot.conversation.inbox import DurableInbox
from bot.conversation.turn import Turns
from bot.conversation.uploads import RoadUploads
from bot.feedback.pictures import Cleaner
from bot.storage.engine import open_engine, open_sessions
from tests.fakes.echo import EchoAssistant, now
from tests.fakes.pictures import SECRET, a_photo, opened
from tests.fakes.uploads_contract import UploadsContract


@pytest.fixture
def uploads(sessions, vault):
    return RoadUploads(sessions, vault, now, Cleaner())


class TestRoadUploads(UploadsContract):
    pass


async def test_what_is_kept_is_the_clean_picture(uploads):
    id = await uploads.keep("web", "an", a_photo(6))
    thumbnail = await uploads.thumbnail("web", "an", id)
    assert opened(thumbnail).size == (40, 60)
    assert SECRET not in thumbnail


async def test_without_a_database_nothing_is_said_to_be_kept(vault, tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/nowhere/danhoi.db")
    uploads = RoadUploads(open_sessions(engine), vault, now, Cleaner())
    with pytest.raises(StorageDown):
        await uploads.keep("web", "an", a_photo())
    with pytest.raises(StorageDown):
        await uploads.there("web", "an", ["0" * 32])
    await engine.dispose()


async def test_the_assistant_is_told_what_came_with_a_message(uploads, engine, database_url, vault):
    works = []
    inbox = DurableInbox(engine, vault, "here", now, works.extend)
    writer = asyncio.create_task(inbox.run())
    id = await uploads.keep("web", "an", a_photo())
    await inbox.put(Incoming("web", "u1", "an", "", attachments=(id,)))
    writer.cancel()
    heard = []

    class Listening(EchoAssistant):
        async def respond(self, state, incoming):
            heard.append(incoming.attachments)
            return await super().respond(state, incoming)

    brain = open_engine(database_url, inline=True)
    await Turns(brain, vault, Listening(), "here", now).take(works[0])
    await brain.dispose()
    assert heard == [(id,)]
