"""Everyday names (tên thường gọi): what people say instead of a procedure's official name.

They live in data/everyday-names.yml, which a volunteer can extend without knowing the program::

    "1.004873":  # Cấp Giấy xác nhận tình trạng hôn nhân
      - giấy độc thân
      - xác nhận chưa vợ chưa chồng

A name under several codes is ambiguous: the bot then asks which one. That must be meant: such a
name stands with a "?" behind it under every one of its codes ("mai táng phí ?").
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from importlib import resources

import yaml

from bot.procedures.errors import BadEverydayNames
from bot.vietnamese import normalise, words

AMBIGUOUS = "?"
LONGEST = 90  # characters: a name, not a story


def load_everyday_names() -> dict[str, tuple[str, ...]]:
    """Read the file that ships with the program: code → names.

    Raises BadEverydayNames when it breaks its rules.
    """
    source = resources.files("bot.procedures").joinpath("data/everyday-names.yml")
    return read_everyday_names(source.read_text("utf-8"))


def read_everyday_names(text: str) -> dict[str, tuple[str, ...]]:
    """Read and check a file's text: code → names without the mark of ambiguity."""
    try:
        entries = yaml.load(text, Loader=_StrictLoader) or {}  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise BadEverydayNames([f"not readable: {error}"]) from None
    problems = [*_misshapen(entries)]
    if not problems:
        problems = [*_clashes(entries)]
    if problems:
        raise BadEverydayNames(problems)
    return {code: tuple(_bare(name) for name in names) for code, names in entries.items()}


def unknown_codes(names: Mapping[str, object], known: Collection[str]) -> list[str]:
    """Codes of the file that the catalogue in use does not have: to be reported, not fatal."""
    return sorted(code for code in names if code not in known)


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses the same code twice, where the usual loader keeps the last silently."""


def _mapping_once(loader: _StrictLoader, node: yaml.MappingNode) -> dict[object, object]:
    keys = [key.value for key, _ in node.value]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise BadEverydayNames([f"code {key} stands twice" for key in twice])
    return {
        loader.construct_object(k): loader.construct_object(v, deep=True) for k, v in node.value
    }


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def _misshapen(entries: Mapping[object, object]) -> list[str]:
    problems = []
    for code, names in entries.items():
        if not isinstance(code, str):
            problems.append(f"code {code} must stand in quotation marks")
        elif not isinstance(names, list) or not names:
            problems.append(f"{code} needs a list of names")
        else:
            problems += [
                f"{code}: {name!r} is not a short text"
                for name in names
                if not isinstance(name, str) or not 2 < len(name) <= LONGEST
            ]
    return problems


def _clashes(entries: Mapping[str, Sequence[str]]) -> list[str]:
    """Names used twice under one code, or under several without being marked everywhere."""
    holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, names in entries.items():
        for name in names:
            holders[_key(name)].append((code, name))
    problems = []
    for held in holders.values():
        codes = [code for code, _ in held]
        name = held[0][1]
        if len(set(codes)) < len(codes):
            problems.append(f"{codes[0]}: {name!r} stands twice")
        elif len(codes) > 1 and not all(n.endswith(AMBIGUOUS) for _, n in held):
            problems.append(f"{name!r} stands under {', '.join(codes)} without '{AMBIGUOUS}'")
    return problems


def _bare(name: str) -> str:
    return name.removesuffix(AMBIGUOUS).strip()


def _key(name: str) -> str:
    """What makes two names the same: their words, diacritics kept."""
    return " ".join(words(normalise(_bare(name))))
