"""The templates of answers that leads wrote, beside those that come with the program."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback import audit
from bot.feedback.chain import Actor
from bot.feedback.errors import BadTemplate
from bot.feedback.models import AnswerTemplate, Kind
from bot.feedback.templates import Template, TemplateUse, built_in_templates, check
from bot.storage.vault import Vault
from bot.vietnamese import clean


async def templates(session: AsyncSession, use: TemplateUse | None = None) -> Sequence[Template]:
    """Return every template (of one use); one that a lead wrote stands in its namesake's place.

    Those of the program come first, in the order of their file, what is needed most on top.
    """
    rows = await session.scalars(select(AnswerTemplate).order_by(AnswerTemplate.name))
    found = {each.name: each for each in built_in_templates()}
    found |= {row.name: Template(row.name, row.use, row.text) for row in rows}
    return [each for each in found.values() if use in (None, each.use)]


async def own_names(session: AsyncSession) -> frozenset[str]:
    """Return the names of the templates that leads wrote."""
    return frozenset(await session.scalars(select(AnswerTemplate.name)))


async def save_template(
    session: AsyncSession, vault: Vault, template: Template, by: Actor, now: datetime
) -> AnswerTemplate:
    """Keep a template, in place of one of the same name, and tell so in the audit.

    Raises BadTemplate.
    """
    template = Template(clean(template.name), template.use, template.text.strip())
    check(template)
    row = await _own(session, template.name)
    if row is None:
        row = AnswerTemplate(name=template.name)
        session.add(row)
    row.use, row.text = template.use, template.text
    row.written_by, row.written_at = by.account, now
    note = f"{template.name}\n{template.text}"
    await audit.record(session, vault, Kind.TEMPLATE_SAVED, by, now, note=note)
    return row


async def drop_template(
    session: AsyncSession, vault: Vault, name: str, by: Actor, now: datetime
) -> None:
    """Forget a template of a lead; the one of the program, if any, is there again.

    That it was dropped is told in the audit. Raises BadTemplate when no lead wrote it.
    """
    row = await _own(session, name)
    if row is None:
        raise BadTemplate("no lead wrote a template of this name")
    await session.delete(row)
    await audit.record(session, vault, Kind.TEMPLATE_DROPPED, by, now, note=name)


async def _own(session: AsyncSession, name: str) -> AnswerTemplate | None:
    found: AnswerTemplate | None = await session.scalar(
        select(AnswerTemplate).where(AnswerTemplate.name == name)
    )
    return found
