"""Where an office of a dossier is, as far as its name says so; and who looks after it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.feedback.area import Area
from bot.places.unit import Commune, Level, OldUnit, Province
from bot.places.units import units

_KIND = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|t[pP]\.?|phường|p\.|xã|thị trấn|đặc khu)\s*(?=\w)", re.IGNORECASE
)
_SHORT = {"tp": "Thành phố", "p": "Phường"}
_SAID = {"HCM": "Hồ Chí Minh", "HN": "Hà Nội"}
_PARTS = re.compile(r"[,;()–]| - ")

OfficePlace = Province | Commune


@lru_cache(maxsize=8192)
def places_of(office: str) -> frozenset[OfficePlace]:
    """Return the units of today where an office of that name may be; of several any, of none none.

    "UBND phường Hoàn Kiếm, TP. Hà Nội" is one; "UBND xã Tân Tiến" may be in many provinces.
    """
    named = [found for part in _PARTS.split(office) if (found := _units_in(part))]
    communes = {unit for some in named for unit in some if isinstance(unit, Commune)}
    provinces = {unit for some in named for unit in some if isinstance(unit, Province)}
    within = {unit for unit in communes if unit.province in provinces}
    return frozenset(within or communes or provinces)


def is_seen(office: str, area: Area) -> bool:
    """Tell whether somebody looks after an office; everybody does when nobody knows its place."""
    places = places_of(office)
    return not places or any(area.covers(*_codes(place)) for place in places)


def place_name(office: str) -> str:
    """Name the place of an office; empty when its name leaves it open."""
    places = places_of(office)
    return _written(next(iter(places))) if len(places) == 1 else ""


def seen(offices: Iterable[str], area: Area) -> list[str]:
    """Return those that somebody looks after."""
    return [office for office in offices if is_seen(office, area)]


def _units_in(part: str) -> set[OfficePlace]:
    """Read the unit that a part of a name ends with: behind the last word for its kind."""
    for kind in reversed(list(_KIND.finditer(part))):
        word = kind[0].strip().rstrip(".").lower()
        rest = part[kind.end() :].strip()
        found = units().find(f"{_SHORT.get(word, word)} {_SAID.get(rest.upper(), rest)}")
        today = {unit for unit in found if isinstance(unit, Province | Commune)}
        before = (unit for unit in found if isinstance(unit, OldUnit))
        if found:
            return today or {heir for unit in before for heir in _heirs(unit)}
    return set()


def _heirs(unit: OldUnit) -> Iterable[OfficePlace]:
    return (units().province_of(unit),) if unit.level is Level.PROVINCE else units().now(unit)


def _codes(place: OfficePlace) -> tuple[str, str | None]:
    if isinstance(place, Commune):
        return place.province.code, place.code
    return place.code, None


def _written(place: OfficePlace) -> str:
    return f"{place.name}, {place.province.name}" if isinstance(place, Commune) else place.name
