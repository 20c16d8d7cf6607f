"""A node that does nothing but refresh the OA's tokens, to be killed: run as a program.

``python -m tests.fakes.zalo_refresher DATABASE_URL ORIGIN SECONDS``: its clock is so much ahead.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.tokens import Tokens
from bot.storage.engine import open_engine
from bot.storage.vault import Vault
from tests.fakes.echo import KEY
from tests.fakes.zalo_oa_api import APP_SECRET
from tests.fakes.zalo_oa_events import APP_ID


async def main(database_url: str, origin: str, seconds: str) -> None:
    ahead = timedelta(seconds=float(seconds))
    async with aiohttp.ClientSession() as http:
        await Tokens(
            open_engine(database_url),
            Vault(KEY),
            lambda: datetime.now(UTC) + ahead,
            APP_ID,
            OAuth(http, origin, APP_ID, APP_SECRET),
            Troubles("zalo-oa"),
        ).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
