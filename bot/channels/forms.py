"""Blank forms (mẫu đơn, tờ khai) that were fetched from the portal, for citizens to download."""

from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from bot.doors.http import Refused, answer_in_json
from bot.procedures.forms import FORMS_PATH


class Shelf(Struct, frozen=True):
    """Where the forms are found: the file of a form's id, or None."""

    find: Callable[[str], Path | None]


SHELF = web.AppKey("form_shelf", Shelf)


def add_forms(app: web.Application, shelf: Shelf) -> None:
    """Add the download of forms to an application."""
    app[SHELF] = shelf
    answer_in_json(app)
    app.add_routes([web.get(FORMS_PATH + "{form_id}", send_form)])


async def send_form(request: web.Request) -> web.FileResponse:
    """Send one form as a download."""
    file = request.app[SHELF].find(request.match_info["form_id"])
    if file is None:
        raise Refused(404, "not_found", "no such form")
    answer = web.FileResponse(file, headers={"X-Content-Type-Options": "nosniff"})
    answer.headers["Content-Disposition"] = f'attachment; filename="bieu-mau{file.suffix}"'
    return answer
