"""Keeping and reading the catalogue of procedures; the caller commits.

Whoever answers citizens loads all of it once and looks at ``version`` to know when to load again.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.procedures.errors import TooManyMissing
from bot.procedures.models import CatalogueVersion, ProcedureRow
from bot.procedures.procedure import Origin, Procedure

_decoder = msgspec.json.Decoder(Procedure)
_FEW = 20  # so many may always be retired, whatever share of a small catalogue they are


@dataclass
class Stored:
    """How many procedures a call to :func:`store` changed, and how."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    revived: int = 0  # were retired, are back
    kept_official: int = 0  # built-in ones that met an official record

    def __add__(self, other: "Stored") -> "Stored":
        """Add up, for sources that are stored in portions."""
        return Stored(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.revived + other.revived,
            self.kept_official + other.kept_official,
        )

    @property
    def changed(self) -> bool:
        """Whether anything that a citizen could be told is different now."""
        return bool(self.added or self.updated or self.revived)


class _Known(NamedTuple):
    content_hash: str
    origin: Origin
    retired_at: datetime | None


@dataclass
class _Plan:
    stored: Stored = field(default_factory=Stored)
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)


async def store(session: AsyncSession, procedures: Iterable[Procedure], now: datetime) -> Stored:
    """Put procedures into the catalogue; of equal codes the last one counts.

    An official record takes the place of the built-in one with its code, never the other way
    round. A retired one that comes back is revived.
    """
    rows = {procedure.code: _as_row(procedure, now) for procedure in procedures}
    await _lock(session)
    plan = _plan(rows.values(), await _known(session))
    if plan.new:
        await session.execute(insert(ProcedureRow), plan.new)
    if plan.changed:
        await session.execute(update(ProcedureRow), plan.changed)
    if plan.stored.changed:
        await _raise_version(session)
    return plan.stored


def _as_row(procedure: Procedure, now: datetime) -> dict[str, Any]:
    content = msgspec.json.encode(procedure)
    return {
        "code": procedure.code,
        "origin": procedure.origin,
        "kind": procedure.kind,
        "name": procedure.name,
        "field": procedure.field,
        "portal_id": procedure.portal_id,
        "content": content.decode(),
        "content_hash": hashlib.sha256(content).hexdigest(),
        "record_on": procedure.record_on,
        "imported_at": now,
        "retired_at": None,
    }


def _plan(rows: Iterable[dict[str, Any]], known: dict[str, _Known]) -> _Plan:
    plan = _Plan()
    for row in rows:
        before = known.get(row["code"])
        if before is None:
            plan.stored.added += 1
            plan.new.append(row)
        elif before.origin is Origin.OFFICIAL and row["origin"] is Origin.BUILTIN:
            plan.stored.kept_official += 1
        elif before.retired_at is not None:
            plan.stored.revived += 1
            plan.changed.append(row)
        elif before.content_hash != row["content_hash"]:
            plan.stored.updated += 1
            plan.changed.append(row)
        else:
            plan.stored.unchanged += 1
    return plan


async def _known(session: AsyncSession) -> dict[str, _Known]:
    found = await session.execute(
        select(
            ProcedureRow.code,
            ProcedureRow.content_hash,
            ProcedureRow.origin,
            ProcedureRow.retired_at,
        )
    )
    return {code: _Known(*rest) for code, *rest in found}


async def retire_missing(
    session: AsyncSession, codes: Collection[str], now: datetime, *, at_most: float = 0.2
) -> int:
    """Retire the official procedures whose codes the source no longer holds; say how many.

    Raises TooManyMissing, and retires none, when that were more than the share ``at_most``:
    a source that lost a fifth of the law overnight is far likelier an incomplete source.
    """
    await _lock(session)
    alive = await session.scalars(
        select(ProcedureRow.code).where(
            ProcedureRow.origin == Origin.OFFICIAL, ProcedureRow.retired_at.is_(None)
        )
    )
    official = set(alive)
    missing = sorted(official - set(codes))
    if not codes or len(missing) > max(_FEW, at_most * len(official)):
        raise TooManyMissing(len(missing), len(official))
    if missing:
        await session.execute(
            update(ProcedureRow), [{"code": code, "retired_at": now} for code in missing]
        )
        await _raise_version(session)
    return len(missing)


async def get(session: AsyncSession, code: str) -> Procedure | None:
    """Return the procedure with this code, unless there is none or it is retired."""
    content = await session.scalar(
        select(ProcedureRow.content).where(
            ProcedureRow.code == code, ProcedureRow.retired_at.is_(None)
        )
    )
    return None if content is None else _decoder.decode(content)


async def load_all(session: AsyncSession) -> list[Procedure]:
    """Return every procedure that is not retired, ordered by code."""
    contents = await session.scalars(
        select(ProcedureRow.content)
        .where(ProcedureRow.retired_at.is_(None))
        .order_by(ProcedureRow.code)
    )
    return [_decoder.decode(content) for content in contents]


async def version(session: AsyncSession) -> int:
    """Return the catalogue's version; 0 when nothing was ever stored."""
    return await session.scalar(select(CatalogueVersion.version)) or 0


async def _lock(session: AsyncSession) -> None:
    """Let one writer after the other change the catalogue, on either database."""
    dialect = session.get_bind().dialect.name
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first_row = insert_into(CatalogueVersion).values(id=1, version=0)
    await session.execute(first_row.on_conflict_do_nothing())
    await session.execute(update(CatalogueVersion).values(version=CatalogueVersion.version))


async def _raise_version(session: AsyncSession) -> None:
    await session.execute(update(CatalogueVersion).values(version=CatalogueVersion.version + 1))
