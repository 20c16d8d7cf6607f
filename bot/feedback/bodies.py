"""To whom a case can go that is not ours (cơ quan có thẩm quyền), from ``data/bodies.yml``."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from bot.feedback.category import Category

BODIES = Path(__file__).with_name("data") / "bodies.yml"


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body by its name, and why a case may be its matter."""

    name: str  # {commune} and {province} stand for those of the case
    since: str
    categories: tuple[Category, ...] = ()  # none: a case of any kind


@cache
def all_bodies(file: Path = BODIES) -> tuple[Body, ...]:
    """Read the file; raises msgspec.ValidationError when it has another shape."""
    return msgspec.yaml.decode(file.read_bytes(), type=tuple[Body, ...])


def bodies_for(category: Category, commune: str, province: str) -> Sequence[Body]:
    """Return the bodies to which a case of this kind can go, those for its kind first.

    ``commune``, ``province``: their names with the kind; empty when unknown, and then bodies that
    are named after them are left out.
    """
    known = {"commune": commune, "province": province}
    fitting = [body for body in all_bodies() if category in body.categories]
    fitting += [body for body in all_bodies() if not body.categories]
    return [
        msgspec.structs.replace(body, name=body.name.format_map(known))
        for body in fitting
        if all(known[unit] for unit in known if f"{{{unit}}}" in body.name)
    ]
