"""The commands about dossiers: take tables in, once or as they appear in a folder."""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from tqdm import tqdm

from bot.dossiers.errors import DossierError
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.sample import remove_sample
from bot.dossiers.table_file import TABLES, read_table
from bot.settings import Settings

logger = logging.getLogger(__name__)

SETTLED = 5.0  # seconds without a change, after which a file in the folder is complete
LOOK_EVERY = 2.0  # seconds
_SHOWN = 30  # problems, and unknown words

mapping_option = click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="How to read this source's columns and words; docs/operate.md shows one.",
)


@click.group()
def dossiers() -> None:
    """Load dossiers (hồ sơ) from the exports of one-stop systems."""


@dossiers.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@mapping_option
@click.pass_obj
def import_(settings: Settings, path: Path, mapping: Path | None) -> None:
    """Import dossiers from PATH, a .csv, .xlsx, .xls or .ods.

    Rows that cannot be understood are reported and left out. A dossier that is there already is
    replaced; what the file does not hold stays as it was. Of the applicant nothing is kept but
    keyed hashes.
    """
    run(_import(settings, path, SourceMapping.load(mapping)))


async def _import(settings: Settings, path: Path, mapping: SourceMapping) -> Report:
    from bot.app.store import now, open_store

    report = Report()
    async with open_store(settings, inline=True) as store:
        with tqdm(unit=" rows", desc=path.name, mininterval=0.5) as bar:
            rows = understood(read_table(path, mapping), mapping, report)
            await keep(store.sessions, store.vault, rows, report, now(), bar.update)
        if report.stored:
            async with store.sessions() as session, session.begin():
                await remove_sample(session)
    click.echo("\n".join(report_lines(report)))
    return report


@dossiers.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@mapping_option
@click.option("--once", is_flag=True, help="Import what is there and end.")
@click.pass_obj
def watch(settings: Settings, folder: Path, mapping: Path | None, once: bool) -> None:
    """Import every table that appears in FOLDER, until stopped.

    A file is taken when it has stopped growing. Afterwards it stands in FOLDER/done with the report
    beside it or, when it could not be read, in FOLDER/failed with the reason.
    """
    how = SourceMapping.load(mapping)
    while True:
        for path in settled(folder, SETTLED):
            take(settings, path, how)
        if once:
            return
        time.sleep(LOOK_EVERY)


@dossiers.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def letter(path: Path) -> None:
    """Write the template of the letter of apology to PATH, a .docx to be changed in Word.

    What stands in double braces is filled in. BOT_APOLOGY_TEMPLATE names the changed one.
    """
    from bot.dossiers.letter import default_template

    if path.exists():
        raise click.ClickException(f"{path} exists already")
    path.write_bytes(default_template())


def settled(folder: Path, seconds: float) -> Iterator[Path]:
    """Yield the tables of a folder that nobody has written to for some seconds, oldest first."""
    tables = [path for path in folder.iterdir() if path.suffix.lower() in TABLES]
    for path in sorted(tables, key=lambda each: each.stat().st_mtime):
        if time.time() - path.stat().st_mtime >= seconds:
            yield path


def take(settings: Settings, path: Path, mapping: SourceMapping) -> None:
    """Import one file of a watched folder and put it away."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        report = run(_import(settings, path, mapping))
    except click.ClickException as error:
        away = _put_away(path, "failed", stamp)
        away.with_suffix(f"{away.suffix}.reason.txt").write_text(f"{error.message}\n")
        logger.error("%s was not imported: %s", path.name, error.message)
    else:
        away = _put_away(path, "done", stamp)
        lines = "\n".join(report_lines(report, shown=len(report.problems)))
        away.with_suffix(f"{away.suffix}.report.txt").write_text(f"{lines}\n", "utf-8")


def _put_away(path: Path, where: str, stamp: str) -> Path:
    target = path.parent / where
    target.mkdir(exist_ok=True)
    return path.rename(target / f"{stamp}-{path.name}")


def report_lines(report: Report, shown: int = _SHOWN) -> Iterator[str]:
    """Yield what an import did, line by line; never a cell's content but the words of a status.

    ``shown``: how many of the rows that were left out are named.
    """
    yield f"{report.read} rows read, {report.stored} stored, {report.bad} left out"
    if report.unprovable:
        yield (
            f"{report.unprovable} have neither a phone nor an identity number: "
            "nobody can be told about them"
        )
    if report.unknown_words:
        yield "Status words that no list knows (citizens read them as they are):"
    for words, count in sorted(report.unknown_words.items(), key=lambda item: -item[1])[:_SHOWN]:
        yield f"  {count:>7}  {words[:80]}"
    if report.problems:
        yield "Left out:"
    for line, reason in report.problems[:shown]:
        yield f"  row {line}: {reason}"
    if report.bad > shown:
        yield f"  … and {report.bad - shown} more"


def run(work: Coroutine[Any, Any, Report]) -> Report:
    """Run a command's work; what can go wrong becomes one clear sentence and exit code 1."""
    try:
        return asyncio.run(work)
    except DossierError as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"the database cannot be used ({error.orig}); run: python -m bot db upgrade"
        ) from None
