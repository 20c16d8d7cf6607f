"""The pages that people read, and how the tests read them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
HOME_PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


@cache
def page(name: str) -> str:
    """The text of a page, named from the repository's root."""
    return (REPOSITORY / name).read_text("utf-8")


def all_pages() -> list[str]:
    """Every page of the repository, named from its root."""
    rooms = ("docs", "nlu", "tests", "bot", "actions")
    found = [path for room in rooms for path in (REPOSITORY / room).rglob("*.md")]
    return [*HOME_PAGES, *sorted(str(path.relative_to(REPOSITORY)) for path in found)]


def section(name: str, heading: str) -> str:
    """What stands under one heading of a page, down to the next heading of its depth."""
    depth = heading.split(" ")[0]
    _, found, rest = page(name).partition(f"\n{heading}\n")
    assert found, f"{name} has no heading {heading!r}"
    return re.split(rf"^{depth} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[tuple[str, ...]]:
    """The rows of the tables in a text, without their headings."""
    rows: list[tuple[str, ...]] = []
    for line in text.splitlines():
        if set(line) <= set("|-: ") and "-" in line:
            rows.pop()  # the line before was the heading
        elif line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    return rows


def code_words(text: str) -> Iterator[str]:
    """What stands in backticks, and the lines of code blocks."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", without_blocks)
