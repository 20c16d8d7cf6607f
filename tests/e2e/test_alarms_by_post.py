"""A channel breaks: whoever looks after it reads of it in the post, and on the page; and when over.

The gateway runs in this process with all that a gateway runs; Telegram is the fake that refuses
the token for a while, the mail server a real one on loopback.
"""

import asyncio
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot.app import alarms as watching
from bot.app.gateway import build_office
from bot.app.store import open_store
from bot.notifications import alarms
from bot.notifications.wishes import Wish, keep_wish
from bot.staff.models import StaffRole
from tests.e2e.office import Office, an_office
from tests.fakes.console import a_console, an_account
from tests.fakes.letterbox import Letterbox, a_letterbox
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


async def arrives(box: Letterbox, words: str) -> str:
    """Wait for a letter with these words; return it."""
    async with asyncio.timeout(60):
        while True:
            for _, raw in box.taken:
                text = message_from_bytes(raw, policy=default).get_content()
                if words in text:
                    return text
            await asyncio.sleep(0.1)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.3)
    monkeypatch.setattr(alarms, "LASTS", timedelta(seconds=1))
    monkeypatch.setattr(alarms, "CALM", timedelta(seconds=1))
    monkeypatch.setattr("bot.channels.telegram.polling.FIRST_PAUSE", 0.2)
    monkeypatch.setattr("bot.channels.telegram.polling.LONGEST_PAUSE", 0.2)


async def test_a_refused_token_is_told_by_post_and_so_is_its_end(data_with_model):
    async with telegram_api(1001) as fake:
        with a_letterbox() as box:
            fake.moods_of["getUpdates"] = [refusal(401, "Unauthorized") for _ in range(900)]
            settings = {
                "BOT_TELEGRAM_TOKEN": TOKEN,
                "BOT_TELEGRAM_API": fake.origin,
                "BOT_TELEGRAM_MODE": "polling",
                "BOT_SMTP_HOST": "127.0.0.1",
                "BOT_SMTP_PORT": str(box.port),
                "BOT_SMTP_FROM": "dan-hoi@tinh.gov.vn",
                "BOT_SMTP_SECURITY": "none",
            }
            async with an_office(data_with_model(), **settings) as office:
                await it_is_told(office, fake, box)


async def it_is_told(office: Office, fake, box: Letterbox) -> None:
    an = fake.person(1001)
    async with open_store(office.settings) as store:
        await wants_to_hear(store)
        notifying = asyncio.create_task(build_office(office.settings, store).run())
        told = await arrives(box, "Kênh nhắn tin gặp sự cố")
        assert "Telegram: updates cannot be fetched: Telegram does not know the token" in told
        assert f"{office.settings.origin}/console/kenh" in told
        fake.moods_of["getUpdates"] = []
        await arrives(box, "Kênh nhắn tin đã hết sự cố: Telegram: ")
        an.says("xin chào")
        await an.reads("mình là Dân Hỏi", seconds=60)
        notifying.cancel()
        await asyncio.gather(notifying, return_exceptions=True)
    assert [to for to, _ in box.taken] == [["it@tinh.gov.vn"]] * 2
    assert not any(TOKEN.encode() in letter for _, letter in box.taken)
    assert not any("sự cố" in text for text in an.read)


async def wants_to_hear(store) -> None:
    """An admin who gave an e-mail and a Telegram chat, and is never to be left alone."""
    console = a_console(store.engine, sessions=store.sessions)
    await an_account(console, "quan-tri", role=StaffRole.ADMIN)
    same = {"quiet_from": Wish().digest_at, "quiet_until": Wish().digest_at}
    wish = Wish(email="it@tinh.gov.vn", telegram="1001", **same)
    async with store.sessions() as session, session.begin():
        await keep_wish(session, store.vault, "quan-tri", wish)
