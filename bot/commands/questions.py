"""The commands about questions that the bot missed: out to volunteers, labelled, and back in."""

import asyncio
import getpass
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from tqdm import tqdm

from bot.conversation.model_file import ROOT
from bot.evaluation.files import BadFile, Line, read_table
from bot.procedures.catalogue import Catalogue
from bot.procedures.cli import Sessions, opened, run
from bot.procedures.models import ProcedureRow
from bot.questions import services, wording
from bot.questions.errors import AlreadyTaken, BadLabel, BadTable, QuestionError
from bot.questions.labelling import Command, Offer, Procedure, offer_lines, read_answer
from bot.questions.models import Question
from bot.questions.question import Label, State
from bot.questions.table import (
    FILLED_IN,
    Known,
    Mark,
    intent_rows,
    procedure_rows,
    read_mark,
    to_label,
)
from bot.settings import Settings

ReadLine = Callable[[str], str]
FOR_TRAINING = {"intents": intent_rows, "procedures": procedure_rows}
MOST_PROCEDURES = 8
NO_INTENT = "nlu_fallback"


by_whom = click.option(
    "--by", default=getpass.getuser, metavar="NAME", help="Who labels; by default your login."
)


@click.group()
def questions() -> None:
    """Label the questions that the bot missed, in the terminal or in a spreadsheet."""


@questions.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; else to stdout."
)
@click.option("--all", "everything", is_flag=True, help="Also those labelled or dismissed.")
@click.option(
    "--labelled",
    type=click.Choice(list(FOR_TRAINING)),
    help="Instead the labelled ones, in the columns of nlu/evaluation/intents.tsv or "
    "procedures.tsv, to be moved into the training data by hand.",
)
@click.pass_obj
def export(settings: Settings, out: Path | None, everything: bool, labelled: str | None) -> None:
    """Write the questions that wait for a label as a table, those asked most often first.

    Volunteers fill in the columns intent, kind, codes and note; `import` takes the file back.
    """
    if labelled and everything:
        raise click.UsageError("--labelled and --all go one without the other")
    run(_export(settings, out, everything, labelled))


