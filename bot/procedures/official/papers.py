"""The dossier's papers (thành phần hồ sơ): cases apart from sections, papers apart from remarks."""

import re

from bot.procedures.official.fields import (
    Oddities,
    Oddity,
    Record,
    read_entries,
    read_identifier,
    read_line,
    read_mapping,
    read_number,
    read_text,
)
from bot.procedures.official.texts import heading, without_bullet
from bot.procedures.procedure import Component, ComponentGroup, Form

_MOST_COPIES = 100
_ENUMERATION = r"(?:\(?[0-9a-zđ]{1,4}(?:\.[0-9]{1,2})*[).:/]\s*|[0-9]+(?:\.[0-9]+)*\.?\s+)?"

_NOTES_HEADING = re.compile(rf"{_ENUMERATION}(?:\*\s*)?(?:lưu ý|ghi chú|chú ý)\b", re.IGNORECASE)
# A condition that adds papers whatever the case is: shown always, with its heading.
_ADDITION = re.compile(
    r"ủy quyền|uỷ quyền|trực tuyến|môi trường điện tử|bưu chính|tài khoản định danh", re.IGNORECASE
)
_CASE_HEADING = re.compile(
    rf"{_ENUMERATION}(?:(?:trường hợp|đối với|về)\b"
    r"|(?:thành phần )?hồ sơ (?:đối với|(?:đề nghị|đề xuất|xin|đăng ký|yêu cầu|báo cáo|cấp|gia hạn"
    r"|miễn|giảm|điều chỉnh|thay đổi|chuyển|giao|cho thuê|gồm trường hợp|hải quan đối với)\b)"
    r"|(?:đề nghị|cấp|gia hạn|điều chỉnh|thay đổi|đăng ký|công chứng|miễn|giảm|xử lý"
    r"|đính chính)\b)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    rf"\(?{_ENUMERATION}(?:(?:trong )?trường hợp|lưu ý|đối với|ghi chú|chú ý|người |cá nhân|tổ chức"
    r"|cơ quan|(?:các )?thành phần hồ sơ|hồ sơ (?:nộp|gửi|gồm|bao gồm|được|phải)|số lượng|nếu "
    r"|khi |việc |theo quy định|không quy định|các văn bản trong|thông tin về"
    r"|các giấy tờ|nhà đầu tư|doanh nghiệp )",
    re.IGNORECASE,
)
_HEADING = re.compile(
    rf"{_ENUMERATION}(?:trường hợp|đối với|(?:các )?thành phần|hồ sơ|các giấy tờ|giấy tờ phải)\b"
    r".*:$",
    re.IGNORECASE | re.DOTALL,
)


def read_groups(detail: Record, odd: Oddities) -> tuple[ComponentGroup, ...]:
    """Return the groups of papers; a heading is a case only beside at least one other case."""
    groups = [
        group
        for entry in read_entries(detail, "executionCases", odd)
        if (group := _read_group(entry, odd))
    ]
    cases = [index for index, group in enumerate(groups) if _is_case(group)]
    if len(cases) < 2:
        return tuple(groups)
    return tuple(
        _as_alternative(group) if index in cases else group for index, group in enumerate(groups)
    )


def _read_group(entry: Record, odd: Oddities) -> ComponentGroup | None:
    name = heading(read_line(entry, "name"))
    all_notes = bool(_NOTES_HEADING.match(name))
    components, notes = [], []
    for paper in read_entries(entry, "profileComponents", odd):
        component = _read_component(paper, odd)
        if component is None:
            continue
        if _is_note(component, all_notes):
            odd[Oddity.NOTE_AMONG_PAPERS] += 1
            notes.append(component.name)
        else:
            components.append(component)
    if not components and not notes and _REMARK.match(name):
        name, notes = "", [name]  # the whole remark stands in the heading
    if not name and not components and not notes:
        return None
    return ComponentGroup(name=name, components=tuple(components), notes=tuple(notes))


def _is_case(group: ComponentGroup) -> bool:
    name = group.name
    return bool(group.components and _CASE_HEADING.match(name) and not _ADDITION.search(name[:150]))


def _as_alternative(group: ComponentGroup) -> ComponentGroup:
    return ComponentGroup(
        name=group.name, alternative=True, components=group.components, notes=group.notes
    )


def _is_note(component: Component, all_notes: bool) -> bool:
    if component.forms:
        return False
    if component.originals or component.copies:
        return bool(_HEADING.match(component.name))
    return all_notes or component.name.endswith(":") or bool(_REMARK.match(component.name))


def _read_component(paper: Record, odd: Oddities) -> Component | None:
    forms = _read_forms(paper, odd)
    name = without_bullet(read_text(paper, "name")).rstrip("; ")
    if not name:
        odd[Oddity.NAMELESS_PAPER] += 1
        if not forms:
            return None
        name = forms[0].file_name.rsplit(".", 1)[0]
    return Component(
        name=name,
        originals=_read_quantity(paper, "originalQty", odd),
        copies=_read_quantity(paper, "copyQty", odd),
        forms=forms,
    )


def _read_quantity(paper: Record, name: str, odd: Oddities) -> int:
    number = read_number(paper.get(name), name)
    if number is None:
        return 0
    if number != int(number) or not 0 <= number <= _MOST_COPIES:
        odd[Oddity.STRANGE_QUANTITY] += 1
        return 0
    return int(number)


def _read_forms(paper: Record, odd: Oddities) -> tuple[Form, ...]:
    kept_apart = read_mapping(read_mapping(paper.get("detail"), "detail").get("data"), "data")
    attachments = [
        *read_entries(paper, "attachments", odd),
        *read_entries(kept_apart, "attachments", odd),
    ]
    forms = (_read_form(attachment, odd) for attachment in attachments)
    return tuple({form.id: form for form in forms if form}.values())


def _read_form(attachment: Record, odd: Oddities) -> Form | None:
    identifier = read_identifier(attachment, "id")
    if not identifier:
        odd[Oddity.FORM_WITHOUT_ID] += 1
        return None
    return Form(id=identifier, file_name=read_line(attachment, "fileName") or "mẫu đơn")
