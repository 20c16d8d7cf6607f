"""Files that citizens send over a messenger, each got from the platform and kept."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from bot.channels.base import (
    FILES,
    OUT_OF_REACH,
    REFUSED,
    Incoming,
    PassingFailure,
    PermanentFailure,
    Uploads,
)
from bot.feedback.errors import BadFile

Get = Callable[[Any], Awaitable[bytes]]
"""Gets one file by what `metadata["files"]` says of it.

Raises BadFile, PassingFailure, PermanentFailure.
"""


async def keep_files(incoming: Incoming, uploads: Uploads, get: Get) -> Incoming:
    """Make attachments of what a message names; see contracts.Messenger.fetch.

    A file that is not fit, or that the platform does not give, is refused and the others are
    taken. Raises PassingFailure and StorageDown; then nothing of it is kept.
    """
    metadata = dict(incoming.metadata)
    kept: list[str] = []
    try:
        for file in metadata.pop(FILES):
            try:
                body = await get(file)
                kept.append(await uploads.keep(incoming.channel, incoming.sender, body))
            except BadFile as bad:
                metadata[REFUSED] = bad.problem.name.lower()
            except PermanentFailure:
                metadata[REFUSED] = OUT_OF_REACH
    except PassingFailure:
        for id in kept:
            await uploads.discard(incoming.channel, incoming.sender, id)
        raise
    attachments = (*incoming.attachments, *kept)
    return replace(incoming, metadata=metadata, attachments=attachments)
