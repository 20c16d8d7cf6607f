"""Keeping the questions that the bot missed, and what people say that they mean."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.questions.errors import AlreadyTaken, BadTable, Problem
from bot.questions.models import Question
from bot.questions.question import Label, Missed, Reading, State
from bot.questions.stripping import strip, tells_anything
from bot.questions.table import Mark
from bot.storage.base import Base
from bot.vietnamese import fold, normalise, words

NO_LABEL = {"label_intent": "", "label_meant": None, "label_codes": "", "label_note": ""}

_question = Base.metadata.tables[Question.__tablename__]
_UNDERSTOOD = (
    "last_asked_at",
    "intent",
    "confidence",
    "readings",
    "decision",
    "best_code",
    "chance",
    "model",
)


def _counting(insert: Any) -> Any:
    """Build the one statement that adds a question or counts it once more."""
    row = insert.values(
        {name: bindparam(name) for name in ("fingerprint", "text", "first_asked_at", *_UNDERSTOOD)}
        | {"times_asked": 1, "state": State.OPEN, "labelled_by": "", **NO_LABEL}
    )
    return row.on_conflict_do_update(
        index_elements=[_question.c.fingerprint],
        set_={name: row.excluded[name] for name in _UNDERSTOOD}
        | {"times_asked": _question.c.times_asked + 1},
    )


# Built once: it runs within a turn, between the first write and the commit.
_COUNT = {
    "sqlite": _counting(sqlite.insert(_question)),
    "postgresql": _counting(postgresql.insert(_question)),
}


async def note(session: AsyncSession, missed: Missed, now: datetime, model: str) -> None:
    """Keep a question that the bot missed, stripped, or count it once more; the caller commits.

    One statement. A question of which nothing is left without its personal data is not kept. What
    was understood last takes the place of what was understood before; a label stays.
    """
    text = strip(missed.text)
    if not tells_anything(text):
        return
    understood = missed.readings[0] if missed.readings else Reading("", 0.0)
    row = {
        "fingerprint": fingerprint(text),
        "text": text,
        "first_asked_at": now,
        "last_asked_at": now,
        "intent": understood.intent,
        "confidence": understood.confidence,
        "readings": msgspec.json.encode(missed.readings).decode(),
        "decision": missed.decision,
        "best_code": missed.best_code,
        "chance": missed.chance,
        "model": model,
    }
    await session.execute(_COUNT[session.get_bind().dialect.name], row)


def fingerprint(text: str) -> str:
    """Return the same 64 hex digits for texts that differ in diacritics or punctuation only."""
    same = " ".join(words(fold(normalise(text))))
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()


def readings_of(question: Question) -> tuple[Reading, ...]:
    """Return the likeliest intents of a question, best first."""
    return msgspec.json.decode(question.readings, type=tuple[Reading, ...])


def label_of(question: Question) -> Label | None:
    """Return the label of a question; None where it has none."""
    if question.state is not State.LABELLED:
        return None
    codes = tuple(filter(None, question.label_codes.split(",")))
    return Label(question.label_intent, question.label_meant, codes, question.label_note)


async def questions(session: AsyncSession, states: Collection[State]) -> Sequence[Question]:
    """Return the questions of these states, those asked most often first."""
    found = await session.scalars(_in_order().where(Question.state.in_(states)))
    return found.all()


async def next_open(session: AsyncSession, passed_over: Collection[int]) -> Question | None:
    """Return the open question that was asked most often, but for those passed over."""
    open_ones = _in_order().where(Question.state == State.OPEN, Question.id.not_in(passed_over))
    found: Question | None = await session.scalar(open_ones.limit(1))
    return found


async def count_open(session: AsyncSession) -> int:
    """Count the questions that wait for a label."""
    waiting = select(func.count()).where(Question.state == State.OPEN)
    return await session.scalar(waiting) or 0


def _in_order() -> Any:
    return select(Question).order_by(
        Question.times_asked.desc(), Question.last_asked_at.desc(), Question.id
    )


async def decide(
    session: AsyncSession, id: int, label: Label | None, by: str, now: datetime
) -> None:
    """Label an open question, or dismiss it (``label`` None); the caller commits.

    Raises AlreadyTaken when it is not open any more.
    """
    decided = await session.execute(
        update(Question)
        .where(Question.id == id, Question.state == State.OPEN)
        .values(**_labelled(label), labelled_by=by, labelled_at=now)
    )
    if not decided.rowcount:  # type: ignore[attr-defined]
        raise AlreadyTaken(id)


def _labelled(label: Label | None) -> dict[str, Any]:
    if label is None:
        return {"state": State.DISMISSED, **NO_LABEL}
    return {
        "state": State.LABELLED,
        "label_intent": label.intent,
        "label_meant": label.meant,
        "label_codes": ",".join(label.codes),
        "label_note": label.note,
    }


@dataclass
class Imported:
    """What an import did, in rows of the file."""

    labelled: int = 0
    dismissed: int = 0
    unchanged: int = 0


async def import_marks(
    session: AsyncSession, marks: Iterable[Mark], by: str, now: datetime
) -> Imported:
    """Keep what volunteers filled in; the caller commits. Doing it again changes nothing.

    A question that has another label already gets the one of the file. Raises BadTable, before
    anything is written, when a line names no question, or another one than its text says.
    """
    marks = list(marks)
    known = {question.id: question for question in await session.scalars(select(Question))}
    _check(marks, known)
    done = Imported()
    for mark in marks:
        _apply(known[mark.id], mark, done, by, now)
    await session.flush()
    return done


def _check(marks: Sequence[Mark], known: dict[int, Question]) -> None:
    problems: list[tuple[int, str]] = []
    first: dict[int, Mark] = {}
    for mark in marks:
        question = known.get(mark.id)
        if question is None:
            problems.append((mark.line, Problem.UNKNOWN_QUESTION.value))
        elif mark.text and fingerprint(mark.text) != question.fingerprint:
            problems.append((mark.line, Problem.OTHER_TEXT.value))
        elif first.setdefault(mark.id, mark).label != mark.label:
            problems.append((mark.line, Problem.TWICE.value))
    if problems:
        raise BadTable(problems)


def _apply(question: Question, mark: Mark, done: Imported, by: str, now: datetime) -> None:
    wanted = _labelled(mark.label)
    if all(getattr(question, name) == value for name, value in wanted.items()):
        done.unchanged += 1
        return
    if mark.label is None:
        done.dismissed += 1
    else:
        done.labelled += 1
    for name, value in (wanted | {"labelled_by": by, "labelled_at": now}).items():
        setattr(question, name, value)


async def forget(connection: AsyncConnection, last_kept: datetime) -> None:
    """Delete what nobody labelled and nobody asked since ``last_kept``; the caller commits."""
    await connection.execute(
        delete(Question).where(Question.state != State.LABELLED, Question.last_asked_at < last_kept)
    )
