"""Telling where a dossier stands, only to whom it concerns. The caller commits.

Whoever asks shows the last four digits of the telephone or identity number on the dossier. "There
is no such dossier" and "these are not its digits" are one answer, in one time: nobody learns from
it whether a code exists. Only ten thousand numbers have four digits, so misses are counted three
ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dossiers.codes import FoundCode
from bot.dossiers.dossier import Dossier
from bot.dossiers.errors import SourceDown
from bot.dossiers.proof import fact, phone_print, proves
from bot.dossiers.sources import Found, Sources
from bot.storage.misses import forgive, misses_of, note_miss
from bot.storage.vault import Vault
from bot.throttle import Throttle

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Guard:
    """How wrong digits are slowed down."""

    # Five misses lock a dossier for this conversation …
    here: Throttle = field(default=Throttle(misses=5, within=_DAY, wait=_DAY, longest=7 * _DAY))
    # … many dossiers in turn slow the conversation as a whole …
    conversation: Throttle = field(default=Throttle(misses=8))
    # … and new conversations do not help: thirty tries a day make a year for one dossier.
    anywhere: Throttle = field(default=Throttle(misses=30, within=_DAY, wait=_DAY))


@dataclass(frozen=True)
class Desk:
    """What looking up needs."""

    source: Sources
    vault: Vault
    guard: Guard = Guard()


@dataclass(frozen=True)
class Matches:
    """The dossiers that were asked for and whose digits were shown; never none."""

    dossiers: tuple[Dossier, ...]


@dataclass(frozen=True)
class NoMatch:
    """Nothing has this code, or telephone number, and these digits; which is wrong is not told."""


@dataclass(frozen=True)
class Wait:
    """Too many wrong digits; nothing was looked up."""

    left: timedelta


Outcome = Matches | NoMatch | Wait


async def by_code(
    session: AsyncSession, desk: Desk, code: FoundCode, digits: str, who: str, now: datetime
) -> Outcome:
    """Look a code up for somebody who shows digits of a number on the dossier.

    ``who``: the conversation. Raises SourceDown; then no miss is counted, unless another source
    has the dossier and refused: an outage makes no guess free.
    """
    guesses = _guesses(desk.vault, who, code.key)
    left = await _waiting(session, desk.guard, guesses, now)
    if left:
        return Wait(left)
    seen: list[Found] = []

    def is_theirs(found: Found) -> bool:
        seen.append(found)
        return _is_proven(desk, found, digits)

    try:
        found = await desk.source.find(code, is_theirs)
    except SourceDown:
        if seen:
            await _note_misses(session, guesses, now)
        raise
    if found is not None:
        await forgive(session, guesses[0])
        return Matches((found.dossier,))
    if not seen:
        _prove_nothing(desk, digits)
    await _note_misses(session, guesses, now)
    return NoMatch()


async def by_phone(
    session: AsyncSession, desk: Desk, phone: str, digits: str, who: str, now: datetime
) -> Outcome | None:
    """Look up the dossiers of a telephone number for somebody who shows the identity's digits.

    Every one of them has to prove itself. None where no source can be asked so. Raises SourceDown.
    """
    guesses = _guesses(desk.vault, who, phone_print(desk.vault, phone) or "")
    left = await _waiting(session, desk.guard, guesses, now)
    if left:
        return Wait(left)
    found = await desk.source.of_phone(phone)
    if found is None:
        return None
    # The telephone number itself proves nothing here: it is what was asked with.
    of_identity = [Found(each.key, each.dossier, each.facts[1:]) for each in found]
    proven = tuple(each.dossier for each in of_identity if _is_proven(desk, each, digits))
    if proven:
        await forgive(session, guesses[0])
        return Matches(proven)
    if not found:
        _prove_nothing(desk, digits)
    await _note_misses(session, guesses, now)
    return NoMatch()


def _is_proven(desk: Desk, found: Found, digits: str) -> bool:
    return proves(fact(desk.vault, found.key, digits), found.facts)


def _prove_nothing(desk: Desk, digits: str) -> None:
    """Do for a dossier that is not there the same work as for wrong digits."""
    proves(fact(desk.vault, "", digits), (None, None))


async def _note_misses(session: AsyncSession, guesses: Sequence[str], now: datetime) -> None:
    for guess in guesses:
        await note_miss(session, guess, now)


def _guesses(vault: Vault, who: str, what: str) -> tuple[str, str, str]:
    """Name what is guessed here, from this conversation at all, and by anybody."""
    return (
        vault.fingerprint("dossier guess", who, what),
        vault.fingerprint("dossier guesses of", who),
        vault.fingerprint("dossier guesses at", what),
    )


async def _waiting(
    session: AsyncSession, guard: Guard, guesses: tuple[str, str, str], now: datetime
) -> timedelta:
    throttles = (guard.here, guard.conversation, guard.anywhere)
    waits = [
        throttle.waiting(await misses_of(session, guess, now - throttle.memory), now)
        for throttle, guess in zip(throttles, guesses, strict=True)
    ]
    return max(waits)
