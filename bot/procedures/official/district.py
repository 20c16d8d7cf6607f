"""Whether a record still speaks of the district tier (cấp huyện), which ended on 1 July 2025.

Legal bases are not looked at: their names may rightly hold the word. "Phòng Nội vụ" and the like
count only where a district tier had them, before its name or its people's committee.
"""

import re
from collections.abc import Iterable, Iterator

from bot.procedures.procedure import ComponentGroup, Step, Way

_DISTRICT = re.compile(  # over lower-case text: much faster than ignoring case
    r"\bcấp (?:quận|huyện)\b"
    r"|\b(?:ubnd|(?:ủy|uỷ) ban nhân dân|hđnd|hội đồng nhân dân) (?:quận|huyện|thị xã|thị trấn)\b"
    r"|\bphòng (?:tư pháp|lao động|giáo dục và đào tạo|gd&đt|tài nguyên và môi trường|tn&mt"
    r"|tài chính\s*[-–]\s*kế hoạch|lđtbxh)\b"
    r"|\b(?:công an|bhxh|bảo hiểm xã hội|thuế|chi cục thuế|kho bạc|kho bạc nhà nước|tòa án"
    r"|tòa án nhân dân|toà án nhân dân|thanh tra) (?:quận|huyện)\b"
)


def names_district(
    name: str,
    agencies: Iterable[str],
    places: Iterable[str],
    ways: Iterable[Way],
    steps: Iterable[Step],
    conditions: str,
    groups: Iterable[ComponentGroup],
) -> bool:
    """Return whether any text that a citizen would read names a district body."""
    texts = [name, *agencies, *places, conditions]
    texts += _texts_of(ways, steps, groups)
    return bool(_DISTRICT.search("\n".join(texts).lower()))


def _texts_of(
    ways: Iterable[Way], steps: Iterable[Step], groups: Iterable[ComponentGroup]
) -> Iterator[str]:
    for way in ways:
        yield way.remark
        yield way.duration_text
    for step in steps:
        yield step.name
        yield step.text
    for group in groups:
        yield group.name
        yield from group.notes
        yield from (component.name for component in group.components)
