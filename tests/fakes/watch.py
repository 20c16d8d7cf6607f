"""The watch over cases as a process of its own, forked in milliseconds, that can be killed.

It goes round once, at a time that the test says, and ends well when nothing is due any more.
"""

import asyncio
import multiprocessing
from datetime import datetime
from multiprocessing.process import BaseProcess

from bot.conversation.notices import Notices
from bot.feedback.deadlines import load_deadlines
from bot.feedback.services import Desk
from bot.feedback.watcher import Watcher
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault
from tests.fakes.echo import KEY

open_engine("sqlite:///none")  # imports the drivers, so that no fork has to
open_engine("postgresql://")
load_deadlines()

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", "tests.fakes.watch"])


def start_watch(database_url: str, at: datetime) -> BaseProcess:
    """Start a watch whose clock stands still."""
    process = _CONTEXT.Process(target=_watch, args=(database_url, at), daemon=True)
    process.start()
    return process


def _watch(database_url: str, at: datetime) -> None:
    asyncio.run(_go_round(database_url, at))


async def _go_round(database_url: str, at: datetime) -> None:
    engine, vault = open_engine(database_url), Vault(KEY)
    notices = Notices(vault, "here", lambda: at)
    desk = Desk(vault, load_deadlines(), notices.tell_reporter)
    await Watcher(open_sessions(engine), desk, lambda: at).go_round()
    await engine.dispose()
