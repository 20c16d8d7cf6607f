"""The exported lock installs with plain pip: its flags in the first lines, every package pinned."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# A requirement is one logical line: "name==1.2 ; marker \" and its hashes, indented.
LINES = [
    line
    for line in TEXT.replace("\\\n", " ").splitlines()
    if line.strip() and not line.startswith("#")
]
_PINNED = re.compile(r"(?P<name>[a-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[^\s;]+)(?P<rest>.*)")


def names(requirements: list[str]) -> set[str]:
    """Name the packages of some requirements, spelt in the one way that pip compares."""
    found = (re.match(r"[A-Za-z0-9._-]+", each)[0] for each in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def pinned() -> set[str]:
    return names(LINES)


def test_the_flags_that_pip_needs_stand_in_the_first_lines():
    first = TEXT.splitlines()[:3]
    assert all(line.startswith("#") for line in first)
    command = next(line for line in first if "pip install" in line)
    for flag in ("--no-deps", "--ignore-requires-python", "-r requirements.txt"):
        assert flag in command


def test_every_package_is_pinned_with_hashes():
    assert len(LINES) > 100
    for line in LINES:
        match = _PINNED.fullmatch(line)
        assert match, line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", match["rest"]), line
        assert not re.search(r"--hash=(?!sha256:[0-9a-f]{64}\b)", match["rest"]), line


def test_no_package_is_named_twice():
    assert len(pinned()) == len(LINES)


def test_what_the_program_depends_on_is_there_and_what_only_tests_need_is_not():
    wanted = names(PROJECT["project"]["dependencies"])
    assert wanted <= pinned()
    only_tests = {"pytest", "hypothesis", "playwright", "ruff", "mypy", "import-linter"}
    assert not only_tests & pinned()


def test_what_rasa_declares_after_correction_is_there():
    for package in PROJECT["tool"]["uv"]["dependency-metadata"]:
        assert names(package["requires-dist"]) <= pinned(), package["name"]


@pytest.mark.parametrize(
    "trace", ["://", "index-url", "trusted-host", "find-links", " @ ", "file:"]
)
def test_no_host_and_no_place_on_a_machine_is_named(trace):
    assert trace not in TEXT
