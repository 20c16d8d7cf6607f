"""The composition root: the one place that knows everything and puts it together.

Two programs are composed here. The gateway holds the doors and the road, and never imports Rasa;
a brain holds the trained assistant, and never imports the doors.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.procedures.forms import FORMS_PATH, find_form
from bot.procedures.procedure import Form
from bot.settings import Settings
from bot.storage.engine import open_engine, open_sessions
from bot.storage.unit_of_work import current_session
from bot.storage.vault import Vault, load_or_make_key

if TYPE_CHECKING:
    from aiohttp import web

    from bot.conversation.assistant import RasaAssistant
    from bot.conversation.road import Road
    from bot.dossiers.movements import Movements
    from bot.dossiers.sources import Source, Sources
    from bot.feedback.services import Desk
    from bot.feedback.watcher import Watcher
    from bot.notifications.herald import Colleague
    from bot.notifications.models import Medium
    from bot.notifications.office import Office
    from bot.notifications.post import Sender
    from bot.procedures.catalogue import Catalogue


def now() -> datetime:
    """Return the present instant; everything else is handed this clock."""
    return datetime.now(UTC)


def vietnam_today() -> date:
    """Return the date in Vietnam."""
    return now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()


@dataclass(frozen=True)
class Store:
    """The database and the vault, as every program of ours opens them."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    vault: Vault


@asynccontextmanager
async def open_store(settings: Settings, *, inline: bool = False) -> AsyncIterator[Store]:
    """Open the database; raises ValueError for a damaged key file.

    ``inline``: for a process in which nobody waits while SQLite works.
    """
    engine = open_engine(settings.database, inline=inline)
    try:
        yield Store(engine, open_sessions(engine), open_vault(settings))
    finally:
        await engine.dispose()


def open_vault(settings: Settings) -> Vault:
    """Open the vault with the key of the settings, or the one kept in the data folder."""
    if settings.secret_key:
        return Vault(bytes.fromhex(settings.secret_key))
    return Vault(load_or_make_key(settings.data_folder / "secret.key"))


def build_desk(
    settings: Settings, store: Store, ring: Callable[[str], None] | None = None
) -> "Desk":
    """Put together what services of feedback need, with the way to reporters.

    ``ring``: the gateway's ``Road.ring``; a brain has none, its turns tell the gateway.
    """
    from bot.conversation.notices import Notices
    from bot.feedback.deadlines import load_deadlines
    from bot.feedback.services import Desk
    from bot.questions.stripping import strip

    notices = Notices(store.vault, settings.node_name, now, ring)
    return Desk(store.vault, load_deadlines(), notices.tell_reporter, strip)


def build_road(settings: Settings, store: Store, model: Path) -> "Road":
    """Put the road of a message together for this gateway."""
    from bot.conversation.road import Road
    from bot.feedback.evidence import UNBOUND_KEPT, forget_unbound
    from bot.feedback.retention import Retention
    from bot.notifications.post import forget as forget_notifications
    from bot.questions.services import forget
    from bot.storage.misses import forget_misses

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


def build_watcher(settings: Settings, store: Store, road: "Road") -> "Watcher":
    """Put together what looks after the deadlines of cases."""
    from bot.feedback.watcher import Watcher

    return Watcher(store.sessions, build_desk(settings, store, road.ring), now)


def build_movements(
    settings: Settings, store: Store, road: "Road", source: "Source"
) -> "Movements":
    """Put together what tells people that a dossier has moved."""
    from bot.conversation.contracts import Button, Reply
    from bot.conversation.notices import Notices
    from bot.dossiers.answers import moved
    from bot.dossiers.dossier import Dossier
    from bot.dossiers.movements import STOP_PAYLOAD, Movements
    from bot.dossiers.wording import STOP_TELLING
    from bot.feedback.working_time import vietnam

    notices = Notices(store.vault, settings.node_name, now, road.ring)
    stop = Button(STOP_TELLING, STOP_PAYLOAD)

    async def tell(session: AsyncSession, conversation: str, dossier: Dossier) -> bool:
        told = moved(dossier, vietnam_today(), vietnam().working_days)
        reply = Reply(told.text, (stop,), custom={"card": told.card})
        return await notices.write(session, conversation, reply)

    return Movements(store.sessions, store.vault, source, tell)


def build_office(settings: Settings, store: Store) -> "Office":
    """Put together what notifies the staff."""
    from bot.feedback.feed import newest_event, news_after
    from bot.feedback.telling.wording import CATEGORIES
    from bot.notifications.herald import Happening, Herald, Read
    from bot.notifications.models import Occasion
    from bot.notifications.office import Office
    from bot.notifications.post import Post

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


