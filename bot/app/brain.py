"""A brain: the trained assistant with all that it asks. Only here Rasa is reached."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from actions.registry import build_actions
from actions.services import Opened, Services
from bot.app.desks import build_desk, open_dossiers
from bot.app.store import Store, now
from bot.conversation.assistant import RasaAssistant, load_assistant
from bot.dossiers.inquiries import Inquiries
from bot.dossiers.services import Desk as DossierDesk
from bot.feedback.evidence import bind, dossiers_of
from bot.feedback.following import Window
from bot.feedback.services import Told, open_case
from bot.feedback.sightings import masked
from bot.procedures.catalogue import Catalogue
from bot.procedures.forms import FORMS_PATH, find_form
from bot.procedures.procedure import Form
from bot.questions.question import Missed
from bot.questions.services import note
from bot.questions.stripping import NUMBER
from bot.settings import Settings
from bot.storage.unit_of_work import current_session
from bot.working_time.calendar import vietnam


@asynccontextmanager
async def open_assistant(
    settings: Settings, store: Store, model: Path
) -> AsyncIterator[tuple[RasaAssistant, Catalogue]]:
    """Load the trained assistant with its catalogue; raises BadModel."""

    def form_file(form: Form) -> str | None:
        there = find_form(settings.data_folder / "forms", form.id)
        return f"{settings.origin}{FORMS_PATH}{form.id}" if there else None

    async def note_missed(missed: Missed) -> None:
        bare = msgspec.structs.replace(missed, text=masked(missed.text, NUMBER))
        await note(current_session(), bare, now(), model.name)

    async def read_pictures(conversation: str, attachments: Sequence[str]) -> Sequence[str]:
        return await dossiers_of(current_session(), store.vault, attachments, conversation)

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
        yield load_assistant(model, build_actions(services), read_pictures), catalogue
