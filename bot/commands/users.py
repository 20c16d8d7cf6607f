"""The commands about accounts of the console: for the operator, who needs no sign-in."""

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.store import now, open_store
from bot.console.acting import teller
from bot.console.areas import names_of, read_places
from bot.feedback.chain import Actor, take_hold
from bot.feedback.states import Role
from bot.places.units import units
from bot.procedures.cli import run
from bot.settings import Settings
from bot.staff import services
from bot.staff.errors import StaffError
from bot.staff.happening import Tell
from bot.staff.models import Account, StaffRole
from bot.staff.passwords import Passwords
from bot.staff.services import Rights, Staff


@click.group()
def users() -> None:
    """Add, list and disable accounts of the console, and give new passwords."""


@users.command()
@click.argument("name")
@click.option("--full-name", required=True, help="As colleagues read it.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in StaffRole]),
    default=StaffRole.SUPERVISOR.value,
    show_default=True,
)
@click.option("--everywhere", is_flag=True, help="For all places.")
@click.option(
    "--place",
    "places",
    multiple=True,
    metavar="PLACE",
    help='A province ("Lào Cai") or commune ("Phường Hoàn Kiếm, Hà Nội"); may be repeated.',
)
@click.pass_obj
def add(
    settings: Settings,
    name: str,
    full_name: str,
    role: str,
    everywhere: bool,
    places: tuple[str, ...],
) -> None:
    """Add an account and print its one-time password, this once."""
    rights = _rights(StaffRole(role), everywhere, places)
    run(_add(settings, name, full_name, rights))


async def _add(settings: Settings, name: str, full_name: str, rights: Rights) -> None:
    async with working(settings) as work:
        _, password = await services.add(
            work.session, work.staff, name, full_name, rights, now(), work.tell
        )
    _say_password(name, password)


@users.command()
@click.argument("name")
@click.option("--drop-factor", is_flag=True, help="Remove the second factor, too.")
@click.pass_obj
def password(settings: Settings, name: str, drop_factor: bool) -> None:
    """Give NAME a one-time password and print it, this once; all of their sessions end."""
    run(_password(settings, name, drop_factor))


async def _password(settings: Settings, name: str, drop_factor: bool) -> None:
    async with working(settings) as work:
        if drop_factor:
            await services.remove_factor(work.session, name, work.tell)
        made = await services.reset_password(work.session, work.staff, name, work.tell)
    _say_password(name, made)


def _say_password(name: str, password: str) -> None:
    click.echo(f"One-time password of {name}, to be replaced at the next sign-in:")
    click.echo(f"    {password}")


@users.command("list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List all accounts with their role, places and state."""
    run(_list(settings))


async def _list(settings: Settings) -> None:
    async with open_store(settings) as store, store.sessions() as session:
        accounts = await services.everybody(session)
    for account in accounts:
        click.echo("\t".join(_line(account)))
    if not accounts:
        click.echo("there is no account yet; `users add` makes one", err=True)


def _line(account: Account) -> tuple[str, ...]:
    places = ["everywhere"] if account.everywhere else names_of(units(), account.places)
    state = "disabled" if account.disabled_at else "waiting" if account.must_change else "active"
    factor = "with second factor" if account.totp else "password only"
    return account.name, account.full_name, account.role.value, "; ".join(places), state, factor


@users.command()
@click.argument("name")
@click.pass_obj
def disable(settings: Settings, name: str) -> None:
    """Let NAME in no more; their sessions end. What they did keeps their name."""
    run(_disable(settings, name))


async def _disable(settings: Settings, name: str) -> None:
    async with working(settings) as work:
        await services.disable(work.session, name, now(), work.tell)
    click.echo(f"{name} is disabled")


@users.command()
@click.argument("name")
@click.pass_obj
def enable(settings: Settings, name: str) -> None:
    """Let NAME in again, with the password of before."""
    run(_enable(settings, name))


async def _enable(settings: Settings, name: str) -> None:
    async with working(settings) as work:
        await services.enable(work.session, name, work.tell)
    click.echo(f"{name} may sign in")


# -- what they share ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """A transaction in which accounts are changed, told to the audit as the operator's doing."""

    session: AsyncSession
    staff: Staff
    tell: Tell


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Work]:
    """Open a transaction; what the services refuse is said in one sentence."""
    by = Actor(Role.OPERATOR, getpass.getuser())
    async with open_store(settings) as store, store.sessions() as session, session.begin():
        tell = teller(session, store.vault, by, now())
        try:
            yield Work(session, Staff(store.vault, Passwords()), tell)
        except StaffError as error:
            raise click.ClickException(str(error)) from None


def _rights(role: StaffRole, everywhere: bool, places: tuple[str, ...]) -> Rights:
    if everywhere and places:
        raise click.UsageError("--everywhere and --place go one without the other")
    read = read_places(units(), "\n".join(places))
    for line in read.unknown:
        raise click.BadParameter(f"{line}: no such place of today", param_hint="--place")
    for line in read.ambiguous:
        raise click.BadParameter(
            f"{line}: several are called so; add the province behind a comma", param_hint="--place"
        )
    return Rights(role, everywhere, read.provinces, read.communes)


# -- the first one ------------------------------------------------------------------------------

FIRST = "quan-tri"


async def make_first_admin(settings: Settings) -> str | None:
    """Make the first account when there is none; returns its one-time password."""
    async with working(settings) as work:
        await take_hold(work.session, work.staff.vault)  # of nodes that start at once, one makes it
        if not await services.is_empty(work.session):
            return None
        rights = Rights(StaffRole.ADMIN, everywhere=True)
        _, password = await services.add(
            work.session, work.staff, FIRST, "Quản trị", rights, now(), work.tell
        )
    return password
