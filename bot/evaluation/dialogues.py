"""How well whole conversations go: what must and must not be said, turn by turn."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from bot.conversation.contracts import Reply
from bot.evaluation.figures import share
from bot.evaluation.files import BadFile, read_text
from bot.evaluation.result import Result
from bot.evaluation.tables import Table
from bot.evaluation.talk import OpenTalk
from bot.vietnamese import fold


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """Either what the citizen says, or what is expected of everything said since then."""

    user: str | None = None
    expect: str | None = None
    must_contain_any: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()


class Dialogue(Struct, frozen=True):
    """One conversation and what is expected of it."""

    id: str
    turns: tuple[Step, ...]
    goal: str = ""


class Disappointment(Struct, frozen=True):
    """An expectation that was not met, with the words before it and the reason."""

    dialogue: str
    user: str
    expect: str
    reason: str
    said: str


class Held(Struct, frozen=True):
    """How one conversation went."""

    expectations: int
    disappointments: tuple[Disappointment, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    """Read a list of dialogues. Raises BadFile."""
    text = read_text(path)
    try:
        dialogues, nodes = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadFile(path, line, f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise BadFile(path, None, f"is not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(nodes, yaml.SequenceNode) or not dialogues:
        raise BadFile(path, None, "is not a list of dialogues")
    return [
        _dialogue(path, node.start_mark.line + 1, one)
        for node, one in zip(nodes.value, dialogues, strict=True)
    ]


def _dialogue(path: Path, line: int, given: Any) -> Dialogue:
    try:
        dialogue = msgspec.convert(given, Dialogue)
    except msgspec.ValidationError as error:
        raise BadFile(path, line, f"dialogue cannot be read: {error}") from None
    for number, step in enumerate(dialogue.turns, 1):
        if (step.user is None) == (step.expect is None):
            raise BadFile(path, line, f"turn {number} needs either user or expect")
    if not dialogue.turns or dialogue.turns[0].user is None:
        raise BadFile(path, line, "the first turn must be the user's")
    return dialogue


async def measure_dialogues(dialogues: Iterable[Dialogue], open_talk: OpenTalk) -> list[Held]:
    """Hold every dialogue in a fresh conversation."""
    return [await hold(dialogue, open_talk) for dialogue in dialogues]


async def hold(dialogue: Dialogue, open_talk: OpenTalk) -> Held:
    """Say the citizen's part, and hold what is answered against what is expected."""
    missed: list[Disappointment] = []
    user = said = ""
    async with open_talk(f"dialogue {dialogue.id}") as talk:
        for step in dialogue.turns:
            if step.user is not None:
                user, said = step.user, spoken(await talk.say(step.user))
                continue
            reason = disappointment(step, said)
            if reason:
                missed.append(Disappointment(dialogue.id, user, step.expect or "", reason, said))
    return Held(sum(step.user is None for step in dialogue.turns), tuple(missed))


def spoken(replies: Iterable[Reply]) -> str:
    """Return everything that a citizen reads in replies: the texts and what buttons say."""
    return "\n".join(
        part for reply in replies for part in (reply.text, *(b.title for b in reply.buttons))
    )


def disappointment(step: Step, said: str) -> str:
    """Say why an expectation is not met, in a few words; empty when it is.

    Compared are lower-case letters without diacritics, with single spaces. Silence meets no
    expectation, not even that of saying nothing wrong.
    """
    heard = comparable(said)
    if not heard:
        return "nothing was said"
    unwanted = [words for words in step.must_not_contain if comparable(words) in heard]
    if unwanted:
        return f"says {unwanted[0]!r}"
    if step.must_contain_any and not any(
        comparable(words) in heard for words in step.must_contain_any
    ):
        return "lacks " + " | ".join(step.must_contain_any)
    return ""


def comparable(text: str) -> str:
    """Return the text lower-cased, without diacritics, white space as single spaces."""
    return " ".join(fold(text).split())


def dialogue_result(held: Sequence[Held]) -> Result:
    """Count: a dialogue passes when all of its expectations are met."""
    expectations = sum(one.expectations for one in held)
    missed = [missed for one in held for missed in one.disappointments]
    met = expectations - len(missed)
    return Result(
        n=len(held),
        figures={
            "pass_rate": share(not one.disappointments for one in held),
            "expectations_met": share(at < met for at in range(expectations)),
        },
        wrong=Table(
            ("dialogue", "user", "expected", "but", "said"),
            [(one.dialogue, one.user, one.expect, one.reason, one.said) for one in missed],
        ),
        counts={"passed": sum(not one.disappointments for one in held)},
    )
