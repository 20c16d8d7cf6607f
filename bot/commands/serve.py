"""The command that serves: prepares what is missing, opens the doors, and keeps the road open."""

import asyncio
import fcntl
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings


@click.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve the assistant; prepares database, catalogue and model first where needed."""
    from bot.conversation.brains import BrainsDown
    from bot.dossiers.errors import BadTemplate

    with claimed_folder(settings), listening(settings) as door:
        # A damaged key, a brain that cannot start: said in one sentence, without a stack trace.
        try:
            prepare(settings)
            uvloop.run(_serve(settings, door, trained_model(settings)))
        except (BrainsDown, BadTemplate, ValueError) as error:
            raise click.ClickException(str(error)) from None


@contextmanager
def claimed_folder(settings: Settings) -> Iterator[None]:
    """Hold the data folder for this gateway alone."""
    folder = settings.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "gateway.lock").open("w")
    except OSError as error:
        raise click.ClickException(
            f"the data folder {folder} cannot be written: {error.strerror}; set BOT_DATA"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(
                f"another gateway is running on the data folder {folder}; stop it or set BOT_DATA"
            ) from None
        yield


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything slow is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"port {settings.port} on {settings.host} cannot be taken: {error.strerror}; "
                "set BOT_PORT"
            ) from None
        yield door


def prepare(settings: Settings) -> None:
    """Bring the database up to date, and what is built in into it: catalogue, sample dossiers."""
    from bot.storage.upgrade import upgrade

    try:
        upgrade(settings.database)
        asyncio.run(_load_builtin(settings))
    except (SQLAlchemyError, OSError) as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise click.ClickException(f"the database cannot be used: {reason}") from None


async def _load_builtin(settings: Settings) -> None:
    from bot.app.store import now, open_store
    from bot.dossiers.sample import load_sample
    from bot.procedures.builtin import load_builtin
    from bot.procedures.services import store

    async with open_store(settings) as opened, opened.sessions() as session:
        await store(session, load_builtin(), now())
        await session.commit()
        if not settings.dossier_sources:
            await load_sample(opened.sessions, opened.vault, now())


def trained_model(settings: Settings) -> Path:
    """Return the model of the present sources, trained first if need be."""
    from bot.conversation.model_file import ROOT, model_path

    path = model_path(settings.data_folder)
    if not path.exists():
        click.echo("The model is missing or older than its sources: training it.", err=True)
        # In a process of its own: what training leaves in memory, the gateway need not carry.
        trained = subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=False)
        if trained.returncode:
            raise click.ClickException("training failed; its reasons stand above")
    return path


async def _serve(settings: Settings, door: socket.socket, model: Path) -> None:
    from aiohttp import web

    from bot.app.desks import open_dossiers
    from bot.app.doors import build_web
    from bot.app.gateway import (
        build_follower,
        build_movements,
        build_office,
        build_road,
        build_watcher,
    )
    from bot.app.store import now, open_store

    async with open_store(settings) as store, open_dossiers(settings, store) as source:
        road = build_road(settings, store, model)
        doors = build_web(settings, store, road)  # connects the channels, before the road runs
        running = asyncio.create_task(
            _side_by_side(
                road.run(),
                build_watcher(settings, store, road).run(),
                build_follower(settings, store).run(),
                build_movements(settings, store, road, source).run(now),
                build_office(settings, store).run(),
            )
        )
        runner = web.AppRunner(doors, access_log=None, shutdown_timeout=5)
        await runner.setup()
        await web.SockSite(runner, door, backlog=1024).start()
        try:
            await _announce_and_wait(settings, road.brains.wait_until_ready(), running)
        finally:
            await runner.cleanup()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def _side_by_side(*jobs: Coroutine[None, None, None]) -> None:
    """Run what a gateway does besides its doors; when one of it fails, all of it ends."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
    except* Exception as errors:
        raise errors.exceptions[0] from None


async def _announce_and_wait(
    settings: Settings, ready: Coroutine[None, None, None], running: "asyncio.Task[None]"
) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    stopped = asyncio.create_task(stop.wait())
    greeting = asyncio.create_task(ready)
    await asyncio.wait({stopped, greeting, running}, return_when=asyncio.FIRST_COMPLETED)
    if greeting.done():
        address = f"http://{settings.host}:{settings.port}"
        click.echo(f"Dân Hỏi answers on {address} — open it in a browser. Ctrl-C stops it.")
        await _say_first_account(settings, address)
    await asyncio.wait({stopped, running}, return_when=asyncio.FIRST_COMPLETED)
    greeting.cancel()
    stopped.cancel()
    if running.done():
        running.result()


async def _say_first_account(settings: Settings, address: str) -> None:
    """Make the first account of the console; its password is printed this once, never logged."""
    from bot.commands.users import FIRST, make_first_admin

    password = await make_first_admin(settings)
    if password is not None:
        click.echo(f"The console is at {address}/console. Its first account, made just now:")
        click.echo(f"    {FIRST}  {password}")
        click.echo("The password is shown this once and has to be replaced at the first sign-in.")
