"""What staff can do on the page of a case: the fields of each form, and the service it calls."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.acting import actor_of, area_of
from bot.feedback import merging, notes, publishing, services
from bot.feedback.category import Category, Subtype
from bot.feedback.chain import Actor
from bot.feedback.errors import BadDetails, NoSuchCase
from bot.feedback.models import Case, Kind
from bot.feedback.publishing import Texts
from bot.feedback.services import Desk, Step
from bot.feedback.states import Move, Rejection, State
from bot.feedback.templates import GAP
from bot.questions.stripping import strip
from bot.staff.models import Account


class TextHasGap(Exception):
    """A text to the reporter in which a place of a template is still to be written."""


class NotResponsible(Exception):
    """A case was to be given to somebody who may not work on it."""


@dataclass(frozen=True)
class Doing:
    """Somebody doing something with a case, which is held as they saw it."""

    session: AsyncSession
    desk: Desk
    case: Case
    account: Account
    names: frozenset[str]  # accounts that may work on the case
    fields: Mapping[str, str]
    now: datetime
    outcomes_at: str

    @property
    def actor(self) -> Actor:
        """As whom it is done."""
        return actor_of(self.account)

    def text(self, name: str = "words") -> str:
        """Return a text for the reporter. Raises TextHasGap."""
        text = self.fields.get(name, "")
        if GAP in text:
            raise TextHasGap
        return text

    async def move(self, step: Step) -> None:
        """Move the case."""
        await services.move(self.session, self.desk, self.case.id, step, self.actor, self.now)


@dataclass(frozen=True)
class Act:
    """One form of the page."""

    did: Move | Kind  # the event that tells it
    does: Callable[[Doing], Awaitable[None]]
    notice: str  # a key of texts.NOTICES
    brings: tuple[str, ...] = ()  # the fields that the event tells


E = TypeVar("E", bound=Enum)


def _one(enum: type[E], value: str) -> E | None:
    """Read a choice of a form; None for none. Raises BadDetails."""
    if not value:
        return None
    try:
        return enum(value)
    except ValueError:
        raise BadDetails("no such choice") from None


async def _triage(doing: Doing) -> None:
    category = _one(Category, doing.fields.get("category", ""))
    subtype = _one(Subtype, doing.fields.get("subtype", ""))
    if category is not Category.IMPROPER_DEMAND:
        subtype = None  # without script the field of it stays on the page
    await doing.move(Step(Move.TRIAGE, category=category, subtype=subtype))


async def _assign(doing: Doing) -> None:
    assignee = doing.fields.get("assignee", "")
    if assignee and assignee not in doing.names:
        raise NotResponsible
    await doing.move(Step(Move.ASSIGN, assignee=assignee))


async def _answer(doing: Doing) -> None:
    await doing.move(Step(Move.ANSWER, note=doing.text()))
    others = doing.text("followers_words")
    if others.strip():
        await merging.tell_followers(
            doing.session, doing.desk, doing.case.id, others, doing.actor, doing.now
        )


async def _ask(doing: Doing) -> None:
    await doing.move(Step(Move.ASK, note=doing.text()))


async def _transfer(doing: Doing) -> None:
    body = doing.fields.get("body", "").strip()
    await doing.move(Step(Move.TRANSFER, note=doing.text(), body=body))


async def _reject(doing: Doing) -> None:
    reason = _one(Rejection, doing.fields.get("rejection", ""))
    await doing.move(Step(Move.REJECT, note=doing.text(), rejection=reason))


async def _merge(doing: Doing) -> None:
    number = doing.fields.get("original", "").strip()
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NoSuchCase
    original = await doing.session.get(Case, int(number))
    area = area_of(doing.account)
    if original is None or not area.covers(original.province_code, original.commune_code):
        raise NoSuchCase(int(number))
    if original.id == doing.case.id or original.state is State.DUPLICATE:
        raise NoSuchCase(original.id)
    await merging.merge(
        doing.session,
        doing.desk,
        doing.case.id,
        original.id,
        doing.text(),
        doing.actor,
        doing.now,
    )


async def _take_back(doing: Doing) -> None:
    await doing.move(Step(Move.TAKE_BACK, note=doing.fields.get("words", "")))


async def _write(doing: Doing) -> None:
    await services.add_to_case(
        doing.session, doing.desk, doing.case.id, doing.text(), doing.actor, doing.now
    )


async def _note(doing: Doing) -> None:
    text = doing.fields.get("words", "")
    await notes.add_note(
        doing.session, doing.desk, doing.case.id, text, doing.actor, doing.names, doing.now
    )


async def _draft(doing: Doing) -> None:
    texts = Texts(doing.fields.get("matter", ""), doing.fields.get("outcome", ""))
    await publishing.draft(doing.session, doing.desk, doing.case.id, texts, doing.actor, doing.now)


async def _publish(doing: Doing) -> None:
    await publishing.publish(
        doing.session,
        doing.desk,
        doing.case.id,
        strip,
        doing.actor,
        doing.now,
        nothing_personal=doing.fields.get("nothing_personal") == "yes",
        page=doing.outcomes_at,
    )


async def _unpublish(doing: Doing) -> None:
    reason = doing.fields.get("words", "")
    await publishing.unpublish(
        doing.session, doing.desk, doing.case.id, reason, doing.actor, doing.now
    )


def _simply(move: Move) -> Callable[[Doing], Awaitable[None]]:
    """Return an act that only moves the case."""

    async def does(doing: Doing) -> None:
        await doing.move(Step(move))

    return does


ACTS: Mapping[str, Act] = {
    "triage": Act(Move.TRIAGE, _triage, "triaged", ("category",)),
    "assign": Act(Move.ASSIGN, _assign, "assigned", ("assignee",)),
    "start": Act(Move.START, _simply(Move.START), "started"),
    "ask": Act(Move.ASK, _ask, "asked", ("words",)),
    "resume": Act(Move.RESUME, _simply(Move.RESUME), "resumed"),
    "answer": Act(Move.ANSWER, _answer, "answered", ("words",)),
    "close": Act(Move.CLOSE, _simply(Move.CLOSE), "closed"),
    "transfer": Act(Move.TRANSFER, _transfer, "transferred", ("body", "words")),
    "merge": Act(Move.MERGE, _merge, "merged", ("original",)),
    "reject": Act(Move.REJECT, _reject, "rejected", ("rejection", "words")),
    "take_back": Act(Move.TAKE_BACK, _take_back, "taken_back", ("words",)),
    "message": Act(Kind.MESSAGE, _write, "written", ("words",)),
    "note": Act(Kind.NOTE, _note, "noted", ("words",)),
    "draft": Act(Kind.DRAFTED, _draft, "drafted", ("matter", "outcome")),
    "publish": Act(Kind.PUBLISHED, _publish, "published"),
    "unpublish": Act(Kind.UNPUBLISHED, _unpublish, "unpublished", ("words",)),
}
