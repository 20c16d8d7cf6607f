"""Texts for answers (mẫu trả lời) with placeholders, and filling them in. Pure.

The templates that come with the program stand in ``data/answer-templates.yml``; a lead writes
others in the console (``bot.feedback.own_templates``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

import msgspec

from bot.feedback.errors import BadTemplate

TEMPLATES = Path(__file__).with_name("data") / "answer-templates.yml"
LONGEST_NAME = 80  # characters
LONGEST_TEMPLATE = 5_000


class TemplateUse(Enum):
    """For which text to the reporter a template is offered."""

    ANSWER = "answer"
    ASK = "ask"
    MESSAGE = "message"
    TRANSFER = "transfer"
    REJECT = "reject"
    MERGE = "merge"


@dataclass(frozen=True)
class Filling:
    """What is known of a case for its texts; what is not known is empty."""

    case_number: int
    place: str = ""
    office: str = ""
    category: str = ""
    received_on: date | None = None
    due_on: date | None = None
    today: date | None = None
    name: str = ""
    body: str = ""


# What a placeholder becomes when nothing is known: words with which the sentence still reads well.
UNKNOWN: Mapping[str, str] = {
    "case_number": "",
    "place": "nơi được phản ánh",
    "office": "cơ quan được phản ánh",
    "category": "nội dung đã nêu",
    "received_on": "ngày đã báo",
    "deadline": "ngày đã hẹn",
    "today": "hôm nay",
    "name": "anh/chị",
    "body": "cơ quan có thẩm quyền",
}
GAP = "[…]"  # what whoever answers has to write; a text that still has one is not ready
_BRACED = re.compile(r"\{([^{}]*)\}")


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text with placeholders such as ``{place}``."""

    name: str
    use: TemplateUse
    text: str


def check(template: Template) -> None:
    """Raise BadTemplate unless it has a name, a text, and only placeholders that are known."""
    if not template.name.strip() or len(template.name) > LONGEST_NAME:
        raise BadTemplate(f"a template has a name of at most {LONGEST_NAME} characters")
    if not template.text.strip() or len(template.text) > LONGEST_TEMPLATE:
        raise BadTemplate(f"a template has between one and {LONGEST_TEMPLATE} characters")
    unknown = [name for name in _BRACED.findall(template.text) if name not in UNKNOWN]
    if unknown:
        raise BadTemplate(f"unknown placeholders: {', '.join(unknown)}", unknown)
    if re.search(r"[{}]", _BRACED.sub("", template.text)):
        raise BadTemplate("a brace has no partner")


def fill(text: str, filling: Filling) -> str:
    """Put in what is known of a case; the words of a case are put in as they are, never read again.

    Raises BadTemplate for an unknown placeholder.
    """
    values = {**UNKNOWN, **{name: value for name, value in _values(filling).items() if value}}

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BadTemplate(f"unknown placeholder: {match[1]}", [match[1]])
        return values[match[1]]

    return _BRACED.sub(value, text)


def _values(filling: Filling) -> dict[str, str]:
    return {
        "case_number": str(filling.case_number),
        "place": filling.place,
        "office": filling.office,
        "category": filling.category,
        "received_on": _day(filling.received_on),
        "deadline": _day(filling.due_on),
        "today": _day(filling.today),
        "name": filling.name,
        "body": filling.body,
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


@cache
def built_in_templates(file: Path = TEMPLATES) -> tuple[Template, ...]:
    """Read and check the templates that come with the program.

    Raises msgspec.ValidationError when the file has another shape, BadTemplate.
    """
    templates = msgspec.yaml.decode(file.read_bytes(), type=tuple[Template, ...])
    for template in templates:
        check(template)
    names = [template.name for template in templates]
    if len(set(names)) < len(names):
        raise BadTemplate("two templates have the same name")
    return templates
