"""The commands about the catalogue of procedures."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import click
import msgspec
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from tqdm import tqdm

from bot.procedures import services
from bot.procedures.errors import CatalogueError
from bot.procedures.form_sync import fetch_forms, missing_forms
from bot.procedures.importer import Gathering, gather, keep
from bot.procedures.portal import PORTAL, Manners, Portal
from bot.procedures.report import Report, report_lines
from bot.procedures.showing import procedure_lines
from bot.procedures.sources import read_source, source_size
from bot.procedures.sync import Progress, Rules, Sync
from bot.settings import Settings
from bot.storage.engine import open_engine, open_sessions

Sessions = async_sessionmaker[AsyncSession]
MANNERS = Manners()


@click.group()
def procedures() -> None:
    """Load, fetch and look at the catalogue of procedures (thủ tục hành chính)."""


@procedures.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--retire", is_flag=True, help="Retire official procedures that PATH does not hold.")
@click.pass_obj
def import_(settings: Settings, path: Path, retire: bool) -> None:
    """Import official records from PATH.

    PATH is a .jsonl, a .jsonl.gz, a .json, a folder of .json files, or a .zip of any of these.
    Records that cannot be understood are reported and left out. Importing again changes only
    what changed.
    """
    run(_import(settings, path, retire))


async def _import(settings: Settings, path: Path, retire: bool) -> None:
    report = Report()
    async with opened(settings) as sessions:
        async with sessions() as session:
            await services.version(session)  # an unusable database is found before the long read
        gathering = _gather(path, report)
        async with sessions() as session, session.begin():
            await keep(session, gathering, report, _now(), retire=retire)
    click.echo("\n".join(report_lines(report)))
    if not report.read:
        raise click.ClickException(f"{path} holds no record")


def _gather(path: Path, report: Report) -> Gathering:
    size = source_size(path)
    with tqdm(total=size, unit="B", unit_scale=True, desc="reading", mininterval=0.5) as bar:
        return gather(read_source(path), report, bar.update)


@procedures.command()
@click.option("--forms", is_flag=True, help="Fetch blank forms (mẫu đơn, tờ khai) as well.")
@click.option("--retire", is_flag=True, help="Retire what disappeared from the portal.")
@click.option(
    "--old-after",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Fetch a record again when it was fetched more days ago.",
)
@click.option("--portal", default=PORTAL, show_default=True, help="Address of the interface.")
@click.pass_obj
def sync(settings: Settings, forms: bool, retire: bool, old_after: int, portal: str) -> None:
    """Fetch from the national portal what is new, changed or old.

    It asks slowly, names you (BOT_CONTACT) as the one to call, and stops when the portal refuses.
    Broken off, it goes on where it stopped when run again.
    """
    if not settings.contact:
        raise click.ClickException(
            "set BOT_CONTACT to an e-mail or address first: the portal must be able to reach you"
        )
    rules = Rules(old_after=timedelta(days=old_after), retire=retire)
    run(_sync(settings, rules, portal, forms))


async def _sync(settings: Settings, rules: Rules, base: str, forms: bool) -> None:
    async with opened(settings) as sessions, aiohttp.ClientSession() as http:
        portal = Portal(http, settings.contact, base=base, manners=MANNERS)
        checkpoint = settings.data_folder / "sync" / "listing.json"
        with Bars() as progress:
            work = Sync(sessions, portal, checkpoint, now=_now, progress=progress, rules=rules)
            try:
                await work.run()
                if forms:
                    await _fetch_forms(settings, sessions, portal, work.report, progress)
            finally:
                click.echo("\n".join(report_lines(work.report)))


async def _fetch_forms(
    settings: Settings, sessions: Sessions, portal: Portal, report: Report, progress: Progress
) -> None:
    folder = settings.data_folder / "forms"
    async with sessions() as session:
        catalogue = await services.load_all(session)
    missing = await asyncio.to_thread(missing_forms, catalogue, folder)
    await fetch_forms(portal, missing, folder, report, progress)


@procedures.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print the whole record as JSON.")
@click.pass_obj
def show(settings: Settings, code: str, as_json: bool) -> None:
    """Show the procedure with this CODE (mã TTHC), for example 1.001193."""
    run(_show(settings, code.strip(), as_json))


async def _show(settings: Settings, code: str, as_json: bool) -> None:
    async with opened(settings) as sessions, sessions() as session:
        procedure = await services.get(session, code)
    if procedure is None:
        raise click.ClickException(f"there is no procedure {code} in the catalogue")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(procedure), indent=2).decode())
    else:
        click.echo("\n".join(procedure_lines(procedure)))


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a command's work; what can go wrong becomes one clear sentence and exit code 1."""
    try:
        asyncio.run(work)
    except CatalogueError as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"the database cannot be used ({error.orig}); run: python -m bot db upgrade"
        ) from None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Sessions]:
    """Open the database for the time of a command."""
    engine = open_engine(settings.database)
    try:
        yield open_sessions(engine)
    finally:
        await engine.dispose()


class Bars:
    """Progress bars on stderr, one for each stage of a sync."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` (0: unknown) are done in stage ``what``."""
        if self._bar is None or self._bar.desc != what:
            self.close()
            self._bar = tqdm(total=total or None, desc=what)
        self._bar.n = done
        self._bar.refresh()

    def close(self) -> None:
        """Leave the last bar as it stands."""
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _now() -> datetime:
    return datetime.now(UTC)
