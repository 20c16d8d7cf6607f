"""What a record says about each aspect, as lines; silence is said as silence.

Rules and traps of the source: ../shared/FACTS.md 6.3 to 6.7 (time, papers, fees, obsolete text).
"""

import re
from collections.abc import Callable, Iterable, Sequence

from bot.procedures import wording
from bot.procedures.aspect import Aspect
from bot.procedures.parts import Line, LineKind, fact, heading, item, paragraph
from bot.procedures.procedure import (
    Component,
    ComponentGroup,
    Fee,
    Form,
    Level,
    Method,
    Procedure,
    Step,
    Term,
    TimeUnit,
    Way,
)

FormUrl = Callable[[Form], str | None]
"""Tells where a fetched blank form can be had; None when it was not fetched."""

_CASE_LENGTH = 160
_APPLICATION = re.compile(r"(tờ khai|đơn|phiếu|giấy đề nghị|văn bản đề nghị|mẫu)\b")
_SPECIAL_CASE = re.compile(r"(trường hợp|đối với|nếu|(văn bản|giấy) (ủy|uỷ) quyền)\b")
_SHOWN_ONLY = re.compile(r"xuất trình", re.IGNORECASE)  # papers to show, not to hand in: last
_LABEL = re.compile(r"\(?([ivx]{1,4}|[a-z]|\d{1,2})[).]\s")
_TOWN = re.compile(r",?\s*(?:và\s+)?thị trấn\b", re.IGNORECASE)  # ended with the districts
_WRAPPED = re.compile(r"^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")  # a text that is one bracket
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_PLACE_LENGTH = 300
_FEE_LENGTH = 100
_REMARK_LENGTH = 140


def no_form_file(form: Form) -> str | None:
    """Answer for a catalogue without fetched forms."""
    return None


def page_of(procedure: Procedure) -> str:
    """Return the address of the procedure's page for people, else the portal's front page."""
    if not procedure.portal_id:
        return wording.PORTAL
    return wording.PORTAL_PAGE.format(portal_id=procedure.portal_id)


def cases_of(procedure: Procedure) -> tuple[ComponentGroup, ...]:
    """Return the groups of papers of which one applies; fewer than two are no choice at all."""
    cases = tuple(group for group in procedure.component_groups if group.alternative)
    return cases if len(cases) > 1 else ()


def say(procedure: Procedure, aspect: Aspect, case: int | None, form_url: FormUrl) -> list[Line]:
    """Say one aspect; ``case`` counts from 1 and picks among ``cases_of``."""
    if aspect is Aspect.DOCUMENTS:
        return documents(procedure, case)
    if aspect is Aspect.FORM:
        return forms(procedure, form_url)
    return _PLAIN_ASPECTS[aspect](procedure)


def has(procedure: Procedure, aspect: Aspect) -> bool:
    """Tell whether the record says anything worth a button about an aspect."""
    match aspect:
        case Aspect.DOCUMENTS:
            return bool(procedure.component_groups)
        case Aspect.FORM:
            return bool(_forms(procedure))
        case Aspect.STEPS:
            return bool(procedure.steps)
        case Aspect.CONDITIONS:
            return bool(procedure.conditions.strip() or procedure.note.strip())
        case Aspect.LEGAL_BASIS:
            return bool(procedure.legal_bases)
        case Aspect.RESULT:
            return bool(procedure.results)
        case Aspect.ONLINE:
            return is_online(procedure)
        case _:
            return True


# --- papers ---------------------------------------------------------------------------------


def documents(procedure: Procedure, case: int | None) -> list[Line]:
    """List the papers (thành phần hồ sơ), or ask which case applies when there are several."""
    cases = cases_of(procedure)
    chosen = _chosen(cases, case)
    shared = [group for group in procedure.component_groups if group not in cases]
    shared.sort(key=_group_order)
    if cases and chosen is None:
        return [heading(wording.WHICH_CASE), *_case_items(cases), paragraph(wording.PICK_A_CASE)]
    groups = [*shared]
    lines = [line for group in shared for line in _group(group)]
    if chosen is not None and case is not None:
        groups.insert(0, chosen)
        papers = _papers(chosen)
        lines = [heading(_case_heading(case_names(cases)[case - 1])), *papers, *lines]
    lines += _notes(groups)
    if all(line.kind is LineKind.HEADING for line in lines):
        return [heading(wording.ASPECT_HEADINGS[Aspect.DOCUMENTS]), paragraph(wording.NO_DOCUMENTS)]
    return lines


