"""Taking a table of dossiers into the database: in batches, each newer row in place of the older.

A batch is one short transaction, so that the chats hardly wait while hundreds of thousands of rows
come in. Broken off, the file is simply imported again: every row is put where it belongs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers.dossier import OF_THE_SOURCE, Status
from bot.dossiers.errors import BadRow
from bot.dossiers.mapping import Row, SourceMapping
from bot.dossiers.models import DossierRow, content_hash
from bot.dossiers.proof import fact, phone_print
from bot.storage.base import Base
from bot.storage.vault import Vault

BATCH = 2000  # rows of a transaction
MOST_PROBLEMS = 1000  # that are remembered one by one

_table = Base.metadata.tables[DossierRow.__tablename__]
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass
class Report:
    """What an import did."""

    read: int = 0
    stored: int = 0
    bad: int = 0
    unknown_words: dict[str, int] = field(default_factory=dict)  # status words of no vocabulary
    unprovable: int = 0  # without a phone or identity number: nobody can be told about them
    problems: list[tuple[int, str]] = field(default_factory=list)  # (row of the file, reason)

    def skip(self, line: int, reason: str) -> None:
        """Remember a row that was left out, and why."""
        self.bad += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((line, reason))


Cells = tuple[int, dict[str, object]]  # the row's number in its file, and its fields


def understood(cells: Iterable[Cells], mapping: SourceMapping, report: Report) -> Iterator[Row]:
    """Yield the rows that can be understood, and report the others."""
    for line, values in cells:
        report.read += 1
        try:
            row = mapping.read(values)
        except BadRow as error:
            report.skip(line, str(error))
            continue
        if row.dossier.status is Status.UNKNOWN:
            words = row.dossier.status_words
            report.unknown_words[words] = report.unknown_words.get(words, 0) + 1
        yield row


async def keep(
    sessions: async_sessionmaker[AsyncSession],
    vault: Vault,
    rows: Iterator[Row],
    report: Report,
    now: datetime,
    progress: Callable[[int], object],
) -> None:
    """Store rows batch by batch; ``progress`` is told how many more rows of the file were read."""
    seen = 0
    while batch := list(islice(rows, BATCH)):
        values = {row.key: _values(vault, row, now) for row in batch}
        report.unprovable += sum(
            1 for each in values.values() if not each["phone_fact"] and not each["identity_fact"]
        )
        async with sessions() as session, session.begin():
            await _store(session, list(values.values()))
        report.stored += len(values)
        progress(report.read - seen)
        seen = report.read


async def _store(session: AsyncSession, values: list[dict[str, Any]]) -> None:
    insert: Any = _INSERT[session.get_bind().dialect.name](_table)
    new = insert.excluded
    is_other = new.content_hash != _table.c.content_hash
    changed_at = case((is_other, new.changed_at), else_=_table.c.changed_at)
    others = {name: new[name] for name in values[0] if name not in ("key", "changed_at")}
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=[_table.c.key], set_={**others, "changed_at": changed_at}
        ),
        values,
    )


def _values(vault: Vault, row: Row, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(row.dossier, name) for name in OF_THE_SOURCE},
        "owed_on": row.dossier.owed_on,
        "key": row.key,
        "phone_fact": fact(vault, row.key, row.phone),
        "identity_fact": fact(vault, row.key, row.identity),
        "phone": phone_print(vault, row.phone),
        "content_hash": content_hash(vault, row.dossier),
        "changed_at": now,
        "imported_at": now,
    }
