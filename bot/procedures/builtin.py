"""The built-in catalogue: YAML files in this repository, so that the bot answers from day one.

Each file of ``data/builtin/`` holds a list of mappings with the field names of Procedure;
``kind`` may be left out (standard), ``origin`` must be.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from bot.procedures.errors import BuiltinBroken
from bot.procedures.procedure import Kind, Origin, Procedure

BUILTIN = Path(__file__).with_name("data") / "builtin"


def load_builtin(folder: Path = BUILTIN) -> list[Procedure]:
    """Return the built-in procedures; raises BuiltinBroken naming the file and the code."""
    found: dict[str, Procedure] = {}
    for file in sorted(folder.glob("*.yml")):
        for procedure in _read_file(file):
            if procedure.code in found:
                raise BuiltinBroken(f"{file.name}: {procedure.code} is there twice")
            found[procedure.code] = procedure
    return list(found.values())


def _read_file(file: Path) -> Iterator[Procedure]:
    try:
        records = yaml.load(file.read_text("utf-8"), Loader=_loader())  # noqa: S506 - a safe one
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BuiltinBroken(f"{file.name}: not valid YAML: {error}") from error
    if not isinstance(records, list):
        raise BuiltinBroken(f"{file.name}: must hold a list of procedures")
    for number, record in enumerate(records, start=1):
        yield _read_procedure(record, file.name, number)


def _loader() -> type[yaml.SafeLoader]:
    """Return YAML's safe loader, the one in C where there is one (ten times faster)."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_procedure(record: object, file_name: str, number: int) -> Procedure:
    if not isinstance(record, dict):
        raise BuiltinBroken(f"{file_name}: item {number} is not a mapping")
    code = record.get("code", f"item {number}")
    if "origin" in record:
        raise BuiltinBroken(f"{file_name}: {code}: origin must be left out")
    whole = {"kind": Kind.STANDARD.value, **record, "origin": Origin.BUILTIN.value}
    try:
        return msgspec.convert(whole, Procedure)
    except msgspec.ValidationError as error:
        raise BuiltinBroken(f"{file_name}: {code}: {error}") from error