async def colleagues(session: AsyncSession) -> "list[Colleague]":
    """List who handles cases, and where."""
    from bot.feedback.area import Area
    from bot.notifications.herald import Colleague
    from bot.staff.models import StaffRole
    from bot.staff.services import everybody

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


def build_senders(settings: Settings) -> "dict[Medium, Sender]":
    """Open the ways out that are set up."""
    from bot.notifications.mail import MailSender, MailServer, Security
    from bot.notifications.models import Medium

    senders: dict[Medium, Sender] = {}
    if settings.telegram_token:
        from bot.channels.telegram import TelegramSender

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


def build_web(settings: Settings, store: Store, road: "Road") -> "web.Application":
    """Put up the doors: the chat page, REST, forms, the console, and what operators look at."""
    from aiohttp import web

    from bot.channels.forms import Shelf, add_forms
    from bot.channels.operators import Pulse, add_operators
    from bot.channels.rest import RestDoor, add_rest
    from bot.channels.web.outcomes import AT, Published, add_outcomes
    from bot.channels.web.routes import add_web_chat
    from bot.channels.web.site import WebChat
    from bot.console import Console, add_console
    from bot.conversation.uploads import RoadUploads
    from bot.feedback.pictures import Cleaner
    from bot.staff.sessions import Lifetime

    app = web.Application()
    uploads = RoadUploads(store.sessions, store.vault, now, Cleaner())
    chat = WebChat(road.inbox, road.journal, uploads, settings.hotline, settings.public_origin)
    add_web_chat(app, chat)
    add_outcomes(app, Published(store.sessions, store.vault, settings.origin))
    add_rest(app, RestDoor(road.ask, road.brains.parse, settings.token))
    add_forms(app, Shelf(partial(find_form, settings.data_folder / "forms")))
    add_operators(app, Pulse(road, settings.token))
    desk = build_desk(settings, store, road.ring)
    lifetime = Lifetime(
        timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    )
    console = Console(
        store.sessions,
        desk,
        now,
        settings.public_origin,
        lifetime=lifetime,
        outcomes_at=f"{settings.origin}{AT}",
    )
    add_console(app, console)
    return app


@asynccontextmanager
async def open_assistant(
    settings: Settings, store: Store, model: Path
) -> AsyncIterator[tuple["RasaAssistant", "Catalogue"]]:
    """Load the trained assistant with its catalogue; raises BadModel."""
    from actions.registry import build_actions
    from actions.services import Opened, Services
    from bot.conversation.assistant import load_assistant
    from bot.dossiers.inquiries import Inquiries
    from bot.dossiers.services import Desk as DossierDesk
    from bot.feedback.evidence import bind
    from bot.feedback.following import Window
    from bot.feedback.services import Told, open_case
    from bot.feedback.sightings import masked
    from bot.feedback.working_time import vietnam
    from bot.procedures.catalogue import Catalogue
    from bot.questions.question import Missed
    from bot.questions.services import note
    from bot.questions.stripping import NUMBER

    def form_file(form: Form) -> str | None:
        there = find_form(settings.data_folder / "forms", form.id)
        return f"{settings.origin}{FORMS_PATH}{form.id}" if there else None

    async def note_missed(missed: Missed) -> None:
        bare = msgspec.structs.replace(missed, text=masked(missed.text, NUMBER))
        await note(current_session(), bare, now(), model.name)

    desk = build_desk(settings, store)

    async def keep_case(told: Told, evidence: Sequence[str], conversation: str) -> Opened:
        session, at = current_session(), now()
        case, code = await open_case(session, desk, told, at)
        taken: tuple[str, ...] = ()
        if evidence:
            taken = await bind(session, desk.vault, evidence, case.id, conversation, at)
        return Opened(case.id, code, case.triage_due_at, case.answer_due_at, len(taken))

    catalogue = Catalogue(store.sessions)
    await catalogue.refresh()
    async with open_dossiers(settings, store) as source:
        inquiries = Inquiries(
            DossierDesk(source, store.vault), current_session, now, vietnam().working_days
        )
        services = Services(
            catalogue,
            settings.hotline,
            form_file,
            note_missed=note_missed,
            open_case=keep_case,
            dossiers=inquiries,
            controller=settings.controller,
            window=Window(desk, current_session, now),
        )
        yield load_assistant(model, build_actions(services)), catalogue


@asynccontextmanager
async def open_dossiers(settings: Settings, store: Store) -> AsyncIterator["Sources"]:
    """Open the systems in which dossiers are looked up; raises BadMapping."""
    import aiohttp

    from bot.dossiers.configuration import Means, build_sources, read_sources

    path = Path(settings.dossier_sources) if settings.dossier_sources else None
    file = read_sources(path)
    async with aiohttp.ClientSession() as http:
        means = Means(store.sessions, store.vault, http, os.environ, vietnam_today)
        yield build_sources(file, path.parent if path else Path(), means)
