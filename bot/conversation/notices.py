"""Writing into a conversation outside of a turn: the office writes, a clock runs out.

A notice is a line of the conversation like any reply, written in the transaction of what it tells:
rolled back with it, told with it. Like a turn it holds the conversation's row from before its line
gets an id until the commit, so the lines of a conversation become visible in the order of their
ids, whoever writes them (contracts.Entry). It leaves the dialogue and its version alone: a turn
that runs meanwhile loses no race.

PostgreSQL itself tells all nodes after the commit. On SQLite, and for what this node delivers, the
session rings when it has committed; a brain, which has nobody to ring, hands the names of the
conversations to the gateway with its turn.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.conversation.contracts import Button, Reply
from bot.conversation.models import Author, Conversation, Delivery, Message
from bot.feedback.notice import Notice
from bot.storage.base import Base
from bot.storage.signals import CHANNEL
from bot.storage.unit_of_work import TOLD
from bot.storage.vault import Vault

_conversation = Base.metadata.tables[Conversation.__tablename__]
_SAY = insert(Base.metadata.tables[Message.__tablename__])
# As strong as a turn's own hold of the row, and no stronger.
_HOLD = (
    select(_conversation.c.push, _conversation.c.channel)
    .where(_conversation.c.id == bindparam("conversation"))
    .with_for_update(key_share=True)
)


class Notices:
    """Writes notices at one node; the outbox of that node delivers them."""

    def __init__(
        self,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        ring: Callable[[str], None] | None = None,
    ) -> None:
        """``ring`` wakes who waits for a conversation in this process; None in a brain."""
        self._vault = vault
        self._node = node
        self._clock = clock
        self._ring = ring

    async def tell_reporter(
        self, session: AsyncSession, conversation_id: str, notice: Notice
    ) -> None:
        """Tell the reporter of a case; implements feedback.notice.TellReporter."""
        buttons = tuple(Button(offer.title, offer.payload) for offer in notice.offers)
        facts = {"case_id": notice.case_id, "state": notice.state.value}
        await self.write(session, conversation_id, Reply(notice.text, buttons, custom=facts))

    async def write(self, session: AsyncSession, conversation_id: str, reply: Reply) -> bool:
        """Add a line to a conversation; tells whether there (still) is such a conversation.

        The caller commits, soon: a turn of this conversation waits meanwhile.
        """
        held = await session.execute(_HOLD, {"conversation": conversation_id})
        talk = held.one_or_none()
        if talk is None:
            return False
        now = self._clock()
        await session.execute(
            _SAY,
            {
                "conversation_id": conversation_id,
                "channel": talk.channel,
                "inbox_id": None,
                "author": Author.BOT,
                "content": self._vault.seal(msgspec.msgpack.encode(reply)),
                "said_at": now,
                "delivery": Delivery.WAITING if talk.push else Delivery.NONE,
                "node": self._node,
                "attempts": 0,
                "next_try_at": now,
                "platform_id": "",
                "reason": "",
            },
        )
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(select(func.pg_notify(CHANNEL, conversation_id)))
        self._ring_after_commit(session.sync_session, conversation_id)
        return True

    def _ring_after_commit(self, session: Session, conversation_id: str) -> None:
        session.info.setdefault(TOLD, set()).add(conversation_id)
        if self._ring and not event.contains(session, "after_commit", self._committed):
            event.listen(session, "after_commit", self._committed)

    def _committed(self, session: Session) -> None:
        if session.in_nested_transaction() or self._ring is None:
            return
        told: Collection[str] = session.info.pop(TOLD, ())
        for conversation_id in told:
            self._ring(conversation_id)