def _chosen(cases: Sequence[ComponentGroup], case: int | None) -> ComponentGroup | None:
    return cases[case - 1] if case is not None and 1 <= case <= len(cases) else None


def _case_items(cases: Sequence[ComponentGroup]) -> list[Line]:
    names = (wording.shorten(name, 2 * _CASE_LENGTH) for name in case_names(cases))
    return [item(name, choice=n) for n, name in enumerate(names, 1)]


def case_names(cases: Sequence[ComponentGroup]) -> list[str]:
    """Name the cases; unnamed ones and namesakes are told apart by their first paper."""
    names = [group.name.strip(" *:-+") for group in cases]
    return [
        name if name and names.count(name) == 1 else _name_by_paper(name, group, position)
        for position, (name, group) in enumerate(zip(names, cases, strict=True), 1)
    ]


def _name_by_paper(name: str, group: ComponentGroup, position: int) -> str:
    paper = group.components[0].name if group.components else f"Trường hợp {position}"
    paper = wording.shorten(paper, _CASE_LENGTH // 2)
    return f"{wording.shorten(name, _CASE_LENGTH)} ({paper})" if name else paper


def _case_heading(name: str) -> str:
    name = wording.shorten(name, _CASE_LENGTH)
    says_so = re.match(r"(trường hợp|đối với)\b", name, re.IGNORECASE)
    return name if says_so else wording.CASE.format(name=name)


def _group(group: ComponentGroup) -> list[Line]:
    if not group.components:  # only remarks, which are told after all papers
        return []
    name = group.name.strip(" *:-+") or wording.ASPECT_HEADINGS[Aspect.DOCUMENTS]
    return [heading(name), *_papers(group)]


def _papers(group: ComponentGroup) -> list[Line]:
    papers = sorted(group.components, key=lambda component: _order(component.name))
    return [item(_paper(component)) for component in papers]


def _group_order(group: ComponentGroup) -> tuple[bool, tuple[int, int], tuple[int, int]]:
    """Put the group with the application form first, and what is only shown last."""
    first_paper = min((_order(component.name) for component in group.components), default=(9, 0))
    return bool(_SHOWN_ONLY.search(group.name)), first_paper, _order(group.name)


def _notes(groups: Iterable[ComponentGroup]) -> list[Line]:
    """Tell the remarks of all groups after all papers: what to bring comes first."""
    notes = [note.strip() for group in groups for note in group.notes if note.strip()]
    return [heading(wording.NOTE), *(paragraph(note) for note in notes)] if notes else []


def _order(name: str) -> tuple[int, int]:
    """Put what everybody files first and special cases last, labelled entries by their labels.

    The source keeps no order: the application form often stands second, "(iv)" before "(ii)".
    """
    bare = name.strip(" -+*").lower()
    label = _LABEL.match(bare)
    if label is not None:
        return 1, _label_place(label.group(1))
    if _APPLICATION.match(bare):
        return 0, 0
    return (2 if _SPECIAL_CASE.match(bare) else 1), 0


def _label_place(label: str) -> int:
    if label in _ROMAN:
        return _ROMAN.index(label) + 1
    return int(label) if label.isdigit() else ord(label[0])


def _paper(component: Component) -> str:
    remarks = [
        f"{count} {word}"
        for count, word in ((component.originals, "bản chính"), (component.copies, "bản sao"))
        if count
    ]
    if component.forms:
        remarks.append(wording.FORM.format(names=", ".join(f.file_name for f in component.forms)))
    name = component.name.strip().rstrip(".;")
    return f"{name} ({'; '.join(remarks)})" if remarks else name


# --- blank forms ----------------------------------------------------------------------------


def _forms(procedure: Procedure) -> list[Form]:
    papers = (c for group in procedure.component_groups for c in group.components)
    return list({form.id: form for paper in papers for form in paper.forms}.values())


def forms(procedure: Procedure, form_url: FormUrl) -> list[Line]:
    """Name the blank forms (mẫu đơn, tờ khai); fetched ones come with their own address."""
    lines = [heading(wording.ASPECT_HEADINGS[Aspect.FORM])]
    found = _forms(procedure)
    if not found:
        return [*lines, paragraph(wording.NO_FORM)]
    addresses = [(form.file_name, form_url(form)) for form in found]
    for name, url in addresses:
        lines.append(item(wording.FILE_FORM.format(name=name, url=url) if url else name))
    if any(url is None for _, url in addresses):
        lines.append(paragraph(wording.FORMS_ON_PORTAL.format(link=page_of(procedure))))
    return lines


# --- fees -----------------------------------------------------------------------------------


def fees(procedure: Procedure) -> list[Line]:
    """State the published fees per way of filing; nothing published is never "free"."""
    by_way = _by_way(procedure, lambda way: "\n".join(_fee_texts(way)))
    if not by_way:
        return [fact(wording.COSTS, wording.NO_FEE), paragraph(wording.ASK_FEE)]
    lines = [heading(wording.ASPECT_HEADINGS[Aspect.FEE])]
    for term, text in by_way:
        amounts = text.split("\n")
        lines += [item(f"{term}: {amount}" if term else amount) for amount in amounts]
    if any("\n" in text for _, text in by_way):
        lines.append(paragraph(wording.SEVERAL_FEES))
    return [*lines, paragraph(wording.RECEIPT_FOR_FEE)]


def fee_in_brief(procedure: Procedure) -> str:
    """Say the fees in one line, every way of filing that differs named."""
    by_way = _by_way(procedure, lambda way: "\n".join(_fee_texts(way)))
    brief = [
        (term, wording.shorten(_in_line(text), _FEE_LENGTH).rstrip(".")) for term, text in by_way
    ]
    return "; ".join(f"{term}: {text}" if term else text for term, text in brief) or wording.NO_FEE


def _fee_texts(way: Way) -> list[str]:
    texts = (_fee(fee) for fee in way.fees)
    return list(dict.fromkeys(text for text in texts if text))


def _fee(fee: Fee) -> str:
    words = _WRAPPED.sub(r"\1", " ".join(fee.text.split()).lstrip("-+*• "))
    if fee.conflicting and words:
        return f"{words} {wording.CONFLICTING_FEE}"
    if not fee.amount:
        return words
    amount = wording.money(fee.amount, fee.currency)
    if not words:
        return amount
    if _figure(fee.amount) in _digits(words):
        return words
    return f"{amount}{words}" if words.startswith("/") else f"{amount}. {words}"


def _figure(amount: float) -> str:
    return re.sub(r"\D", "", wording.number(amount))


def _digits(words: str) -> list[str]:
    return [re.sub(r"\D", "", figure) for figure in re.findall(r"\d[\d.,]*", words)]


# --- time -----------------------------------------------------------------------------------


def durations(procedure: Procedure) -> list[Line]:
    """State the published term (thời hạn) per way of filing; working and calendar days apart."""
    by_way = _by_way(procedure, lambda way: _term_of(way, procedure.terms))
    by_way = by_way or [("", _terms(procedure.terms))]
    if not any(text for _, text in by_way):
        return [fact(wording.TAKES, wording.NO_DURATION), paragraph(wording.DURATION_IS_EXPECTED)]
    lines = [fact(term or wording.TAKES, _in_line(text)) for term, text in by_way]
    if any(term for term, _ in by_way):
        lines.insert(0, heading(wording.ASPECT_HEADINGS[Aspect.DURATION]))
    if _in_calendar_days(procedure):
        lines.append(paragraph(wording.CALENDAR_DAYS))
    return [*lines, paragraph(wording.DURATION_IS_EXPECTED)]


def duration_in_brief(procedure: Procedure) -> str:
    """Say the term in one line."""
    by_way = _by_way(procedure, lambda way: _term_of(way, procedure.terms))
    said = [f"{term}: {_in_line(text)}" if term else _in_line(text) for term, text in by_way]
    return "; ".join(said) or _terms(procedure.terms) or wording.NO_DURATION


def _term_of(way: Way, terms: Sequence[Term]) -> str:
    """Prefer the way's own figure, then the figures of the cases, then the words."""
    if way.duration is not None and way.duration.amount > 0:
        return wording.duration(way.duration)
    return _terms(terms) or " ".join(way.duration_text.split())


def _in_line(rows: str) -> str:
    return "; ".join(rows.splitlines())


def _terms(terms: Iterable[Term]) -> str:
    said = [
        f"{term.name.strip(' :')}: {wording.duration(term.duration)}"
        if term.name.strip(" :")
        else wording.duration(term.duration)
        for term in terms
        if term.duration is not None and term.duration.amount > 0
    ]
    return "; ".join(dict.fromkeys(said))


def _in_calendar_days(procedure: Procedure) -> bool:
    said = [way.duration for way in procedure.ways]
    if not said or None in said:  # then the terms speak
        said += [term.duration for term in procedure.terms]
    return any(duration is not None and duration.unit is TimeUnit.DAY for duration in said)


def _by_way(procedure: Procedure, text_of: Callable[[Way], str]) -> list[tuple[str, str]]:
    """Pair ways of filing with a text; ways that say the same share a row.

    One text for all ways needs no name: its first half is empty. None when all are silent.
    """
    ways_of: dict[str, list[str]] = {}
    for method in dict.fromkeys(way.method for way in procedure.ways):
        said = _told_apart([way for way in procedure.ways if way.method is method], text_of)
        ways_of.setdefault(said, []).append(wording.METHODS[method])
    if set(ways_of) <= {""}:
        return []
    if len(ways_of) == 1:
        return [("", text) for text in ways_of]
    return [(" / ".join(ways), text or wording.UNPUBLISHED) for text, ways in ways_of.items()]


def _told_apart(ways: Sequence[Way], text_of: Callable[[Way], str]) -> str:
    """Join what a method's ways say; where they differ, their remarks name the cases."""
    texts = {text: way.remark for way in reversed(ways) if (text := text_of(way))}
    rows = [(text, _named(remark)) for text, remark in reversed(texts.items())]
    if len(rows) == 1:
        return rows[0][0]
    return "\n".join(f"{remark}: {text}" if remark else text for text, remark in rows)


def _named(remark: str) -> str:
    return wording.shorten(remark.strip(" -+*"), _REMARK_LENGTH).rstrip(" .:;")


# --- where ----------------------------------------------------------------------------------


def places(procedure: Procedure) -> list[Line]:
    """Say where to file; never a body of the district tier."""
    lines = [
        fact(wording.FILE_AT, filing_place(procedure)),
        fact(wording.FILE_BY, ways_in_brief(procedure)),
    ]
    if not _named_places(procedure):
        lines.append(paragraph(wording.NO_PLACE))
    if procedure.non_territorial:
        lines.append(paragraph(wording.NON_TERRITORIAL))
    elif {Level.COMMUNE, Level.PROVINCE} & set(procedure.levels):
        lines.append(paragraph(wording.WITHIN_THE_PROVINCE))
    return [*lines, paragraph(wording.ASK_FOR_RECEIPT)]


def filing_place(procedure: Procedure) -> str:
    """Name where to file: the record's places, else the one-stop office of its tier."""
    named = _named_places(procedure)
    if named:
        return "; ".join(wording.shorten(place, _PLACE_LENGTH) for place in named)
    agencies = _standing(procedure.deciding_agencies)
    local = {Level.COMMUNE, Level.PROVINCE} & set(procedure.levels)
    if agencies and not local:
        return "; ".join(wording.shorten(agency, _PLACE_LENGTH) for agency in agencies)
    return wording.centre(procedure.levels)


def decider(procedure: Procedure) -> str:
    """Name who decides, leaving out bodies that no longer exist."""
    agencies = _standing(procedure.deciding_agencies)
    if agencies:
        return "; ".join(wording.shorten(agency, _PLACE_LENGTH) for agency in agencies)
    return wording.NO_DECIDER


def _named_places(procedure: Procedure) -> list[str]:
    return _standing(procedure.receiving_places)


def _standing(names: Iterable[str]) -> list[str]:
    stripped = (_TOWN.sub("", name).strip(" ;.-") for name in names)
    return [name for name in stripped if name and not wording.is_district_body(name)]


def ways_in_brief(procedure: Procedure) -> str:
    """Name the ways to file, "trực tuyến toàn trình" included."""
    methods = dict.fromkeys(way.method for way in procedure.ways)
    names = [wording.METHODS[method] for method in Method if method in methods]
    if procedure.fully_online and Method.ONLINE in methods:
        names[-1] += f" ({wording.FULLY_ONLINE})"
    return ", ".join(names) or wording.NO_WAYS


def is_online(procedure: Procedure) -> bool:
    """Tell whether the record publishes online filing."""
    return procedure.fully_online or any(w.method is Method.ONLINE for w in procedure.ways)


def online(procedure: Procedure) -> list[Line]:
    """Say whether and how it is filed online; the counter asks for no VNeID."""
    lines = [heading(wording.ASPECT_HEADINGS[Aspect.ONLINE])]
    if not is_online(procedure):
        ways = fact(wording.FILE_BY, ways_in_brief(procedure))
        return [*lines, paragraph(wording.NOT_ONLINE), ways]
    whole = wording.ONLINE_ALL_THE_WAY if procedure.fully_online else wording.ONLINE_IN_PART
    return [*lines, paragraph(whole), paragraph(wording.ONLINE_HOW)]


# --- the rest -------------------------------------------------------------------------------


def steps(procedure: Procedure) -> list[Line]:
    """Tell the published order of steps, one line of the record to a line."""
    lines = [heading(wording.ASPECT_HEADINGS[Aspect.STEPS])]
    for position, step in enumerate(procedure.steps, 1):
        lines += _step(step, position if len(procedure.steps) > 1 else 0)
    return lines if len(lines) > 1 else [*lines, paragraph(wording.NO_STEPS)]


def _step(step: Step, position: int) -> list[Line]:
    rows = [row.strip() for row in step.text.splitlines() if row.strip()]
    name = step.name.strip(" :.")
    if position and not re.match(r"bước\s+\d", name or step.text.strip(), re.IGNORECASE):
        name = f"Bước {position}. {name}" if name else f"Bước {position}"
    if name and rows:
        rows[0] = f"{name}: {rows[0]}"
    elif name:
        rows = [name]
    return [paragraph(row) for row in rows]


def conditions(procedure: Procedure) -> list[Line]:
    """Tell the requirements, in the record's own lines, and the record's remark (ghi chú)."""
    rows = [row.strip() for row in procedure.conditions.splitlines() if row.strip()]
    lines = [paragraph(row) for row in rows or [wording.NO_CONDITIONS]]
    note = procedure.note.strip()
    lines += [heading(wording.NOTE), paragraph(note)] if note else []
    return [heading(wording.ASPECT_HEADINGS[Aspect.CONDITIONS]), *lines]


def legal_bases(procedure: Procedure) -> list[Line]:
    """Name the legal texts by their codes, which the source keeps better than the names."""
    lines = [item(_law(b.code.strip(), b.name.strip())) for b in procedure.legal_bases]
    lines = lines or [paragraph(wording.NO_LEGAL_BASIS)]
    return [heading(wording.ASPECT_HEADINGS[Aspect.LEGAL_BASIS]), *lines]


def _law(code: str, name: str) -> str:
    named = wording.shorten(name, 200)
    if not code or code in named:
        return named or code
    return f"{code}: {named}" if named else code


def results(procedure: Procedure) -> list[Line]:
    """Say what one gets in the end."""
    lines = [item(result.strip()) for result in procedure.results if result.strip()]
    lines = lines or [paragraph(wording.NO_RESULT)]
    return [heading(wording.ASPECT_HEADINGS[Aspect.RESULT]), *lines]


_PLAIN_ASPECTS: dict[Aspect, Callable[[Procedure], list[Line]]] = {
    Aspect.FEE: fees,
    Aspect.DURATION: durations,
    Aspect.PLACE: places,
    Aspect.STEPS: steps,
    Aspect.CONDITIONS: conditions,
    Aspect.LEGAL_BASIS: legal_bases,
    Aspect.RESULT: results,
    Aspect.ONLINE: online,
}
