"""From the package's tables to our shapes; here alone are the tables' keys known."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.places.naming import key, split_kind
from bot.places.package import Changes, NewUnits, OldUnits, WardRow, changes, new_units, old_units
from bot.places.unit import Commune, OldUnit, Province

_KIND_PREFIXES = ("phuong", "xa", "thitran", "quan", "huyen", "thixa", "thanhpho")


class Loaded(NamedTuple):
    """``became`` and ``heirs`` go by the old unit's code, ``former`` by earlier names."""

    provinces: tuple[Province, ...]
    communes: tuple[Commune, ...]
    old: tuple[OldUnit, ...]
    became: Mapping[str, tuple[Commune, ...]]
    heirs: Mapping[str, Province]
    former: Mapping[str, tuple[OldUnit, ...]]


def load() -> Loaded:
    """Read everything. Raises FileNotFoundError when the package is not installed."""
    new, old, changed = new_units(), old_units(), changes()
    provinces = {
        name: Province(row.provinceCode, *split_kind(row.province))
        for name, row in new.DICT_PROVINCE.items()
    }
    communes = _communes(new, provinces)
    old_provinces = {
        name: OldUnit(row.provinceCode, *split_kind(row.province))
        for name, row in old.DICT_PROVINCE.items()
    }
    districts = _districts(old, old_provinces)
    wards, former = _wards(old, districts)
    return Loaded(
        tuple(provinces.values()),
        tuple(communes.values()),
        (*old_provinces.values(), *districts.values(), *wards.values()),
        _became(changed, communes, {**districts, **wards}),
        {
            old_provinces[name].code: provinces[heir]
            for heir, names in changed.DICT_PROVINCE.items()
            for name in names
        },
        former,
    )


def _communes(new: NewUnits, provinces: Mapping[str, Province]) -> dict[tuple[str, str], Commune]:
    return {
        (where, name): Commune(row.wardCode or "", *split_kind(row.ward or ""), provinces[where])
        for table in (new.DICT_PROVINCE_WARD_NO_ACCENTED, new.DICT_PROVINCE_WARD_ACCENTED)
        for where, rows in table.items()
        for name, row in rows.items()
    }


def _districts(old: OldUnits, provinces: Mapping[str, OldUnit]) -> dict[str, OldUnit]:
    return {
        f"{where}_{name}_": OldUnit(row.districtCode, *split_kind(row.district), provinces[where])
        for where, rows in old.DICT_PROVINCE_DISTRICT.items()
        for name, row in rows.items()
    }


def _wards(
    old: OldUnits, districts: Mapping[str, OldUnit]
) -> tuple[dict[str, OldUnit], dict[str, tuple[OldUnit, ...]]]:
    wards: dict[str, OldUnit] = {}
    former: dict[str, tuple[OldUnit, ...]] = {}
    for path, row in _ward_rows(old):
        district = districts[path[: path.rindex("_") + 1]]
        wards[path] = OldUnit(row.wardCode or "", *split_kind(row.ward or ""), district)
        _remember(former, wards[path], row.wardKeywords)
    for where, rows in old.DICT_PROVINCE_DISTRICT.items():
        for name, district_row in rows.items():
            _remember(former, districts[f"{where}_{name}_"], district_row.districtKeywords)
    return wards, former


def _ward_rows(old: OldUnits) -> Iterator[tuple[str, WardRow]]:
    tables = (
        old.DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED,
        old.DICT_PROVINCE_DISTRICT_WARD_ACCENTED,
    )
    for table in tables:
        for where, districts in table.items():
            for district, rows in districts.items():
                for name, row in rows.items():
                    if row.ward:  # five islands had none
                        yield f"{where}_{district}_{name}", row


def _remember(former: dict[str, tuple[OldUnit, ...]], unit: OldUnit, keywords: list[str]) -> None:
    """Names of units merged into this one before 2025: "quan9" of Thủ Đức."""
    for keyword in keywords:
        for prefix in _KIND_PREFIXES:
            if keyword.isascii() and keyword.startswith(prefix):
                name = key(keyword.removeprefix(prefix))
                if name != key(unit.short) and unit not in former.get(name, ()):
                    former[name] = (*former.get(name, ()), unit)
                break


def _became(
    changed: Changes,
    communes: Mapping[tuple[str, str], Commune],
    old: Mapping[str, OldUnit],
) -> dict[str, tuple[Commune, ...]]:
    """The communes of each old ward, and through them of its district and province."""
    found: dict[str, dict[str, Commune]] = defaultdict(dict)
    for path, commune in _successions(changed, communes):
        unit: OldUnit | None = old[path]
        while unit is not None:
            found[unit.code][commune.code] = commune
            unit = unit.parent
    return {code: tuple(theirs.values()) for code, theirs in found.items()}


def _successions(
    changed: Changes, communes: Mapping[tuple[str, str], Commune]
) -> Iterator[tuple[str, Commune]]:
    for where, heirs in changed.DICT_PROVINCE_WARD_NO_DIVIDED.items():
        for name, paths in heirs.items():
            for path in paths:
                yield path, communes[where, name]
    for where, split in changed.DICT_PROVINCE_WARD_DIVIDED.items():
        for path, rows in split.items():
            for row in rows:
                yield path, communes[where, row.newWardKey]
