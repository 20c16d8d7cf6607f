"""Sending as the OA, with what each of Zalo's answers means for the message."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

from cachetools import TTLCache

from bot.channels.absences import Absences
from bot.channels.base import Parcel, PassingFailure, PermanentFailure, StorageDown
from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.api import Sent, ZaloApi
from bot.channels.zalo_oa.codes import Reaction, reaction_to
from bot.channels.zalo_oa.letters import has_buttons, letter
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.working_time.zone import VIETNAM

logger = logging.getLogger(__name__)

FEW_TRIES = 5
BACK_OFF = 30.0  # seconds
TOKEN_PAUSE = 60.0
ALARM_PAUSE = 900.0
NIGHT_ENDS = time(6)  # in Vietnam
NO_QUOTA = -211
FREE = "reply"  # the kind of quota that each person's own messages give


class Sender:
    """Hands messages to Zalo."""

    def __init__(
        self,
        api: ZaloApi,
        tokens: Tokens,
        absences: Absences,
        troubles: Troubles,
        clock: Callable[[], datetime],
        origin: str,
    ) -> None:
        """``origin``: our public address."""
        self.quotas: dict[str, int] = {}  # what is left, as Zalo last told, by kind
        self._api = api
        self._tokens = tokens
        self._absences = absences
        self._troubles = troubles
        self._clock = clock
        self._origin = origin
        self._buttons = True  # until this OA refuses them; asked anew after a restart
        self._tries: TTLCache[int, int] = TTLCache(10_000, timedelta(days=1).total_seconds())

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Send one part. Raises PassingFailure, PermanentFailure."""
        if await self._absences.keeps_from(address):
            raise PermanentFailure("the person has left the OA", until_inbound=True)
        with_buttons = self._buttons and has_buttons(parcel.reply)
        sent = await self._send(address, parcel, buttons=with_buttons)
        if with_buttons and reaction_to(sent.error)[0] is Reaction.DEGRADE:
            sent = await self._send(address, parcel, buttons=False)
            if not sent.error:
                logger.warning("zalo-oa: this OA takes no buttons; choices are numbered from now")
                self._buttons = False
        if sent.error:
            raise self._failure(parcel, sent.error)
        self._taken(parcel, sent)
        return sent.data.message_id

    async def _send(self, address: str, parcel: Parcel, *, buttons: bool) -> Sent:
        """Send, and once more with another token where Zalo does not take the first."""
        message = letter(parcel, self._origin, buttons=buttons)
        token = await self._token(self._tokens.token())
        sent = await self._api.send(token, address, message)
        if reaction_to(sent.error)[0] is not Reaction.RENEW:
            return sent
        token = await self._token(self._tokens.token_after(token))
        return await self._api.send(token, address, message)

    async def _token(self, asked: Awaitable[str]) -> str:
        try:
            return await asked
        except NoToken as error:
            self._troubles.begin("refused", f"nothing can be sent: {error}")
            raise PassingFailure(str(error), retry_after=TOKEN_PAUSE, everybody=True) from None
        except StorageDown:
            raise PassingFailure("storage down") from None

    def _taken(self, parcel: Parcel, sent: Sent) -> None:
        self._tries.pop(parcel.message_id, None)
        self._troubles.end("refused")
        quota = sent.data.quota
        if quota and quota.quota_type and str(quota.remain).isdecimal():
            self.quotas[quota.quota_type] = int(quota.remain)
            if quota.quota_type != FREE:
                self._troubles.end("quota")

    def _failure(self, parcel: Parcel, code: int) -> PassingFailure | PermanentFailure:
        """Turn an error code into what becomes of the message."""
        reaction, reason = reaction_to(code)
        match reaction:
            case Reaction.WAIT_FOR_READER:
                if code == NO_QUOTA:
                    self._troubles.begin("quota", f"what is not free cannot be sent: {reason}")
                return PermanentFailure(reason, until_inbound=True)
            case Reaction.GIVE_UP | Reaction.DEGRADE:  # nothing is left to leave out
                return PermanentFailure(reason)
            case Reaction.BACK_OFF:
                return PassingFailure(reason, retry_after=BACK_OFF, everybody=True)
            case Reaction.MORNING:
                return PassingFailure(reason, retry_after=_until_morning(self._clock()))
            case Reaction.ALARM | Reaction.RENEW:
                self._troubles.begin("refused", f"nothing can be sent: {reason}")
                return PassingFailure(reason, retry_after=ALARM_PAUSE, everybody=True)
            case Reaction.RETRY:
                return self._once_more(parcel, reason)

    def _once_more(self, parcel: Parcel, reason: str) -> PassingFailure | PermanentFailure:
        tries = self._tries.get(parcel.message_id, 0) + 1
        self._tries[parcel.message_id] = tries
        if tries >= FEW_TRIES:
            return PermanentFailure(f"{reason} ({tries} tries)")
        return PassingFailure(reason)


def _until_morning(now: datetime) -> float:
    """Return the seconds until messages may be sent again, a little later for safety."""
    here = now.astimezone(VIETNAM)
    morning = datetime.combine(here.date(), NIGHT_ENDS, VIETNAM)
    if here >= morning:
        morning += timedelta(days=1)
    return (morning - here).total_seconds() + 60