async def _export(
    settings: Settings, out: Path | None, everything: bool, labelled: str | None
) -> None:
    states = set(State) if everything else {State.LABELLED if labelled else State.OPEN}
    async with opened(settings) as sessions, sessions() as session:
        found = await services.questions(session, states)
    lines = list(FOR_TRAINING[labelled](found) if labelled else to_label(found))
    if out is None:
        click.echo("".join(lines), nl=False)
        return
    # Spreadsheets take a file for UTF-8 only with a mark; the repository's files have none.
    encoding = "utf-8" if labelled else "utf-8-sig"
    try:
        await asyncio.to_thread(_write_new, out, "".join(lines), encoding)
    except FileExistsError:
        raise click.ClickException(
            f"{out} is there already, and may hold somebody's labels; take another name"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{len(lines) - 1} questions written to {out}", err=True)


def _write_new(out: Path, content: str, encoding: str) -> None:
    with out.open("x", encoding=encoding) as file:
        file.write(content)


@questions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@by_whom
@click.pass_obj
def import_(settings: Settings, file: Path, by: str) -> None:
    """Take back FILE.tsv, in which volunteers have filled in labels.

    Rows without an intent are passed over; the intent `dismiss` puts a question aside. When a row
    is wrong, nothing is imported and every wrong row is named. Importing again changes nothing.
    """
    run(_import(settings, _read(file), by))


async def _import(settings: Settings, lines: Sequence[Line], by: str) -> None:
    async with opened(settings) as sessions, sessions() as session, session.begin():
        try:
            marks = _marks(lines, await _known(session))
            done = await services.import_marks(session, marks, by, _now())
        except QuestionError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{len(lines)} rows read, {len(lines) - len(marks)} without a label")
    click.echo(f"{done.labelled} labelled, {done.dismissed} dismissed, {done.unchanged} unchanged")


def _read(file: Path) -> list[Line]:
    try:
        lines = read_table(file, ("id",))
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    if not any(FILLED_IN[0] in line.cells for line in lines):
        raise click.ClickException(f"{file} has no column {FILLED_IN[0]}")
    return lines


def _marks(lines: Sequence[Line], known: Known) -> list[Mark]:
    """Read every line; raises BadTable with all that are wrong."""
    marks: list[Mark] = []
    problems: list[tuple[int, str]] = []
    for line in tqdm(lines, desc="reading", unit=" rows", mininterval=0.5):
        try:
            mark = read_mark(line.number, line.cells, known)
        except BadLabel as error:
            problems.append((line.number, str(error)))
        else:
            marks.extend([mark] if mark else [])
    if problems:
        raise BadTable(problems)
    return marks


@questions.command()
@by_whom
@click.pass_obj
def label(settings: Settings, by: str) -> None:
    """Label open questions one after the other, in the terminal.

    Every answer is kept at once: whoever stops and comes back goes on where they stopped.
    """
    run(_label(settings, by, _typed))


def _typed(prompt: str) -> str:
    """Read a line; Ctrl-C ends the waiting at once, which asyncio's own handling would not."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(prompt)
    finally:
        signal.signal(signal.SIGINT, handler)


async def _label(settings: Settings, by: str, read_line: ReadLine) -> None:
    async with opened(settings) as sessions:
        catalogue = Catalogue(sessions)
        await catalogue.refresh()
        async with sessions() as session:
            known = await _known(session)
        await Table(sessions, catalogue, known, by, read_line).work()


@dataclass
class Table:
    """The table at which one volunteer (tình nguyện viên) labels; counts what was done at it."""

    sessions: Sessions
    catalogue: Catalogue
    known: Known
    by: str
    read_line: ReadLine
    labelled: int = 0
    dismissed: int = 0
    passed_over: set[int] = field(default_factory=set)

    async def work(self) -> None:
        """Go through the open questions until none is left or the volunteer stops."""
        click.echo(wording.HOW_TO_ANSWER)
        while True:
            async with self.sessions() as session:
                question = await services.next_open(session, self.passed_over)
                left = await services.count_open(session)
            if question is None or not await self._take(question, left):
                break
        if question is None:
            click.echo(wording.NOTHING_LEFT)
        counts = {
            "labelled": self.labelled,
            "dismissed": self.dismissed,
            "left": await self._left(),
        }
        click.echo(wording.DONE.format(skipped=len(self.passed_over), **counts))

    async def _left(self) -> int:
        async with self.sessions() as session:
            return await services.count_open(session)

    async def _take(self, question: Question, left: int) -> bool:
        """Ask for one label and keep it; False when the volunteer stops."""
        offer = self._offer(question)
        click.echo("\n".join(offer_lines(question, offer, left)))
        answer = self._answer(offer)
        if answer is Command.QUIT:
            return False
        if answer is Command.SKIP:
            self.passed_over.add(question.id)
            return True
        await self._keep(question.id, answer if isinstance(answer, Label) else None)
        return True

    def _offer(self, question: Question) -> Offer:
        hits = self.catalogue.find(question.text).hits[:MOST_PROCEDURES]
        procedures = [Procedure(hit.code, hit.name, hit.score) for hit in hits]
        return Offer(services.readings_of(question), procedures)

    def _answer(self, offer: Offer) -> Label | Command:
        while True:
            try:
                return read_answer(self.read_line(wording.PROMPT), offer, self.known)
            except BadLabel as error:
                click.echo(wording.PROBLEMS[error.problem])
            except (EOFError, KeyboardInterrupt):
                return Command.QUIT

    async def _keep(self, id: int, label: Label | None) -> None:
        try:
            async with self.sessions() as session, session.begin():
                await services.decide(session, id, label, self.by, _now())
        except AlreadyTaken:
            click.echo(wording.TAKEN_MEANWHILE)
            return
        if label is None:
            self.dismissed += 1
        else:
            self.labelled += 1


async def _known(session: AsyncSession) -> Known:
    codes = await session.scalars(
        select(ProcedureRow.code).where(ProcedureRow.retired_at.is_(None))
    )
    return Known(known_intents(), frozenset(codes))


def known_intents() -> frozenset[str]:
    """Return the intents that nlu/domain declares; those with options stand there as a mapping."""
    declared: list[str | dict[str, object]] = []
    for file in sorted((ROOT / "nlu" / "domain").glob("*.yml")):
        declared.extend(yaml.safe_load(file.read_text("utf-8")).get("intents") or ())
    names = {name if isinstance(name, str) else next(iter(name)) for name in declared}
    return frozenset(names - {NO_INTENT})


def _now() -> datetime:
    return datetime.now(UTC)
