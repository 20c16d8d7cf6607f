"""Areas of responsibility as people write them: one place a line, by its name of today."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.places.unit import Commune, Province
from bot.places.units import Units

MOST_LINES = 200


@dataclass(frozen=True)
class Read:
    """Places that were read, and the lines that name none or several."""

    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


def read_places(units: Units, text: str) -> Read:
    """Read lines such as "Phường Hoàn Kiếm, Hà Nội" or "Tỉnh Lào Cai"."""
    provinces, communes = set[str](), set[str]()
    unknown, ambiguous = list[str](), list[str]()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines[:MOST_LINES]:
        found = _named(units, line)
        if len(found) != 1:
            (ambiguous if found else unknown).append(line)
        elif isinstance(found[0], Province):
            provinces.add(found[0].code)
        else:
            communes.add(found[0].code)
    unknown += lines[MOST_LINES:]
    return Read(frozenset(provinces), frozenset(communes), tuple(unknown), tuple(ambiguous))


def _named(units: Units, line: str) -> list[Province | Commune]:
    """Return the units of today so called; behind a comma stands the province."""
    name, _, within = (part.strip() for part in line.partition(","))
    found = [unit for unit in units.find(name) if isinstance(unit, Province | Commune)]
    if within:
        found = [each for each in found if units.province_of(each) in units.find(within)]
        # Written with its marks, a name is that one: Xã Thanh An, beside Xã Thạnh An.
        return [each for each in found if each.name == name] or found
    # A province is asked for by its bare name more often than a commune that is called like it.
    return [each for each in found if isinstance(each, Province)] or found


def names_of(units: Units, codes: Collection[str]) -> list[str]:
    """Return the names of places, each as `read_places` reads it; provinces come first."""
    provinces = [each.name for each in units.provinces if each.code in codes]
    communes = [
        f"{each.name}, {each.province.name}" for each in units.communes if each.code in codes
    ]
    return provinces + communes
