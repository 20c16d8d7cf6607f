"""Evidence (bằng chứng): pictures and files of citizens, kept until a case takes them.

A file is cleaned first (``pictures.Cleaner``), kept sealed for its conversation, and bound to a
case when one is opened or added to. What no case took within a day is forgotten. The caller
commits.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.feedback.chain import Actor, Content, Happened, append, evidence_hash, take_hold
from bot.feedback.errors import BadFile, NoSuchCase, NoSuchEvidence, Unfit
from bot.feedback.models import Case, Evidence, Kind, Media
from bot.feedback.services import REPORTER
from bot.storage.vault import Vault

UNBOUND_KEPT = timedelta(days=1)
PER_DAY = 20  # files of one conversation
PER_CASE = 30  # files; what the reporter adds later counts along
UNBOUND_BYTES = 2 << 30  # of all conversations together: a database is no dump

_ENDINGS = {Media.JPEG: "jpg", Media.PDF: "pdf"}


@dataclass(frozen=True)
class Cleaned:
    """A file fit to be kept: a re-encoded picture with its thumbnail, or a PDF as it came.

    ``marks``: texts of QR codes and barcodes in the picture, which may be anything, such as all of
    an identity card.
    """

    media: Media
    content: bytes
    thumbnail: bytes = b""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """What is told of a piece of evidence without opening it."""

    id: str
    media: Media
    size: int  # bytes
    sent_at: datetime

    @property
    def name(self) -> str:
        """A file name for a download; the citizen's own may say who they are, and is not kept."""
        return f"bang-chung-{self.id[:8]}.{_ENDINGS[self.media]}"


@dataclass(frozen=True)
class Opened:
    """A piece of evidence with its content."""

    piece: Piece
    content: bytes


async def keep(
    session: AsyncSession,
    vault: Vault,
    file: Cleaned,
    conversation: str,
    now: datetime,
    *,
    dossiers: Sequence[str] = (),
) -> str:
    """Keep a cleaned file for its conversation; return its id.

    ``conversation``: its id, as ``bot.conversation.inbox.conversation_id`` makes it. ``dossiers``:
    codes of dossiers that its marks name; of the marks nothing else is kept. Raises BadFile
    (TOO_MANY, FULL).
    """
    owner = _owner(vault, conversation)
    await _check_room(session, owner, len(file.content), now)
    content = vault.seal(file.content)
    thumbnail = vault.seal(file.thumbnail) if file.thumbnail else b""
    piece = Evidence(
        id=secrets.token_hex(16),
        owner=owner,
        media=file.media,
        size=len(file.content),
        sent_at=now,
        hash=evidence_hash(vault, content, thumbnail),
        content=content,
        thumbnail=thumbnail,
        dossiers=vault.seal(msgspec.json.encode(dossiers)) if dossiers else b"",
    )
    session.add(piece)
    await session.flush()
    return piece.id


async def _check_room(session: AsyncSession, owner: str, size: int, now: datetime) -> None:
    sent = select(func.count()).where(
        Evidence.owner == owner, Evidence.sent_at > now - UNBOUND_KEPT
    )
    if (await session.scalar(sent) or 0) >= PER_DAY:
        raise BadFile(Unfit.TOO_MANY)
    waiting = select(func.coalesce(func.sum(Evidence.size), 0)).where(Evidence.case_id.is_(None))
    if (await session.scalar(waiting) or 0) + size > UNBOUND_BYTES:
        raise BadFile(Unfit.FULL)


async def own(
    session: AsyncSession, vault: Vault, ids: Iterable[str], conversation: str
) -> Sequence[Piece]:
    """Return what is there of these ids and came from this conversation, oldest first."""
    query = _pieces().where(Evidence.id.in_(list(ids)))
    rows = await session.execute(query.where(Evidence.owner == _owner(vault, conversation)))
    return [Piece(*row) for row in rows]


async def dossiers_of(
    session: AsyncSession, vault: Vault, ids: Iterable[str], conversation: str
) -> Sequence[str]:
    """Return the codes of dossiers that stand on pictures of a conversation; raises CannotOpen."""
    named = select(Evidence.dossiers).where(
        Evidence.id.in_(list(ids)),
        Evidence.owner == _owner(vault, conversation),
        Evidence.dossiers != b"",
    )
    rows = await session.scalars(named.order_by(Evidence.sent_at, Evidence.id))
    codes = [msgspec.json.decode(vault.open(sealed), type=list[str]) for sealed in rows]
    return list(dict.fromkeys(code for some in codes for code in some))


