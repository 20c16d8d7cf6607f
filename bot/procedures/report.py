"""What an import or a sync did, as lines that an operator reads."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.procedures.official import Oddities
from bot.procedures.services import Stored

_SHOWN_PROBLEMS = 50


@dataclass
class Report:
    """Counts of what was read and stored, what was odd, and what had to be left out."""

    read: int = 0
    stored: Stored = field(default_factory=Stored)
    retired: int | None = None  # None: was not asked for
    forms: int | None = None  # blank forms fetched; None: was not asked for
    oddities: Oddities = field(default_factory=Counter)
    odd_records: Oddities = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)
    complete: bool = True  # False: a part was unreadable, so nothing may be called missing

    def note(self, odd: Oddities) -> None:
        """Count what was odd in one record."""
        self.oddities.update(odd)
        self.odd_records.update(kind for kind, count in odd.items() if count)

    def skip(self, where: str, reason: str) -> None:
        """Remember a record that was left out, and why."""
        self.problems.append((where, reason))


def report_lines(report: Report) -> Iterator[str]:
    """Yield the summary, line by line."""
    stored = report.stored
    yield f"{report.read} records read, {len(report.problems)} left out"
    yield (
        f"{stored.added} added, {stored.updated} updated, {stored.unchanged} unchanged, "
        f"{stored.revived} revived"
    )
    if stored.kept_official:
        yield f"{stored.kept_official} built-in ones gave way to their official record"
    if report.retired is not None:
        yield f"{report.retired} retired"
    if report.forms is not None:
        yield f"{report.forms} blank forms fetched"
    if not report.complete:
        yield "The source could not be read completely, so nothing was retired"
    if report.odd_records:
        yield "Odd, and resolved (times, in how many records):"
    for kind, records in sorted(report.odd_records.items(), key=lambda item: -item[1]):
        yield f"  {report.oddities[kind]:>7} {records:>6}  {kind.value}"
    if report.problems:
        yield "Left out:"
    for where, reason in report.problems[:_SHOWN_PROBLEMS]:
        yield f"  {where}: {reason}"
    if len(report.problems) > _SHOWN_PROBLEMS:
        yield f"  … and {len(report.problems) - _SHOWN_PROBLEMS} more"
