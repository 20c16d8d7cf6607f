"""The doors of the gateway."""

from datetime import timedelta
from functools import partial

from aiohttp import web

from bot.app.alarms import add_alarms, open_ways
from bot.app.channels import add_channels, build_channels, build_outgoing, build_uploads
from bot.app.desks import build_desk
from bot.app.store import Store, now
from bot.channels.counts import Counts
from bot.channels.forms import Shelf, add_forms
from bot.channels.operators import Pulse, add_operators
from bot.channels.rest import RestDoor, add_rest
from bot.channels.web.outcomes import AT, Published, add_outcomes
from bot.channels.web.routes import add_web_chat
from bot.channels.web.site import WebChat
from bot.console import Console, add_console
from bot.conversation.road import Road
from bot.dossiers.letter import load_template
from bot.procedures.forms import find_form
from bot.settings import Settings
from bot.staff.sessions import Lifetime


def build_web(settings: Settings, store: Store, road: Road) -> web.Application:
    """Put up the doors: the chat page, REST, forms, the console, and what operators look at."""
    app = web.Application()
    uploads, counts = build_uploads(store), Counts()
    channels = build_channels(settings, store, road, uploads, counts)
    chat = WebChat(
        road.inbox,
        road.journal,
        uploads,
        settings.hotline,
        settings.public_origin,
        settings.history_days,
        settings.case_days,
    )
    add_web_chat(app, chat)
    add_outcomes(app, Published(store.sessions, store.vault, settings.origin))
    add_rest(app, RestDoor(road.ask, road.brains.parse, settings.token))
    add_forms(app, Shelf(partial(find_form, settings.data_folder / "forms")))
    add_channels(app, channels, counts)
    add_alarms(app, settings, store, road, channels)
    pulse = Pulse(road, store.engine, counts, channels, now, settings.token)
    add_operators(app, pulse)
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
        letter=load_template(settings.apology_template),
        outcomes_at=f"{settings.origin}{AT}",
        outgoing=build_outgoing(settings, road, channels),
        agency=settings.controller,
        ways=open_ways(settings),
    )
    add_console(app, console)
    return app
