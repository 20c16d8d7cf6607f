"""What a browser shows: the chat page, whole without any script, and the page on privacy."""

import asyncio
import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

import aiohttp_jinja2
import msgspec
from aiohttp import web
from msgspec import Struct, field

from bot.channels.base import Button, StorageDown
from bot.channels.web import texts
from bot.channels.web.cookie import Visitor, new_visitor, remember, visitor_of
from bot.channels.web.multipart import read_parts
from bot.channels.web.site import MESSAGE_BYTES, NAME, PAGE_LINES, SITE, TEMPLATES, Site
from bot.channels.web.view import Line
from bot.doors.guard import refuse_other_sites
from bot.doors.http import Refused, read_body, read_form, read_number

PATIENCE = 6.0  # seconds that a form post waits for the answer before it shows the page


class Extra(Struct, frozen=True):
    """What a page says beside the conversation."""

    notice: str = ""  # a key of texts.NOTICES
    draft: str = ""
    status: int = 200
    kept: Sequence[str] = ()  # ids of files that are there, for the message that is not


class Posted(Struct):
    """What a form brought so far; what is read before a refusal is not lost by it."""

    fields: dict[str, str] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was written; forms break lines their own way."""
        return self.fields.get("text", "").replace("\r\n", "\n")


async def show_page(request: web.Request) -> web.Response:
    """The page with the last lines of the conversation, or those before `?before=`."""
    visitor = visitor_of(request) or new_visitor()
    try:
        before = read_number(request.query.get("before"), "before")
    except Refused:
        before = None  # an address mangled by hand: show the newest
    return await _page(request, visitor, Extra(), before=before)


async def show_privacy(request: web.Request) -> web.Response:
    """What is kept and for how long, what for, and what not to send."""
    chat = request.app[SITE].chat
    kept = {"history_days": chat.history_days, "case_days": chat.case_days}
    return _render("privacy.html", request, {"privacy": texts.PRIVACY, "kept": kept})


async def take_form(request: web.Request) -> web.Response:
    """Take a message from the page without script, and lead back to the page.

    A refusal is said on the page, with what was typed and attached still in the form.
    """
    site = request.app[SITE]
    visitor = visitor_of(request) or new_visitor()
    posted = Posted()
    try:
        refuse_other_sites(request, site.chat.public_origin)
        await _read(request, visitor, posted)
        own_line = await _take(site, visitor, posted)
    except (Refused, StorageDown) as error:
        return await _page(request, visitor, await _said_again(site, visitor, posted, error))
    return _lead_back(request, visitor, f"line-{own_line}" if own_line else "write")


async def _read(request: web.Request, visitor: Visitor, posted: Posted) -> None:
    """Read the form into `posted`, keeping its files. Raises Refused, StorageDown."""
    site = request.app[SITE]
    if request.content_type != "multipart/form-data":  # of a button
        posted.fields = read_form(await read_body(request, 2 * MESSAGE_BYTES))
        return
    async for name, value in read_parts(request, site.room_for_a_file):
        if isinstance(value, bytes):
            posted.attachments.append(await site.keep_file(visitor, value))
        elif name == "attachment":
            posted.attachments.append(value)
        else:
            posted.fields.setdefault(name, value)


async def _said_again(
    site: Site, visitor: Visitor, posted: Posted, error: Refused | StorageDown
) -> Extra:
    if isinstance(error, StorageDown):
        return Extra("storage_down", posted.text, 503)
    kept = await site.still_there(visitor, posted.attachments)
    return Extra(error.error, posted.text, error.status, kept)


async def begin_anew(request: web.Request) -> web.Response:
    """Give the browser a new conversation; the old one can no longer be opened from it."""
    refuse_other_sites(request, request.app[SITE].chat.public_origin)
    return _lead_back(request, new_visitor(), "write")


_FORM_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


async def _take(site: Site, visitor: Visitor, posted: Posted) -> int | None:
    """Keep the form's message and wait a little for its answer; returns the message's line.

    Raises Refused, StorageDown.
    """
    sent_id = posted.fields.get("id", "")
    if not _FORM_ID.fullmatch(sent_id):
        raise Refused(400, "wrong_shape", "the form carries no id")
    choice = _choice(posted.fields.get("choice"))
    if choice:
        await site.put(visitor, sent_id, choice.title, payload=choice.payload)
    elif posted.text.strip() or posted.attachments:
        await site.put(visitor, sent_id, posted.text, attachments=posted.attachments)
    else:
        return None  # an empty form: show the page again
    return await _wait_for_answer(site, visitor, sent_id)


def _choice(value: str | None) -> Button | None:
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=Button)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused(400, "wrong_shape", "not a button of ours") from None


async def _wait_for_answer(site: Site, visitor: Visitor, sent_id: str) -> int | None:
    """Return the line of a message once the bot spoke after it, or when patience ends."""
    own = None
    try:
        async with (
            asyncio.timeout(PATIENCE),
            site.chat.journal.subscribe(NAME, visitor.address) as bell,
        ):
            while True:
                lines = await site.lines(visitor)
                own = next((line.id for line in lines if line.message_id == sent_id), None)
                if own is None or any(line.author == "bot" and line.id > own for line in lines):
                    return own
                await bell.rung()
    except (TimeoutError, StorageDown):
        return own  # the message is kept; the answer shows when the page is loaded again


def _lead_back(request: web.Request, visitor: Visitor, to: str) -> web.Response:
    answer = web.Response(status=303, headers={"Location": f"/#{to}"})
    remember(visitor, answer, https=request.app[SITE].chat.is_https(request))
    return answer


async def _page(
    request: web.Request, visitor: Visitor, extra: Extra, *, before: int | None = None
) -> web.Response:
    site = request.app[SITE]
    try:
        lines = await site.lines(visitor, before=before)
    except StorageDown:
        lines, extra = [], Extra("storage_down", extra.draft, 503, extra.kept)
    page = _render("page.html", request, _context(visitor, lines, extra, before))
    page.set_status(extra.status)
    remember(visitor, page, https=site.chat.is_https(request))
    return page


def _context(
    visitor: Visitor, lines: list[Line], extra: Extra, before: int | None
) -> dict[str, Any]:
    notice = texts.NOTICES.get(extra.notice, texts.NOTICES["other"]) if extra.notice else ""
    return {
        "script": texts.SCRIPT,
        "notice": notice,
        "draft": extra.draft,
        "kept": extra.kept,
        "lines": lines,
        "older": lines[0].id if len(lines) == PAGE_LINES else None,
        "before": before,
        "conversation": visitor.conversation,
        "now": round(time.time() * 1000),  # milliseconds: the script's measure of a line's age
        "new_id": lambda: str(uuid.uuid4()),
        "choice": lambda button: msgspec.json.encode(button).decode(),
    }


def _render(template: str, request: web.Request, context: dict[str, Any]) -> web.Response:
    site = request.app[SITE]
    shared = {"words": texts.PAGE, "hotline": site.chat.hotline, "asset": site.assets}
    page = aiohttp_jinja2.render_template(
        template, request, {**shared, **context}, app_key=TEMPLATES
    )
    page.enable_compression()
    return page
