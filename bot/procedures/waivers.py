"""Fee waivers (miễn, giảm phí, lệ phí) that began after the records were made."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.procedures import wording
from bot.procedures.procedure import Procedure

WAIVERS = Path(__file__).with_name("data") / "fee-waivers.yml"


class Waiver(Struct, frozen=True, forbid_unknown_fields=True):
    """One waiver: its legal source, the days it covers (both included), what to say, for whom."""

    source: str
    begins_on: date
    ends_on: date
    text: str
    codes: frozenset[str]


def load_waivers(file: Path = WAIVERS) -> tuple[Waiver, ...]:
    """Read the waivers; raises msgspec.ValidationError when the file has another shape."""
    return msgspec.yaml.decode(file.read_bytes(), type=tuple[Waiver, ...])


def fee_notes(procedure: Procedure, waivers: Iterable[Waiver], today: date) -> tuple[str, ...]:
    """Say which waivers are in force for a procedure; a record made later knows them itself."""
    return tuple(
        wording.WAIVER.format(
            begins=wording.day(waiver.begins_on),
            ends=wording.day(waiver.ends_on),
            source=waiver.source,
            text=waiver.text,
        )
        for waiver in waivers
        if procedure.code in waiver.codes
        and waiver.begins_on <= today <= waiver.ends_on
        and procedure.record_on < waiver.begins_on
    )
