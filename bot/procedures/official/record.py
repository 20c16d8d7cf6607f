"""The whole record: identity, who handles it, how to file, steps, law."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from bot.procedures.official.district import names_district
from bot.procedures.official.fees import read_fees
from bot.procedures.official.fields import (
    MalformedRecord,
    Oddities,
    Oddity,
    Record,
    clean_code,
    distinct,
    read_day,
    read_entries,
    read_flag,
    read_identifier,
    read_line,
    read_mapping,
    read_text,
)
from bot.procedures.official.papers import read_groups
from bot.procedures.official.texts import heading, without_bullet
from bot.procedures.official.times import read_duration, read_sentence, read_terms, tells_a_term
from bot.procedures.procedure import (
    Audience,
    Kind,
    LegalBasis,
    Level,
    Method,
    Origin,
    Procedure,
    Step,
    Way,
)

_KINDS = {
    "STANDARD": Kind.STANDARD,
    "SPECIFIC": Kind.PROVINCIAL,
    "STANDARD_INTERNAL": Kind.INTERNAL,
}
_LEVELS = {
    "isWard": Level.COMMUNE,
    "isProvince": Level.PROVINCE,
    "isMinistry": Level.MINISTRY,
    "isVertical": Level.VERTICAL,
    "isOtherAgency": Level.OTHER,
}
_METHODS = {"DIRECT": Method.DIRECT, "POSTAL": Method.POSTAL, "ONLINE": Method.ONLINE}
_AUDIENCES = {  # by the number in "ĐT1": the portal mixes Đ and D before it
    1: Audience.CITIZEN,
    2: Audience.ENTERPRISE,
    3: Audience.FOREIGNER,
    4: Audience.FOREIGNER,
    5: Audience.OTHER,  # Đảng viên
    6: Audience.ORGANISATION,  # Tổ chức Đảng
    7: Audience.FOREIGN_ORGANISATION,
    8: Audience.ENTERPRISE,
    9: Audience.ORGANISATION,
    10: Audience.FOREIGN_ENTERPRISE,
    11: Audience.COOPERATIVE,
    12: Audience.OVERSEAS_VIETNAMESE,
    13: Audience.OFFICIAL,
    14: Audience.CITIZEN,  # công dân chưa xác định được nơi thường trú, tạm trú
    15: Audience.FOREIGNER,
}
_AUDIENCE_CODE = re.compile(r"[ĐD]T([0-9]{1,2})")
_LAW_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)*/[0-9]{4}/[A-ZĐa-z0-9-]+")
_NUMBERED_STEP = re.compile(r"^(?:[-+*•]\s*)?(bước\s+[0-9]{1,2})\s*[:.)-]*\s*", re.I | re.M)
# A decision may come some weeks after the record was last touched; much later is a typing error.
_DECISION_LAG = timedelta(days=120)
_NO_KEYWORDS = "không có thông tin"


def read_record(raw: object) -> tuple[Procedure, Oddities]:
    """Return the procedure that a record of the portal tells, and what was odd in it.

    ``raw`` is the decoded JSON: ``{"code", "name", "detail": {…}}`` or the detail alone.
    Raises MalformedRecord, and nothing else, when it cannot be understood.
    """
    detail = _find_detail(raw)
    odd: Oddities = Counter()
    name = read_line(detail, "name")
    if not name:
        raise MalformedRecord("name is missing")
    record_on = read_day(detail, "updatedAt") or read_day(detail, "createdAt")
    if record_on is None:
        raise MalformedRecord("updatedAt is missing")
    return _read_procedure(detail, name, record_on, odd), odd


def code_of(raw: object) -> str | None:
    """Return the code of a record that may be malformed elsewhere; None without a sound one."""
    try:
        return clean_code(read_line(_find_detail(raw), "code"))
    except MalformedRecord:
        return None


def _find_detail(raw: object) -> Record:
    if not isinstance(raw, dict):
        raise MalformedRecord("the record is not an object")
    if "detail" in raw:
        return read_mapping(raw["detail"], "detail")
    return raw


def _read_procedure(detail: Record, name: str, record_on: date, odd: Oddities) -> Procedure:
    groups = read_groups(detail, odd)
    ways = tuple(_read_ways(detail, odd))
    steps = tuple(_read_steps(detail, odd))
    agencies = _read_agencies(detail, odd)
    places = _read_places(detail)
    conditions = read_text(detail, "requirementsAndConditions") or read_text(detail, "description")
    obsolete = names_district(name, agencies, places, ways, steps, conditions, groups)
    odd[Oddity.NAMES_DISTRICT] += obsolete
    proposal = read_mapping(detail.get("procedureProposal"), "procedureProposal")
    return Procedure(
        code=_read_code(detail, odd),
        name=name,
        kind=_read_kind(detail),
        origin=Origin.OFFICIAL,
        record_on=record_on,
        portal_id=read_identifier(detail, "id"),
        field=_read_field(detail, odd),
        publisher=read_line(detail, "departmentPromulgateName"),
        publisher_code=read_line(detail, "departmentPromulgateCode"),
        levels=tuple(level for flag, level in _LEVELS.items() if read_flag(detail, flag)),
        audiences=_read_audiences(detail, odd),
        fully_online=read_flag(detail, "isFullProcess"),
        non_territorial=read_flag(detail, "isNonTerritorial"),
        deciding_agencies=agencies,
        receiving_places=places,
        ways=ways,
        terms=read_terms(detail, name, odd),
        component_groups=groups,
        steps=steps,
        conditions=conditions,
        legal_bases=_read_legal_bases(detail, odd),
        results=_read_names(detail, "resultsDetails", odd),
        decision=read_line(proposal, "proposalNumber"),
        decided_on=_read_decision_day(proposal, record_on, odd),
        keywords=_read_keywords(detail),
        note=read_text(detail, "note"),
        names_district=obsolete,
    )


def _read_code(detail: Record, odd: Oddities) -> str:
    raw = detail.get("code")
    if not isinstance(raw, str):
        raise MalformedRecord("code is missing")
    code = clean_code(raw)
    odd[Oddity.CODE_MENDED] += code != raw
    return code


def _read_kind(detail: Record) -> Kind:
    kind = read_line(detail, "type")
    if kind not in _KINDS:
        raise MalformedRecord(f"type {kind[:40]!r} is unknown")
    return _KINDS[kind]


def _read_field(detail: Record, odd: Oddities) -> str:
    category = read_mapping(detail.get("category"), "category")
    if name := read_line(category, "name"):
        return name
    return next(iter(_read_names(detail, "categoriesDetails", odd)), "")


def _read_names(detail: Record, name: str, odd: Oddities) -> tuple[str, ...]:
    entries = read_entries(detail, name, odd)
    return distinct(without_bullet(read_line(entry, "name")) for entry in entries)


def _read_agencies(detail: Record, odd: Oddities) -> tuple[str, ...]:
    """Return who decides: departments and groups of units complement each other."""
    executing = _read_names(detail, "departmentsExecuting", odd) + _read_names(
        detail, "unitGroupsExecuting", odd
    )
    authority = _read_names(detail, "departmentsAuthority", odd) + _read_names(
        detail, "unitGroupsAuthority", odd
    )
    agencies = distinct(executing) or distinct([read_line(detail, "executingAgencies")])
    agencies = agencies or distinct(authority)
    if not agencies:
        odd[Oddity.NO_AGENCY] += 1
    return agencies


def _read_places(detail: Record) -> tuple[str, ...]:
    lines = read_text(detail, "dossierReceivingAddresses").split("\n")
    return distinct(without_bullet(line) for line in lines)


def _read_audiences(detail: Record, odd: Oddities) -> tuple[Audience, ...]:
    subjects = read_entries(detail, "subjectTypesDetails", odd)
    return tuple(dict.fromkeys(_read_audience(subject, odd) for subject in subjects))


def _read_audience(subject: Record, odd: Oddities) -> Audience:
    match = _AUDIENCE_CODE.fullmatch(read_line(subject, "code"))
    audience = _AUDIENCES.get(int(match[1])) if match else None
    if audience is None:
        odd[Oddity.UNKNOWN_AUDIENCE] += 1
        return Audience.OTHER
    return audience


def _read_ways(detail: Record, odd: Oddities) -> Iterator[Way]:
    seen = set()
    for entry in read_entries(detail, "executionMethods", odd):
        way = _read_way(entry, odd)
        if way and way not in seen:
            seen.add(way)
            yield way


def _read_way(entry: Record, odd: Oddities) -> Way | None:
    method = _METHODS.get(read_line(entry, "submissionMethod"))
    if method is None:
        odd[Oddity.UNKNOWN_METHOD] += 1
        return None
    amount, remark = entry.get("processingTime"), read_text(entry, "description")
    duration = read_duration(amount, read_line(entry, "processingTimeUnit"), odd)
    sentence = read_sentence(amount, odd)
    if not duration and not sentence and tells_a_term(remark):
        sentence, remark = remark, ""
    return Way(
        method=method,
        duration=duration,
        duration_text=sentence,
        fees=read_fees(entry, odd),
        remark=remark,
    )


def _read_steps(detail: Record, odd: Oddities) -> Iterator[Step]:
    for entry in read_entries(detail, "executionSteps", odd):
        name, text = heading(read_line(entry, "name")), read_text(entry, "description")
        if not name and len(_NUMBERED_STEP.findall(text)) > 1:
            yield from _split_steps(text)
        elif name or text:
            yield Step(text=text, name=name)


def _split_steps(text: str) -> Iterator[Step]:
    """Part one block that holds "Bước 1: … Bước 2: …" into its steps."""
    lead, *rest = _NUMBERED_STEP.split(text)
    if lead.strip():
        yield Step(text=lead.strip())
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        yield Step(text=body.strip(), name=name[0].upper() + name[1:].lower())


def _read_legal_bases(detail: Record, odd: Oddities) -> tuple[LegalBasis, ...]:
    bases: dict[str, LegalBasis] = {}
    for entry in read_entries(detail, "legalBasisesDetails", odd):
        code, name = read_line(entry, "code"), read_line(entry, "name")
        match = _LAW_CODE.search(code) or _LAW_CODE.search(name if not code else "")
        code = match[0] if match else code
        if code or name:
            bases.setdefault(code or name, LegalBasis(code=code, name="" if name == code else name))
    return tuple(bases.values())


def _read_decision_day(proposal: Record, record_on: date, odd: Oddities) -> date | None:
    decided_on = read_day(proposal, "decisionDate")
    if decided_on and decided_on > record_on + _DECISION_LAG:
        odd[Oddity.FUTURE_DECISION] += 1
        return None
    return decided_on


def _read_keywords(detail: Record) -> tuple[str, ...]:
    parts = re.split(r"[,;\n]", read_text(detail, "keywords"))
    return distinct(part.strip() for part in parts if part.strip().lower() != _NO_KEYWORDS)
