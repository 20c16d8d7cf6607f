"""The inbox: every arrival is on disk before its sender hears 200."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from cachetools import LRUCache
from msgspec.structs import replace
from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversation.contracts import Incoming, Kept, StorageDown
from bot.conversation.models import Arrival
from bot.conversation.wire import Work
from bot.storage.base import Base
from bot.storage.engine import autocommitting
from bot.storage.vault import Vault

_inbox = Base.metadata.tables[Arrival.__tablename__]
_KEY = ["channel", "update_id"]
_KEPT = (_inbox.c.channel, _inbox.c.update_id, _inbox.c.id)
# Given a list of rows, SQLAlchemy writes them in one statement. It keeps none compiled that has an
# ON CONFLICT, and compiling took a fifth of the gateway's time; SQLite knows another word for it.
_KEEP_UNLESS_KNOWN = {
    "sqlite": insert(_inbox).prefix_with("OR IGNORE").returning(*_KEPT),
    "postgresql": postgresql.insert(_inbox)
    .on_conflict_do_nothing(index_elements=_KEY)
    .returning(*_KEPT),
}
_FIND = select(*_KEPT).where(
    _inbox.c.channel.in_(bindparam("channels", expanding=True)),
    _inbox.c.update_id.in_(bindparam("update_ids", expanding=True)),
)
LONGEST_UPDATE_ID = 96
LARGEST_BATCH = 200
REMEMBERED_ARRIVALS = 10_000  # repeats mostly come within minutes, and need no look at the disk


def conversation_id(vault: Vault, channel: str, sender: str) -> str:
    """Name a person's conversation on a channel, without telling who it is."""
    return vault.fingerprint("conversation", channel, sender)


def open_content(vault: Vault, content: bytes) -> Incoming:
    """Read the sealed content of an arrival."""
    return msgspec.msgpack.decode(vault.open(content), type=Incoming)


class DurableInbox:
    """Keeps arrivals. Those that come while a commit is under way share the next one."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        on_kept: Callable[[Sequence[Work]], None],
    ) -> None:
        """``on_kept`` is called after each commit with the new arrivals, in their order."""
        self._engine = autocommitting(engine)
        self._vault = vault
        self._node = node
        self._clock = clock
        self._on_kept = on_kept
        self._waiting: list[tuple[Incoming, asyncio.Future[Kept]]] = []
        self._somebody_waits = asyncio.Event()
        self._recent: LRUCache[tuple[str, str], Kept] = LRUCache(REMEMBERED_ARRIVALS)

    async def put(self, incoming: Incoming) -> Kept:
        """Keep one arrival durably, or raise StorageDown."""
        recent = self._recent.get((incoming.channel, incoming.update_id))
        if recent is not None:
            return replace(recent, repeated=True)
        kept: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, kept))
        self._somebody_waits.set()
        return await kept

    async def run(self) -> None:
        """Commit what waits, batch after batch, until cancelled."""
        while True:
            await self._somebody_waits.wait()
            batch = self._waiting[:LARGEST_BATCH]
            del self._waiting[:LARGEST_BATCH]
            if not self._waiting:
                self._somebody_waits.clear()
            await self._keep(batch)

    async def _keep(self, batch: list[tuple[Incoming, asyncio.Future[Kept]]]) -> None:
        try:
            kept = await self._store([incoming for incoming, _ in batch])
        except DBAPIError as error:
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for one in batch:  # one arrival that the database refuses must not cost the others
                    await self._keep([one])
                return
            self._refuse(batch, error)
        except (SQLAlchemyError, OSError) as error:
            self._refuse(batch, error)
        else:
            for (incoming, future), proof in zip(batch, kept, strict=True):
                self._recent[incoming.channel, incoming.update_id] = proof
                if not future.done():  # its caller may have gone; the arrival is kept all the same
                    future.set_result(proof)

    @staticmethod
    def _refuse(batch: list[tuple[Incoming, asyncio.Future[Kept]]], error: Exception) -> None:
        for _, future in batch:
            if not future.done():
                refusal = StorageDown()
                refusal.__cause__ = error
                future.set_exception(refusal)

    async def _store(self, batch: Sequence[Incoming]) -> list[Kept]:
        rows = [self._row(incoming) for incoming in batch]
        async with self._engine.connect() as connection:
            fresh = await self._insert(connection, rows)
            known = fresh if len(fresh) == len(rows) else await self._find(connection, rows)
        self._on_kept(self._works(batch, rows, fresh))
        seen: set[tuple[str, str]] = set()
        proofs = []
        for row in rows:
            key = (row["channel"], row["update_id"])
            repeated = key not in fresh or key in seen
            seen.add(key)
            proofs.append(Kept(known[key], row["conversation_id"], repeated))
        return proofs

    def _row(self, incoming: Incoming) -> dict[str, Any]:
        update_id = incoming.update_id
        if len(update_id) > LONGEST_UPDATE_ID:
            update_id = self._vault.fingerprint("update", update_id)
        return {
            "channel": incoming.channel,
            "update_id": update_id,
            "conversation_id": conversation_id(self._vault, incoming.channel, incoming.sender),
            "content": self._vault.seal(msgspec.msgpack.encode(incoming)),
            "node": self._node,
            "received_at": self._clock(),
        }

    async def _insert(
        self, connection: AsyncConnection, rows: list[dict[str, Any]]
    ) -> dict[tuple[str, str], int]:
        result = await connection.execute(_KEEP_UNLESS_KNOWN[connection.dialect.name], rows)
        return {(channel, update_id): id for channel, update_id, id in result}

    @staticmethod
    async def _find(
        connection: AsyncConnection, rows: list[dict[str, Any]]
    ) -> dict[tuple[str, str], int]:
        asked = {
            "channels": list({row["channel"] for row in rows}),
            "update_ids": list({row["update_id"] for row in rows}),
        }
        found = await connection.execute(_FIND, asked)
        return {(channel, update_id): id for channel, update_id, id in found}

    @staticmethod
    def _works(
        batch: Sequence[Incoming],
        rows: list[dict[str, Any]],
        fresh: dict[tuple[str, str], int],
    ) -> list[Work]:
        works = {}
        for incoming, row in zip(batch, rows, strict=True):
            inbox_id = fresh.get((row["channel"], row["update_id"]))
            if inbox_id is not None and inbox_id not in works:
                works[inbox_id] = Work(inbox_id, row["conversation_id"], incoming)
        return [works[inbox_id] for inbox_id in sorted(works)]
