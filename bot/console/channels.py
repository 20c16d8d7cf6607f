"""Channels (kênh): what is on its way to the messaging apps, and what was given up and why."""

from aiohttp import web

from bot.console import channel_texts
from bot.console.acting import actor_of
from bot.console.frame import ACCOUNT, CONSOLE, FORM, HOME, Page, Place, allowed, lead_to, render
from bot.conversation.deliveries import PAGE as ROWS
from bot.conversation.deliveries import Queue, Standing, newest_parked, queues, send_again
from bot.doors.http import Refused, read_number
from bot.feedback import audit
from bot.feedback.models import Kind
from bot.notifications.alarms import open_alarms, who_is_told
from bot.notifications.wording import CHANNELS
from bot.staff.models import StaffRole
from bot.staff.services import operators

_AT = "/kenh"


@allowed(StaffRole.ADMIN, StaffRole.LEAD)
async def show_channels(request: web.Request) -> web.Response:
    """Each channel with its queue, and the parked messages below; `?before=` pages."""
    console = request.app[CONSOLE]
    before = read_number(request.query.get("before"), "before")
    async with console.sessions() as session:
        queued = await queues(session)
        parked = await newest_parked(session, before=before, limit=ROWS)
        alarms = await open_alarms(session)
        accounts = await operators(session)
        told = await who_is_told(session, console.vault, accounts, console.ways)
    standing = {each.channel: each for each in console.outgoing.standings()}
    names = sorted({*standing, *queued})
    context = {
        "words": channel_texts.CHANNELS,
        "names": CHANNELS,
        "alarms": alarms,
        "told": told,
        "rows": [(name, standing.get(name), queued.get(name, Queue(name))) for name in names],
        "state_of": _state,
        "parked": parked,
        "before": before,
        "older": parked[-1].id if len(parked) == ROWS else None,
    }
    return render(request, "channels.html", context)


def _state(standing: Standing | None) -> str:
    if standing is None:
        return channel_texts.CHANNELS["off"]
    if standing.troubles:
        return channel_texts.CHANNELS["trouble"]
    return channel_texts.CHANNELS["closed" if standing.is_closed else "open"]


@allowed(StaffRole.ADMIN, StaffRole.LEAD)
async def try_again(request: web.Request) -> web.Response:
    """Let one parked message wait for its delivery again."""
    console, account = request.app[CONSOLE], request[ACCOUNT]
    id = read_number(request[FORM].get("id"), "id")
    if id is None:
        raise Refused(400, "wrong_number", "id is missing")
    now = console.now()
    async with console.sessions() as session, session.begin():
        channel = await send_again(session, id, console.outgoing.node, now)
        if channel is not None:
            note, by = f"{channel}, {id}", actor_of(account)
            await audit.record(session, console.vault, Kind.SENT_AGAIN, by, now, note=note)
    console.outgoing.ring()
    return lead_to(HOME + _AT, notice="not_parked" if channel is None else "sent_again")


PAGE = Page((web.get(_AT, show_channels), web.post(_AT, try_again)), Place.CHANNELS)
