"""How much of the bot's plan is used: its people, and its messages of the month.

The platform does not tell; what is counted is what this program knows of.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.troubles import Troubles
from bot.channels.zalo_bot.events import NAME
from bot.conversation.models import Conversation, Message
from bot.working_time.zone import VIETNAM

MOST_PEOPLE = 50
MOST_MESSAGES = 3000  # in a month
WARN_AT = 0.8  # of either

_PEOPLE = select(func.count()).select_from(Conversation).where(Conversation.channel == NAME)


class Plan:
    """Counts, and tells an operator before either is used up."""

    def __init__(self, engine: AsyncEngine, troubles: Troubles) -> None:
        self.people = 0
        self.messages = 0
        self._engine = engine
        self._troubles = troubles

    async def count(self, now: datetime) -> None:
        """Count anew, and begin or end the troubles that follow from it."""
        here = now.astimezone(VIETNAM)
        first = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        sent = select(func.coalesce(func.sum(Message.parts_sent), 0)).where(
            Message.channel == NAME, Message.sent_at >= first
        )
        async with self._engine.connect() as connection:
            self.people = await connection.scalar(_PEOPLE) or 0
            self.messages = int(await connection.scalar(sent) or 0)
        self._tell("people", self.people, MOST_PEOPLE, "people have written")
        self._tell("messages", self.messages, MOST_MESSAGES, "messages went out this month")

    def _tell(self, name: str, count: int, most: int, what: str) -> None:
        if count >= most:
            self._troubles.begin(name, f"{what}: all {most} that the plan allows, and no more")
        elif count >= most * WARN_AT:
            self._troubles.begin(name, f"{what}: more than {WARN_AT:.0%} of the plan's {most}")
        else:
            self._troubles.end(name)
