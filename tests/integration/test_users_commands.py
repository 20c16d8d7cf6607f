"""The commands about accounts and the audit, on real databases."""

import asyncio
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bot.__main__ import main
from bot.commands.users import make_first_admin
from bot.settings import Settings

KEY = bytes(range(32)).hex()


@pytest.fixture
def run(database_url, tmp_path):
    """Run a command on the database; returns its exit code and all that it said."""
    runner = CliRunner()

    def command(*arguments: str) -> tuple[int, str]:
        environment = {
            "BOT_DATA": str(tmp_path),
            "BOT_DATABASE_URL": database_url,
            "BOT_SECRET_KEY": KEY,
        }
        done = runner.invoke(main, arguments, env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return command


def the_password(said: str) -> str:
    return re.search(r"^    ([a-z0-9-]{19})$", said, re.M).group(1)


async def test_an_operator_adds_lists_and_disables_accounts(run):
    def all_day():
        code, said = run(
            *("users", "add", "lan", "--full-name", "Nguyễn Thị Lan"),
            *("--place", "lào cai", "--place", "Phường Hoàn Kiếm, Hà Nội"),
        )
        assert code == 0
        first = the_password(said)
        _, said = run("users", "password", "lan", "--drop-factor")
        assert the_password(said) != first
        run("users", "disable", "lan")
        _, listed = run("users", "list")
        assert first not in listed
        assert listed.split("\t")[:3] == ["lan", "Nguyễn Thị Lan", "supervisor"]
        assert "Tỉnh Lào Cai; Phường Hoàn Kiếm, Thành phố Hà Nội\tdisabled" in listed
        run("users", "enable", "lan")
        assert "waiting" in run("users", "list")[1]
        assert run("audit", "verify") == (0, "4 events, all whole\n")

    await asyncio.to_thread(all_day)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "Lan", "--full-name", "Lan"), "small letters"),
        (("add", "lan", "--full-name", " "), "full name"),
        (("add", "lan", "--full-name", "Lan", "--place", "Quận 1"), "no such place of today"),
        (("add", "lan", "--full-name", "Lan", "--place", "Tân Lập"), "several are called so"),
        (("add", "lan", "--full-name", "L", "--place", "Hà Nội", "--everywhere"), "one without"),
        (("password", "lan"), "there is no account lan"),
        (("disable", "lan"), "there is no account lan"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(run, arguments, said):
    code, output = await asyncio.to_thread(run, "users", *arguments)
    assert code != 0
    assert said in output
    assert "Traceback" not in output


async def test_the_first_admin_is_made_once_also_by_nodes_that_start_together(
    run, database_url, tmp_path
):
    settings = Settings(data=str(tmp_path), database_url=database_url, secret_key=KEY)
    made = await asyncio.gather(*(make_first_admin(settings) for _ in range(4)))
    assert len([password for password in made if password]) == 1
    assert await make_first_admin(settings) is None
    _, listed = await asyncio.to_thread(run, "users", "list")
    assert listed.split("\t")[:3] == ["quan-tri", "Quản trị", "admin"]


async def test_a_chain_that_was_changed_is_an_error_that_names_the_break(run, engine):
    await asyncio.to_thread(run, "users", "add", "lan", "--full-name", "Lan")
    await asyncio.to_thread(run, "users", "disable", "lan")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE case_event SET actor = 'x' WHERE number = 2"))
    code, said = await asyncio.to_thread(run, "audit", "verify")
    assert code == 1
    assert "the chain breaks at event 2: event 2 was changed" in said
