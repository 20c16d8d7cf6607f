"""Every command is documented, and every documented command exists."""

import re
from collections.abc import Iterator

import click
import pytest

from bot.__main__ import main
from tests.unit.docs.pages import REPOSITORY, all_pages, code_words, page

MANUALS = ("README.md", "docs/operate.md")
OURS = re.compile(r"python -m bot ([a-z][a-z -]*[a-z])")
MADE = re.compile(r"(?:^|&& )make ([a-z][a-z.]*)")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Name every command that `--help` shows, as it is typed behind `python -m bot`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{name} is listed but not there"
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif not command.hidden:
            yield " ".join((*path, name))


COMMANDS = list(commands(main))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_named_in_the_manuals(command):
    words = [word for manual in MANUALS for word in code_words(page(manual))]
    assert any(f"python -m bot {command}" in word for word in words)


def test_every_documented_command_exists():
    for name in all_pages():
        for word in code_words(page(name)):
            for typed in OURS.findall(word):
                assert any(
                    typed == command or typed.startswith(f"{command} ") for command in COMMANDS
                ), f"{name}: python -m bot {typed}"


def test_every_documented_target_can_be_made():
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z.]+):", makefile, re.MULTILINE))
    named = {
        target
        for name in all_pages()
        for word in code_words(page(name))
        for target in MADE.findall(word)
    }
    assert named <= targets
    assert {"run", "test", "evaluate", "bench"} <= named
