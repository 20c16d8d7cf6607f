"""A procedure as plain lines for operators: what the catalogue holds, not what citizens read."""

from collections.abc import Iterable, Iterator

from bot.procedures.procedure import (
    ComponentGroup,
    Duration,
    Fee,
    Procedure,
    Way,
)


def procedure_lines(procedure: Procedure) -> Iterator[str]:
    """Yield the record line by line; what it is silent about is left out."""
    yield f"{procedure.code}  {procedure.name}"
    yield f"  {procedure.kind.value}, {procedure.origin.value}, as of {procedure.record_on}"
    yield from _fact("field", [procedure.field])
    yield from _fact("publisher", [procedure.publisher])
    yield from _fact("decision", [procedure.decision, str(procedure.decided_on or "")])
    yield from _fact("levels", [level.value for level in procedure.levels])
    yield from _fact("audiences", [audience.value for audience in procedure.audiences])
    yield from _fact("decides", procedure.deciding_agencies)
    yield from _fact("receives", procedure.receiving_places)
    for way in procedure.ways:
        yield from _way_lines(way)
    for term in procedure.terms:
        yield from _fact("term", [term.name, _duration(term.duration)])
    for group in procedure.component_groups:
        yield from _group_lines(group)
    for step in procedure.steps:
        yield from _block("step", "\n".join(filter(None, (step.name, step.text))))
    yield from _block("conditions", procedure.conditions)
    yield from _fact("results", procedure.results)
    yield from _fact("legal bases", [basis.code or basis.name for basis in procedure.legal_bases])
    yield from _block("note", procedure.note)
    if procedure.names_district:
        yield "  names a district body, abolished on 1 July 2025"


def _fact(label: str, values: Iterable[str]) -> Iterator[str]:
    text = "; ".join(value for value in values if value)
    if text:
        yield f"  {label}: {text}"


def _block(label: str, text: str) -> Iterator[str]:
    if text:
        yield f"  {label}: " + text.replace("\n", "\n    ")


def _way_lines(way: Way) -> Iterator[str]:
    yield from _fact("way", [way.method.value, _duration(way.duration), way.duration_text])
    yield from _block("    remark", way.remark)
    for fee in way.fees:
        yield from _fact("    fee", [_fee(fee)])


def _duration(duration: Duration | None) -> str:
    return f"{duration.amount:g} {duration.unit.value}" if duration else ""


def _fee(fee: Fee) -> str:
    figure = "" if fee.amount is None else f"{fee.amount:,.0f} {fee.currency}"
    doubt = "words and figure disagree" if fee.conflicting else ""
    return f"{fee.kind.value}: " + "; ".join(filter(None, (figure, fee.text, doubt)))


def _group_lines(group: ComponentGroup) -> Iterator[str]:
    kind = "case" if group.alternative else "papers"
    yield f"  {kind}: {group.name}".rstrip()
    for component in group.components:
        forms = f" [{len(component.forms)} forms]" if component.forms else ""
        yield f"    {component.originals}+{component.copies} {component.name}{forms}"
    for note in group.notes:
        yield f"    note: {note}"
