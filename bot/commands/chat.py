"""The command that talks to the assistant in the terminal, on the same path as every channel."""

import asyncio
import fcntl
import http.client
import logging
import os
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bot.channels.base import Button, Incoming, Reply, StorageDown, storable
from bot.commands.evaluate import ready_model
from bot.commands.serve import claimed_folder
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversation.road import Road

LONGEST_WAIT = 30.0  # seconds; the message is kept, only its answer is not waited for
WEBHOOK = "/webhooks/rest/webhook"

WELCOME = (
    "Dân Hỏi xin nghe. Bạn gõ câu hỏi rồi nhấn Enter; gõ số để chọn một mục. /quit để kết thúc."
)
PROMPT = "Bạn: "
THINKING = "đang nghĩ…"
NO_ANSWER_YET = "Câu này lâu quá chưa trả lời được. Bạn thử lại sau ít phút nhé."
QUIT = "/quit"

Ask = Callable[[Button], Sequence[Reply]]
"""Sends what was typed or picked, returns what is said to it. Raises NoAnswer."""


class NoAnswer(Exception):
    """One message got no answer; the next one may. The text is for whoever is typing."""


@click.command()
@click.pass_obj
def chat(settings: Settings) -> None:
    """Talk to the assistant in the terminal.

    When a gateway serves this data folder, it is the one that answers; otherwise the assistant is
    started for the time of the talk.
    """
    import readline  # noqa: F401  input() gets its history and editing keys from this

    quieter()
    if gateway_is_running(settings.data_folder):
        converse(gateway_ask(settings), input)
    else:
        with own_road(settings) as ask:
            converse(ask, input)


def quieter() -> None:
    """Keep the log of a healthy start out of the talk, here and in the brain, unless asked for."""
    if "BOT_LOG_LEVEL" not in os.environ:
        os.environ["BOT_LOG_LEVEL"] = "warning"
        logging.getLogger().setLevel(logging.WARNING)
    os.environ.setdefault("PYTHONWARNINGS", "ignore")


