"""What the pages point at is there."""

import re

import pytest

from tests.unit.docs.pages import REPOSITORY, all_pages, code_words, page

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PLACE = re.compile(r"(?:bot|actions|nlu|tests|docs|\.ci)/[\w./-]*\w/?")


def links(name: str) -> list[str]:
    """The relative links of a page, as paths from the repository's root."""
    targets = [link.split("#")[0] for link in LINK.findall(page(name)) if "://" not in link]
    here = (REPOSITORY / name).parent
    resolved = [(here / target).resolve() for target in targets if target]
    return [str(path.relative_to(REPOSITORY)) for path in resolved]


@pytest.mark.parametrize("name", all_pages())
def test_every_link_to_a_file_resolves(name):
    missing = [link for link in links(name) if not (REPOSITORY / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", all_pages())
def test_every_place_named_in_code_letters_is_there(name):
    words = [word for word in code_words(page(name)) if PLACE.fullmatch(word)]
    assert not [word for word in words if not (REPOSITORY / word).exists()]


def test_every_decision_is_linked_from_the_readme():
    decisions = (REPOSITORY / "docs" / "decisions").glob("*.md")
    assert {str(path.relative_to(REPOSITORY)) for path in decisions} <= set(links("README.md"))
