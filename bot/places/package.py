"""The data files of the package ``vietnamadminunits``, read without importing its code.

Its code would ask an online geocoder about a citizen's address (docs/decisions/0008).
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec

PACKAGE = "vietnamadminunits"
Table = TypeVar("Table", bound=msgspec.Struct)


class ProvinceRow(msgspec.Struct):
    """A province, old or new."""

    province: str
    provinceCode: str  # noqa: N815 - the names of the file


class DistrictRow(msgspec.Struct):
    """A district (quận, huyện, thị xã, thành phố thuộc tỉnh) of before 1 July 2025."""

    district: str
    districtCode: str  # noqa: N815
    districtKeywords: list[str]  # noqa: N815


class WardRow(msgspec.Struct):
    """A commune, old or new; the five islands without one had a nameless ward."""

    ward: str | None
    wardCode: str | None  # noqa: N815
    wardKeywords: list[str]  # noqa: N815


class SplitRow(msgspec.Struct):
    """One of the communes that a split ward became."""

    newWardKey: str  # noqa: N815


class NewUnits(msgspec.Struct):
    """Provinces by key; communes by province and key. The last table: told by marks only."""

    DICT_PROVINCE: dict[str, ProvinceRow]
    DICT_PROVINCE_WARD_NO_ACCENTED: dict[str, dict[str, WardRow]]
    DICT_PROVINCE_WARD_ACCENTED: dict[str, dict[str, WardRow]]


class OldUnits(msgspec.Struct):
    """Provinces; districts by province; wards by province and district."""

    DICT_PROVINCE: dict[str, ProvinceRow]
    DICT_PROVINCE_DISTRICT: dict[str, dict[str, DistrictRow]]
    DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED: dict[str, dict[str, dict[str, WardRow]]]
    DICT_PROVINCE_DISTRICT_WARD_ACCENTED: dict[str, dict[str, dict[str, WardRow]]]


class Changes(msgspec.Struct):
    """Old keys of each new province, whole wards of each commune, communes of each split ward.

    An old ward is named "province_district_ward".
    """

    DICT_PROVINCE: dict[str, list[str]]
    DICT_PROVINCE_WARD_NO_DIVIDED: dict[str, dict[str, list[str]]]
    DICT_PROVINCE_WARD_DIVIDED: dict[str, dict[str, list[SplitRow]]]


def new_units() -> NewUnits:
    """The 34 provinces and 3,321 communes."""
    return _read("parser_from_2025.json", NewUnits)


def old_units() -> OldUnits:
    """The 63 provinces, 696 districts and 10,035 wards."""
    return _read("parser_legacy.json", OldUnits)


def changes() -> Changes:
    """What became of what on 1 July 2025."""
    return _read("converter_2025.json", Changes)


def _read(name: str, shape: type[Table]) -> Table:
    """Raises FileNotFoundError when the package is not installed."""
    spec = find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise FileNotFoundError(f"the package {PACKAGE} (its data files) is not installed")
    content = (Path(folders[0]) / "data" / name).read_bytes()
    # The islands' missing wards are written as NaN, which is no JSON.
    return msgspec.json.decode(content.replace(b": NaN", b": null"), type=shape)