def gateway_is_running(folder: Path) -> bool:
    """Tell whether a gateway holds the data folder."""
    try:
        with (folder / "gateway.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except OSError as error:
        raise click.ClickException(
            f"the data folder {folder} cannot be used: {error.strerror}; set BOT_DATA"
        ) from None
    return False


def converse(ask: Ask, read_line: Callable[[str], str]) -> None:
    """Talk until the other side has enough (/quit, Ctrl-D, Ctrl-C)."""
    click.echo(WELCOME)
    offered: Sequence[Button] = ()
    with suppress(EOFError, KeyboardInterrupt):
        while (typed := read_line(PROMPT).strip()) != QUIT:
            if not typed:
                continue
            try:
                with thinking():
                    replies = ask(picked(typed, offered))
            except NoAnswer as error:
                click.echo(f"\n{error}\n")
                continue
            offered = [button for reply in replies for button in reply.buttons]
            click.echo("\n".join(["", *shown(replies), ""]))


def picked(typed: str, offered: Sequence[Button]) -> Button:
    """Return the button of a typed number; anything else is said as it stands."""
    if typed.isdecimal() and len(typed) < 4 and 1 <= int(typed) <= len(offered):
        return offered[int(typed) - 1]
    return Button(title="", payload=typed)


def shown(replies: Iterable[Reply]) -> Iterator[str]:
    """Lay replies out as lines, buttons with the numbers that pick them."""
    numbers = count(1)
    for reply in replies:
        yield from (printable(line) for line in reply.text.splitlines())
        if reply.image:
            yield printable(reply.image)
        for button, number in zip(reply.buttons, numbers, strict=False):
            yield f"  [{number}] {printable(button.title).removeprefix(f'{number}. ')}"


def printable(line: str) -> str:
    """Return the line without what would steer the terminal."""
    return "".join(character for character in line if character.isprintable())


@contextmanager
def thinking() -> Iterator[None]:
    """Show that an answer is on its way, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    click.echo(THINKING, err=True, nl=False)
    try:
        yield
    finally:
        click.echo("\r\033[K", err=True, nl=False)


def gateway_ask(settings: Settings) -> Ask:
    """Ask the gateway that serves the data folder, over its REST channel."""
    address = (reachable(settings.host), settings.port)
    headers = {"Content-Type": "application/json"}
    if settings.token:
        headers["Authorization"] = f"Bearer {settings.token}"
    sender = f"chat-{uuid.uuid4().hex}"

    def ask(message: Button) -> Sequence[Reply]:
        body = msgspec.json.encode({"sender": sender, "message": storable(message.payload)})
        try:
            status, answer = post(address, body, headers)
        except (OSError, http.client.HTTPException):
            raise click.ClickException(
                f"a gateway holds the data folder, but does not answer on port {address[1]} of "
                f"{address[0]}; set BOT_HOST and BOT_PORT as it was started with"
            ) from None
        return read_answer(status, answer)

    return ask


def reachable(host: str) -> str:
    """Return the address at which a listener on ``host`` is found from this machine."""
    try:
        return "localhost" if ip_address(host).is_unspecified else host
    except ValueError:
        return host


def post(address: tuple[str, int], body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Post to the webhook and return status and body; raises OSError and HTTPException."""
    connection = http.client.HTTPConnection(*address, timeout=LONGEST_WAIT + 5)
    try:
        connection.request("POST", WEBHOOK, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def read_answer(status: int, body: bytes) -> Sequence[Reply]:
    """Read the gateway's answer. Raises NoAnswer when it is busy, ClickException when it refuses.

    REST puts the fields of a Reply beside ``recipient_id``.
    """
    match status:
        case 200:
            with suppress(msgspec.DecodeError):
                return msgspec.json.decode(body, type=list[Reply])
            raise click.ClickException("what answers on this port is not Dân Hỏi; set BOT_PORT")
        case 401 | 403:
            raise click.ClickException("the gateway wants its token: set BOT_TOKEN to it")
        case 429 | 503 | 504:
            raise NoAnswer(NO_ANSWER_YET)
    raise click.ClickException(f"the gateway refuses the message with status {status}")


@contextmanager
def own_road(settings: Settings) -> Iterator[Ask]:
    """Open the road for this talk alone: database, one brain, no doors."""
    sender = f"chat-{uuid.uuid4().hex}"
    # Between two messages the loop stands still while somebody types; nothing is under way then.
    with claimed_folder(settings), asyncio.Runner() as runner:
        from bot.conversation.brains import BrainsDown

        model = ready_model(settings)
        stack = AsyncExitStack()
        try:
            road = runner.run(stack.enter_async_context(opened_road(settings, model)))
            yield lambda message: runner.run(say(road, sender, message))
        except BrainsDown as error:
            raise click.ClickException(str(error)) from None
        finally:
            runner.run(stack.aclose())


@asynccontextmanager
async def opened_road(settings: Settings, model: Path) -> AsyncIterator["Road"]:
    """Open the road with one brain, ready to take turns. Raises BrainsDown."""
    from bot.app.gateway import build_road
    from bot.app.store import open_store

    async with open_store(settings) as store:
        road = build_road(msgspec.structs.replace(settings, brains=1), store, model)
        running = asyncio.create_task(road.run())
        ready = asyncio.create_task(road.brains.wait_until_ready())
        try:
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            yield road
        finally:
            ready.cancel()
            running.cancel()
            await asyncio.wait({running})


async def say(road: "Road", sender: str, message: Button) -> Sequence[Reply]:
    """Take one turn on the road. Raises NoAnswer."""
    metadata = {"title": message.title} if message.title else {}
    incoming = Incoming("chat", uuid.uuid4().hex, sender, storable(message.payload), metadata)
    try:
        return await asyncio.wait_for(road.ask(incoming), LONGEST_WAIT)
    except (TimeoutError, StorageDown):
        raise NoAnswer(NO_ANSWER_YET) from None
