"""What the services of the slices need, put together for the gateway and a brain alike."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.app.store import Store, now, vietnam_today
from bot.conversation.notices import Notices
from bot.dossiers.configuration import Means, build_sources, read_sources
from bot.dossiers.sources import Sources
from bot.feedback.deadlines import load_deadlines
from bot.feedback.services import Desk
from bot.questions.stripping import strip
from bot.settings import Settings


def build_desk(settings: Settings, store: Store, ring: Callable[[str], None] | None = None) -> Desk:
    """Put together what services of feedback need, with the way to reporters.

    ``ring``: the gateway's ``Road.ring``; a brain has none, its turns tell the gateway.
    """
    notices = Notices(store.vault, settings.node_name, now, ring)
    return Desk(store.vault, load_deadlines(), notices.tell_reporter, strip)


@asynccontextmanager
async def open_dossiers(settings: Settings, store: Store) -> AsyncIterator[Sources]:
    """Open the systems in which dossiers are looked up; raises BadMapping."""
    path = Path(settings.dossier_sources) if settings.dossier_sources else None
    file = read_sources(path)
    async with aiohttp.ClientSession() as http:
        means = Means(store.sessions, store.vault, http, os.environ, vietnam_today)
        yield build_sources(file, path.parent if path else Path(), means)
