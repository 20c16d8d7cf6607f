"""The gateway without its doors: the road of a message, and what watches and tells."""

import asyncio
import socket
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.desks import build_desk
from bot.app.store import Store, now, vietnam_today
from bot.conversation.contracts import Button, Reply
from bot.conversation.notices import Notices
from bot.conversation.road import Road
from bot.dossiers.answers import moved
from bot.dossiers.dossier import Dossier
from bot.dossiers.movements import STOP_PAYLOAD, Movements
from bot.dossiers.sources import Source
from bot.dossiers.wording import STOP_TELLING
from bot.feedback.area import Area
from bot.feedback.evidence import UNBOUND_KEPT, forget_unbound
from bot.feedback.feed import newest_event, news_after
from bot.feedback.reports.follower import Follower
from bot.feedback.retention import Retention
from bot.feedback.telling.wording import CATEGORIES
from bot.feedback.watcher import Watcher
from bot.notifications.herald import Colleague, Happening, Herald, Read
from bot.notifications.mail import MailSender, MailServer, Security
from bot.notifications.models import Medium, Occasion
from bot.notifications.office import Office
from bot.notifications.post import Post, Sender
from bot.notifications.post import forget as forget_notifications
from bot.questions.services import forget
from bot.settings import Settings
from bot.staff.models import StaffRole
from bot.staff.services import everybody
from bot.storage.misses import forget_misses
from bot.working_time.calendar import vietnam


def build_road(settings: Settings, store: Store, model: Path) -> Road:
    """Put the road of a message together for this gateway."""

    async def start_brain(channel: socket.socket) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "brain", "--channel", str(channel.fileno()), "--model", str(model)),
            pass_fds=(channel.fileno(),),
        )

    history_kept = timedelta(days=settings.history_days)
    return Road(
        store.engine,
        store.vault,
        settings.node_name,
        now,
        settings.brain_count,
        start_brain,
        {},
        history_kept,
        [
            (history_kept, forget),
            (history_kept, forget_misses),
            (UNBOUND_KEPT, forget_unbound),
            (history_kept, forget_notifications),
            (timedelta(days=settings.case_days), Retention(build_desk(settings, store), now)),
        ],
    )


def build_watcher(settings: Settings, store: Store, road: Road) -> Watcher:
    """Put together what looks after the deadlines of cases."""
    return Watcher(store.sessions, build_desk(settings, store, road.ring), now)


def build_follower(settings: Settings, store: Store) -> Follower:
    """Put together what reads the chain of events on for reports."""
    return Follower(store.sessions, build_desk(settings, store))


def build_movements(settings: Settings, store: Store, road: Road, source: Source) -> Movements:
    """Put together what tells people that a dossier has moved."""
    notices = Notices(store.vault, settings.node_name, now, road.ring)
    stop = Button(STOP_TELLING, STOP_PAYLOAD)

    async def tell(session: AsyncSession, conversation: str, dossier: Dossier) -> bool:
        told = moved(dossier, vietnam_today(), vietnam().working_days)
        reply = Reply(told.text, (stop,), custom={"card": told.card})
        return await notices.write(session, conversation, reply)

    return Movements(store.sessions, store.vault, source, tell)


def build_office(settings: Settings, store: Store) -> Office:
    """Put together what notifies the staff."""

    async def feed(session: AsyncSession, number: int, limit: int) -> Read:
        upto, items = await news_after(session, store.vault, number, limit)
        happenings = [
            Happening(
                item.number,
                Occasion(item.news.value),
                item.case_id,
                CATEGORIES[item.category],
                item.by,
                item.called,
                item.province_code,
                item.commune_code,
                item.due_at,
            )
            for item in items
        ]
        return Read(upto, happenings)

    herald = Herald(store.vault, feed, newest_event, colleagues)
    post = Post(store.sessions, store.vault, now, build_senders(settings), settings.origin)
    return Office(store.sessions, herald, post, now)


async def colleagues(session: AsyncSession) -> list[Colleague]:
    """List who handles cases, and where."""
    handling = (StaffRole.SUPERVISOR, StaffRole.LEAD)
    return [
        Colleague(
            account.name,
            account.role is StaffRole.LEAD,
            Area(account.provinces, account.communes, account.everywhere).covers,
        )
        for account in await everybody(session)
        if account.role in handling and account.disabled_at is None
    ]


def build_senders(settings: Settings) -> dict[Medium, Sender]:
    """Open the ways out that are set up."""
    senders: dict[Medium, Sender] = {}
    if settings.telegram_token:
        from bot.channels.telegram.sender import TelegramSender

        senders[Medium.TELEGRAM] = TelegramSender(settings.telegram_token, settings.telegram_api)
    if settings.smtp_host:
        server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_from,
            settings.smtp_user,
            settings.smtp_password,
            Security(settings.smtp_security),
        )
        senders[Medium.EMAIL] = MailSender(server)
    return senders
