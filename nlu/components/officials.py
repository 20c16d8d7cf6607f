"""Which offices (cơ quan) and which officials (vai trò) a message speaks of.

The phrases are in ``offices.tsv`` and ``roles.tsv``; each office and role is told once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nlu.components.phrases import Lexicon, Word, read_table
from nlu.components.view import Found

_AFTER_PERSON, _AFTER_TITLE = "… ", "cán bộ … "
_PERSON, _TITLE, _LINK, _NO_NAME = "người", "chức danh", "nối", "không tên"
_LONGEST_NAME = 2  # words of a person's name between "anh" and "bên địa chính"
_TIER = "cấp"
_NOBODY = "-"


class Roles(NamedTuple):
    """Who is named by one phrase; or by a person, perhaps a name or a link, and a post."""

    whole: Lexicon
    people: Lexicon
    titles: Lexicon
    links: Lexicon
    no_names: Lexicon
    posts: Lexicon
    posts_of_titles: Lexicon


class Told(NamedTuple):
    """A meaning, how many words say it, and how many more behind them belong to it."""

    meaning: str
    length: int
    tier: int = 0


def find_offices(words: Sequence[Word]) -> Iterator[Found]:
    """Each office once, at its first mention; longer phrases go before shorter."""
    return _each_once("office", words, _offices().openers, _office_at)


def find_roles(words: Sequence[Word]) -> Iterator[Found]:
    """Each official's role once, at its first mention."""
    roles = _roles()
    openers = roles.whole.openers | roles.people.openers | roles.titles.openers
    return _each_once("role", words, openers, _role_at)


def _each_once(
    entity: str,
    words: Sequence[Word],
    openers: frozenset[str],
    told_at: Callable[[Sequence[Word], int], Told | None],
) -> Iterator[Found]:
    seen = {_NOBODY}
    at = 0
    while at < len(words):
        told = told_at(words, at) if words[at].folded in openers else None
        if told and told.meaning not in seen:
            seen.add(told.meaning)
            end = words[at + told.length - 1].end
            yield Found(entity, told.meaning, words[at].start, end)
        at += told.length + told.tier if told else 1


def _office_at(words: Sequence[Word], at: int) -> Told | None:
    phrase = _offices().at(words, at)
    if phrase is None:
        return None
    tier = _tiers().at(words, at + len(phrase.words))
    return Told(phrase.meaning, len(phrase.words), len(tier.words) if tier else 0)


def _role_at(words: Sequence[Word], at: int) -> Told | None:
    roles = _roles()
    phrase = roles.whole.at(words, at)
    whole = Told(phrase.meaning, len(phrase.words)) if phrase else None
    post = _post_held(roles, words, at)
    return max(filter(None, (post, whole)), key=lambda told: told.length, default=None)


def _post_held(roles: Roles, words: Sequence[Word], at: int) -> Told | None:
    """A person or title, perhaps a link, and the post: "cán bộ tư pháp", "chị ở một cửa"."""
    title = roles.titles.at(words, at)
    person = title or roles.people.at(words, at)
    if person is None:
        return None
    behind = at + len(person.words)
    link = roles.links.at(words, behind)
    after = behind + (len(link.words) if link else 0)
    post = roles.posts.at(words, after)
    if post is None and (title or link):
        post = roles.posts_of_titles.at(words, after)
    if post is None:
        after = _behind_name(roles, words, behind)
        post = roles.posts.at(words, after)
    return Told(post.meaning, after + len(post.words) - at) if post else None


def _behind_name(roles: Roles, words: Sequence[Word], at: int) -> int:
    """Where a post may stand behind a name and a link: "anh Thái Bình bên địa chính"."""
    for after in range(at + 1, at + 1 + _LONGEST_NAME):
        if roles.no_names.at(words, after - 1):
            break
        link = roles.links.at(words, after)
        if link and words[after].start - words[after - 1].end == 1:
            return after + len(link.words)
    return len(words)


@lru_cache(maxsize=1)
def _offices() -> Lexicon:
    return Lexicon([row for row in read_table("offices.tsv") if row[0] != _TIER])


@lru_cache(maxsize=1)
def _tiers() -> Lexicon:
    return Lexicon([row for row in read_table("offices.tsv") if row[0] == _TIER])


@lru_cache(maxsize=1)
def _roles() -> Roles:
    rows = read_table("roles.tsv")
    building_blocks = (_PERSON, _TITLE, _LINK, _NO_NAME)
    posts = (_AFTER_PERSON, _AFTER_TITLE)
    return Roles(
        Lexicon(
            [row for row in rows if row[0] not in building_blocks and not row[1].startswith(posts)]
        ),
        *(Lexicon([row for row in rows if row[0] == block]) for block in building_blocks),
        *(
            Lexicon(
                [
                    (meaning, phrase.removeprefix(mark))
                    for meaning, phrase in rows
                    if phrase.startswith(mark)
                ]
            )
            for mark in posts
        ),
    )
