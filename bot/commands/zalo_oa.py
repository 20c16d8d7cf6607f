"""The Official Account on the command line: the first grant, its status, a test."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import aiohttp
import click
from msgspec import Struct

from bot.app.store import now, open_store
from bot.channels.base import PassingFailure, StorageDown
from bot.channels.operating import TEST_TEXT, Finding, knock
from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.api import ZaloApi
from bot.channels.zalo_oa.channel import PATH, ZaloOaSettings
from bot.channels.zalo_oa.codes import reaction_to
from bot.channels.zalo_oa.events import NAME
from bot.channels.zalo_oa.intake import SIGNATURE
from bot.channels.zalo_oa.oauth import (
    GrantRefused,
    OAuth,
    Pair,
    Unanswered,
    challenge_of,
    new_verifier,
)
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.procedures.cli import run
from bot.settings import Settings


class Desk(Struct, frozen=True):
    """What the commands work with."""

    oauth: OAuth
    tokens: Tokens
    api: ZaloApi


# -- the first grant ----------------------------------------------------------------------------


@click.command("zalo-oa-login")
@click.option("--redirect-uri", default="", help="As registered for the app; default: our origin.")
@click.option("--verifier", is_flag=True, help="Ask for the code verifier, where it is registered.")
@click.option("--refresh-token", is_flag=True, help="Begin with a refresh token instead.")
@click.pass_obj
def login(settings: Settings, redirect_uri: str, verifier: bool, refresh_token: bool) -> None:
    """Give the program its first tokens for the Zalo Official Account, or new ones.

    An admin of the OA opens a page, agrees, and pastes the address to which Zalo then leads. Tokens
    are sealed in the database and refreshed from there on.
    """
    if ZaloOaSettings.read(settings) is None:
        raise click.ClickException("set BOT_ZALO_OA_APP_ID first; see docs/operate.md")
    if refresh_token:
        token = click.prompt("Refresh token", hide_input=True).strip()
        run(_keep(settings, lambda oauth: oauth.next(token)))
        return
    shown = click.prompt("Code verifier", hide_input=True).strip() if verifier else new_verifier()
    run(_consent(settings, redirect_uri or f"{settings.origin}/", shown))


async def _consent(settings: Settings, redirect_uri: str, verifier: str) -> None:
    state = secrets.token_urlsafe(16)
    async with _desk(settings) as desk:
        page = desk.oauth.consent_page(redirect_uri, challenge_of(verifier), state)
    click.echo("As an admin of the OA, open this page, choose the OA and agree:\n")
    click.echo(f"    {page}\n")
    click.echo("The browser is then led to an address that holds a code. It works for ten minutes.")
    code = _code(click.prompt("That address, or the code").strip(), state)
    await _keep(settings, lambda oauth: oauth.first(code, verifier))


def _code(pasted: str, state: str) -> str:
    """Return the code out of what was pasted."""
    if "://" not in pasted:
        return pasted
    query = parse_qs(urlsplit(pasted).query)
    if query.get("state", [state]) != [state]:
        raise click.ClickException("that address belongs to another try; begin anew")
    if "code" not in query:
        raise click.ClickException("that address holds no code")
    return query["code"][0]


async def _keep(settings: Settings, get: Callable[[OAuth], Awaitable[Pair]]) -> None:
    async with _desk(settings) as desk:
        try:
            pair = await get(desk.oauth)
        except (GrantRefused, Unanswered) as error:
            raise click.ClickException(f"no tokens: {error}") from None
        await desk.tokens.keep(pair)
        standing = await desk.tokens.standing()
    assert standing is not None  # noqa: S101 - it was kept just now
    until = f"{standing.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"The tokens are kept. The present one lives until {until} and is refreshed before.")


# -- what `channels` asks of every channel; see channels.operating.Operating ---------------------


def missing(settings: Settings) -> str:
    """Name the setting without which there is no Official Account."""
    return "" if settings.zalo_oa_app_id else "BOT_ZALO_OA_APP_ID"


async def set_webhook(settings: Settings) -> Sequence[Finding]:
    """Say what has to be entered by hand: Zalo has no call for it."""
    where = "developers.zalo.me, the app, Official Account, Webhook"
    return [Finding("webhook", f"enter {settings.origin}{PATH} at {where}")]


async def status(settings: Settings) -> Sequence[Finding]:
    """Say how the grant stands, and who we are to Zalo."""
    async with _desk(settings) as desk:
        findings = [await _grant(desk.tokens)]
        if findings[0].ok:
            findings.append(await _account(desk))
        return findings


async def test(settings: Settings, to: str) -> Sequence[Finding]:
    """Ask Zalo who we are, knock at our own door from outside, and write to somebody."""
    findings = [*await status(settings), await knock(f"{settings.origin}{PATH}", SIGNATURE)]
    if to:
        async with _desk(settings) as desk:
            findings.append(await _letter(desk, to))
    return findings


async def _grant(tokens: Tokens) -> Finding:
    try:
        standing = await tokens.standing()
    except StorageDown:
        return Finding("grant", "the database cannot be used", ok=False)
    except NoToken as error:
        return Finding("grant", str(error), ok=False)
    if standing is None:
        return Finding("grant", "none; run `channels zalo-oa-login`", ok=False)
    if standing.failure:
        return Finding("grant", standing.failure, ok=False)
    if standing.expires_at <= now():
        return Finding("grant", "has expired; is the program running?", ok=False)
    return Finding("grant", f"until {standing.expires_at:%Y-%m-%d %H:%M} UTC")


async def _account(desk: Desk) -> Finding:
    try:
        oa = await desk.api.account(await desk.tokens.token())
    except (NoToken, PassingFailure) as error:
        return Finding("account", str(error), ok=False)
    if oa.error:
        return Finding("account", reaction_to(oa.error)[1], ok=False)
    verified = "verified" if oa.data.is_verified else "NOT verified"
    return Finding("account", f"{oa.data.name}, {verified}", ok=oa.data.is_verified)


async def _letter(desk: Desk, to: str) -> Finding:
    try:
        sent = await desk.api.send(await desk.tokens.token(), to, {"text": TEST_TEXT})
    except (NoToken, PassingFailure) as error:
        return Finding("message", str(error), ok=False)
    if sent.error:
        return Finding("message", reaction_to(sent.error)[1], ok=False)
    return Finding("message", "sent")


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    ours = ZaloOaSettings.read(settings)
    assert ours is not None  # noqa: S101 - `missing` was asked before
    async with open_store(settings) as store, aiohttp.ClientSession() as http:
        oauth = OAuth(http, ours.oauth, ours.app_id, ours.app_secret)
        tokens = Tokens(store.engine, store.vault, now, ours.app_id, oauth, Troubles(NAME))
        yield Desk(oauth, tokens, ZaloApi(http, ours.api))
