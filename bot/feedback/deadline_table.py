"""The deadlines in force as a table for operators: figures, and on what each rests."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.feedback.category import Category
from bot.feedback.clocks import Rule, Unit
from bot.feedback.deadlines import Clock, Deadlines, Wait

_UNITS = {
    Unit.WORKING_DAYS: "working days",
    Unit.DAYS: "days",
    Unit.WORKING_HOURS: "working hours",
}
_WAITS = {
    Wait.ESCALATE: "after a deadline, the leads of the area are called",
    Wait.EXPECT: "after a missed answer, the reporter is told this new date",
    Wait.REMIND: "after a question, the reporter is reminded",
    Wait.RESUME: "after a question, the work goes on without the reporter's words",
    Wait.CLOSE: "after an answer that nobody disputes, the case is closed",
}


def lines(deadlines: Deadlines, province: str | None, at: datetime) -> Iterator[str]:
    """Write the figures that a case follows which arrives at that instant."""
    version = deadlines.in_force(at)
    yield f"In force from {version.since}, held against the sources on {version.checked_on}"
    yield f"Provinces with figures of their own: {', '.join(version.provinces) or 'none'}"
    yield ""
    for category in Category:
        for clock in Clock:
            rule = deadlines.rule(clock, category, province, at)
            name = f"{category.value:<23} {clock.value:<8}"
            warning = f"warned {_hours(rule.warn_before)} before"
            yield f"{name} {_length(rule):<16} {warning:<30} {_ground(rule)}"
    yield ""
    for wait, meaning in _WAITS.items():
        rule = deadlines.wait(wait, province, at)
        yield f"{wait.value:<9} {_length(rule):<16} {meaning}; {_ground(rule)}"


def _length(rule: Rule) -> str:
    unit = _UNITS[rule.unit]
    return f"{rule.amount} {unit.removesuffix('s') if rule.amount == 1 else unit}"


def _hours(time: timedelta) -> str:
    return f"{time / timedelta(hours=1):g} working hours"


def _ground(rule: Rule) -> str:
    return f"{'law' if rule.basis.law else 'goal'}: {rule.basis.text}"