async def bind(
    session: AsyncSession,
    vault: Vault,
    ids: Iterable[str],
    case_id: int,
    conversation: str,
    now: datetime,
    by: Actor = REPORTER,
) -> tuple[str, ...]:
    """Give files to a case; return the ids of those that it took, in the order of their sending.

    Left out is what did not come from this conversation, is forgotten, belongs to a case already,
    or is more than a case holds. Called late in a turn, like every service. Raises NoSuchCase.
    """
    end = await take_hold(session, vault)
    case = await session.get(Case, case_id, populate_existing=True)
    if case is None:
        raise NoSuchCase(case_id)
    held = await session.scalar(select(func.count()).where(Evidence.case_id == case_id)) or 0
    waiting = await session.scalars(
        select(Evidence)
        .where(
            Evidence.id.in_(list(ids)),
            Evidence.owner == _owner(vault, conversation),
            Evidence.case_id.is_(None),
        )
        .order_by(Evidence.sent_at, Evidence.id)
        .limit(max(0, PER_CASE - held))
    )
    pieces = tuple(waiting)
    if not pieces:
        return ()
    bound = tuple(piece.id for piece in pieces)
    case.changed_at = now
    happened = Happened(Kind.EVIDENCE, by, now, Content(evidence=bound), evidence=pieces)
    event = await append(session, vault, end, case, happened)
    for piece in pieces:
        piece.case_id, piece.event_number = case_id, event.number
    await session.flush()
    return bound


async def of_case(session: AsyncSession, case_id: int) -> Sequence[Piece]:
    """List the evidence of a case, oldest first; nothing of it when it was erased."""
    query = _pieces().where(Evidence.case_id == case_id, Evidence.owner != "")
    return [Piece(*row) for row in await session.execute(query)]


async def open_evidence(
    session: AsyncSession, vault: Vault, case_id: int, id: str, by: Actor, now: datetime
) -> Opened:
    """Open a piece of evidence of this case for somebody of the staff; that they did is an event.

    Raises NoSuchEvidence, CannotOpen.
    """
    end = await take_hold(session, vault)
    query = _pieces().add_columns(Evidence.content)
    query = query.where(Evidence.case_id == case_id, Evidence.id == id, Evidence.owner != "")
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NoSuchEvidence
    case = await session.get_one(Case, case_id, populate_existing=True)
    opened = Opened(Piece(*row[:-1]), vault.open(row.content))
    happened = Happened(Kind.READ, by, now, Content(evidence=(id,)))
    await append(session, vault, end, case, happened)
    return opened


async def thumbnail_of_case(session: AsyncSession, vault: Vault, case_id: int, id: str) -> bytes:
    """Return a thumbnail (JPEG) for the page of a case, whose opening is the event.

    Empty for a file that has none. Raises NoSuchEvidence, CannotOpen.
    """
    of_case = and_(Evidence.case_id == case_id, Evidence.owner != "")
    return await _thumbnail(session, vault, id, of_case)


async def own_thumbnail(session: AsyncSession, vault: Vault, id: str, conversation: str) -> bytes:
    """Return a thumbnail (JPEG) for whoever sent the picture; empty for a file that has none.

    Raises NoSuchEvidence, CannotOpen.
    """
    return await _thumbnail(session, vault, id, Evidence.owner == _owner(vault, conversation))


async def discard(session: AsyncSession, vault: Vault, id: str, conversation: str) -> None:
    """Forget what a conversation sent, unless a case has taken it."""
    owned = Evidence.owner == _owner(vault, conversation)
    await session.execute(
        delete(Evidence).where(Evidence.id == id, owned, Evidence.case_id.is_(None))
    )


async def forget_unbound(connection: AsyncConnection, older_than: datetime) -> None:
    """Delete what no case took and is older."""
    await connection.execute(
        delete(Evidence).where(Evidence.case_id.is_(None), Evidence.sent_at < older_than)
    )


async def _thumbnail(
    session: AsyncSession, vault: Vault, id: str, allowed: ColumnElement[bool]
) -> bytes:
    sealed = await session.scalar(select(Evidence.thumbnail).where(Evidence.id == id, allowed))
    if sealed is None:
        raise NoSuchEvidence
    return vault.open(sealed) if sealed else b""


def _pieces() -> Select[tuple[str, Media, int, datetime]]:
    columns = select(Evidence.id, Evidence.media, Evidence.size, Evidence.sent_at)
    return columns.order_by(Evidence.sent_at, Evidence.id)


def _owner(vault: Vault, conversation: str) -> str:
    return vault.fingerprint("evidence owner", conversation)
