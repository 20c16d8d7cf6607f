"""Fetching the blank forms that the catalogue's official records name and that are not here yet."""

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.procedures.errors import PortalRefused, PortalTimeout
from bot.procedures.forms import NotAForm, find_form, keep_form
from bot.procedures.portal import Portal
from bot.procedures.procedure import Form, Procedure
from bot.procedures.report import Report
from bot.procedures.sync import Progress, all_or_cancel

_AT_A_TIME = 20  # forms held in memory together


def missing_forms(procedures: Iterable[Procedure], folder: Path) -> list[Form]:
    """Return the forms that have no file in ``folder`` yet, each once."""
    named = {
        form.id: form
        for procedure in procedures
        for group in procedure.component_groups
        for component in group.components
        for form in component.forms
    }
    return [form for form in named.values() if find_form(folder, form.id) is None]


async def fetch_forms(
    portal: Portal, forms: list[Form], folder: Path, report: Report, progress: Progress
) -> None:
    """Fetch ``forms`` into ``folder``; what is no document is reported and left out.

    Raises PortalStopped when the portal turned us away; the forms fetched until then stay.
    """
    await asyncio.to_thread(_clear_remains, folder)
    report.forms = 0
    for start in range(0, len(forms), _AT_A_TIME):
        progress("forms", start, len(forms))
        await all_or_cancel(
            _fetch_form(portal, form, folder, report) for form in forms[start : start + _AT_A_TIME]
        )
    progress("forms", len(forms), len(forms))


async def _fetch_form(portal: Portal, form: Form, folder: Path, report: Report) -> None:
    try:
        content = await portal.form(form.id)
        await asyncio.to_thread(keep_form, folder, form.id, form.file_name, content)
    except (PortalRefused, PortalTimeout, NotAForm) as error:
        report.skip(f"form {form.id}", str(error))
    else:
        report.forms = (report.forms or 0) + 1


def _clear_remains(folder: Path) -> None:
    """Remove what a run that was killed while writing left behind."""
    for remains in folder.glob(".part-*"):
        shutil.rmtree(remains, ignore_errors=True)
