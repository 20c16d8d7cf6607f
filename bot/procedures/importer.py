"""Taking official records from files into the catalogue.

A source is read and understood as a whole first and then stored in one transaction: a crash at
any moment leaves the catalogue as it was, and writers of the same database hardly wait.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.procedures.official import MalformedRecord, Oddity, code_of, read_record
from bot.procedures.procedure import Kind, Procedure
from bot.procedures.report import Report
from bot.procedures.services import retire_missing, store
from bot.procedures.sources import Entry

_Rank = tuple[bool, bool, int]


class Gathering:
    """Procedures gathered from records, one for each code.

    The portal has a few different procedures under one code, one of them with a blank or a
    deletion mark in it. The one that is not internal to agencies counts, then the one whose code
    needed no mending, then the newer one.
    """

    def __init__(self, report: Report) -> None:
        """Report what is odd or left out to ``report``."""
        self._report = report
        self._found: dict[str, tuple[_Rank, str, Procedure]] = {}
        self._malformed: set[str] = set()

    def add(self, where: str, record: object) -> None:
        """Understand one record, or report why not."""
        try:
            procedure, odd = read_record(record)
        except MalformedRecord as error:
            self._report.skip(where, str(error))
            self._remember_malformed(code_of(record))
            return
        self._report.note(odd)
        rank = (
            procedure.kind is not Kind.INTERNAL,
            not odd[Oddity.CODE_MENDED],
            procedure.record_on.toordinal(),
        )
        before = self._found.get(procedure.code)
        if before is None or before[0] <= rank:
            self._found[procedure.code] = (rank, where, procedure)
        if before is not None:
            loser = where if before[0] > rank else before[1]
            self._report.skip(loser, f"another record has the code {procedure.code} as well")

    def _remember_malformed(self, code: str | None) -> None:
        """A record that cannot be understood is there all the same: it is not to be retired."""
        if code is None:
            self._report.complete = False
        else:
            self._malformed.add(code)

    @property
    def procedures(self) -> list[Procedure]:
        """The procedures gathered so far."""
        return [procedure for _, _, procedure in self._found.values()]

    @property
    def codes(self) -> set[str]:
        """The codes that the source holds, those of malformed records included."""
        return self._malformed | set(self._found)


def gather(
    entries: Iterable[Entry], report: Report, progress: Callable[[int], object]
) -> Gathering:
    """Read and understand every entry; ``progress`` is told the bytes used up."""
    gathering = Gathering(report)
    for entry in entries:
        progress(entry.cost)
        if entry.problem:
            report.skip(entry.where, entry.problem)
            report.complete = False
        else:
            report.read += 1
            gathering.add(entry.where, entry.record)
    return gathering


async def keep(
    session: AsyncSession,
    gathering: Gathering,
    report: Report,
    now: datetime,
    *,
    retire: bool = False,
) -> None:
    """Store what was gathered and, when asked and safe, retire what the source no longer holds.

    The caller commits. Raises TooManyMissing. A source that could not be read completely retires
    nothing: what it seems to lack may have stood in the part that is unreadable.
    """
    report.stored += await store(session, gathering.procedures, now)
    if retire and report.complete:
        report.retired = await retire_missing(session, gathering.codes, now)
