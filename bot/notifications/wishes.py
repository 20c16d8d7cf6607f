"""What somebody wants to hear, and when: pure functions, and keeping it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.notifications.errors import BadWishes
from bot.notifications.models import Medium, Occasion, Wishes
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

_DAY = timedelta(days=1)
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")
_CHAT = re.compile(r"-?[1-9][0-9]{0,18}")
OF_CHANNELS = (Occasion.TROUBLE,)  # that it is over goes where it was told
OF_CASES = tuple[Occasion, ...](
    each for each in Occasion if each not in (Occasion.TRIAL, Occasion.TROUBLE, Occasion.MENDED)
)
CHOSEN = (*OF_CASES, *OF_CHANNELS)


class Choice(Enum):
    """How one occasion is told."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


_DEFAULTS: dict[Occasion, Choice] = dict.fromkeys(CHOSEN, Choice.NOW)
_DEFAULTS.update({Occasion.NEW: Choice.DIGEST, Occasion.SOON: Choice.DIGEST})


@dataclass(frozen=True)
class Wish:
    """How one account wants to be notified; times are those of Vietnam."""

    telegram: str = ""
    email: str = ""
    quiet_from: time = time(21)
    quiet_until: time = time(7)
    digest_at: time = time(8)
    choices: Mapping[Occasion, Choice] = field(default_factory=lambda: dict(_DEFAULTS))

    def address(self, medium: Medium) -> str:
        """Return where to; empty when not by this way."""
        return self.telegram if medium is Medium.TELEGRAM else self.email

    @property
    def media(self) -> list[Medium]:
        """The ways by which they want to hear."""
        return [medium for medium in Medium if self.address(medium)]


def send_at(wish: Wish, occasion: Occasion, now: datetime) -> datetime | None:
    """Return when to tell something that happened now; None: never."""
    if occasion is Occasion.TRIAL:
        return now
    choice = wish.choices.get(occasion, Choice.OFF)
    if choice is Choice.OFF:
        return None
    if choice is Choice.DIGEST:
        return after_quiet(wish, _next(now, wish.digest_at))
    return after_quiet(wish, now)


def after_quiet(wish: Wish, at: datetime) -> datetime:
    """Return the instant itself, or when the quiet hours end into which it falls."""
    clock = at.astimezone(VIETNAM).time()
    begin, end = wish.quiet_from, wish.quiet_until
    over_midnight = begin > end
    quiet = begin <= clock or clock < end if over_midnight else begin <= clock < end
    return _next(at, end) if quiet else at


def _next(at: datetime, clock: time) -> datetime:
    """Return when the clock next shows that time; the same instant does not count."""
    today = datetime.combine(at.astimezone(VIETNAM).date(), clock, VIETNAM)
    return today if today > at else today + _DAY


def checked(wish: Wish) -> Wish:
    """Return the wishes; raises BadWishes for an address that is none."""
    if wish.email and not _EMAIL.fullmatch(wish.email):
        raise BadWishes("email")
    if wish.telegram and not _CHAT.fullmatch(wish.telegram):
        raise BadWishes("telegram")
    return wish


async def wish_of(session: AsyncSession, vault: Vault, account: str) -> Wish:
    """Return what an account wishes; the defaults, without any address, for a new one."""
    row = await session.get(Wishes, account)
    return read_wish(vault, row) if row else Wish()


async def keep_wish(session: AsyncSession, vault: Vault, account: str, wish: Wish) -> None:
    """Keep what an account wishes. Raises BadWishes; the caller commits."""
    checked(wish)
    row = await session.get(Wishes, account)
    if row is None:
        row = Wishes(account=account)
        session.add(row)
    row.telegram = _sealed(vault, wish.telegram)
    row.email = _sealed(vault, wish.email)
    row.quiet_from, row.quiet_until = _minute(wish.quiet_from), _minute(wish.quiet_until)
    row.digest_at = _minute(wish.digest_at)
    row.choices = ",".join(
        f"{occasion.value}={choice.value}" for occasion, choice in wish.choices.items()
    )


def read_wish(vault: Vault, row: Wishes) -> Wish:
    """Read what is kept. Raises CannotOpen."""
    pairs = (pair.split("=") for pair in row.choices.split(",") if pair)
    return Wish(
        _opened(vault, row.telegram),
        _opened(vault, row.email),
        _time(row.quiet_from),
        _time(row.quiet_until),
        _time(row.digest_at),
        _DEFAULTS | {Occasion(occasion): Choice(choice) for occasion, choice in pairs},
    )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _time(minute: int) -> time:
    return time(*divmod(minute, 60))


def _sealed(vault: Vault, address: str) -> bytes | None:
    return vault.seal(address.encode()) if address else None


def _opened(vault: Vault, sealed: bytes | None) -> str:
    return vault.open(sealed).decode() if sealed else ""
