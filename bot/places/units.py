"""All units by name, and what each old one became."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache

from bot.places.loading import load
from bot.places.naming import agrees, key, same, split_kind
from bot.places.unit import Commune, Level, OldUnit, Province, Unit

_KINDS = {
    Level.PROVINCE: frozenset({"Tỉnh", "Thành phố"}),
    Level.DISTRICT: frozenset({"Quận", "Huyện", "Thị xã", "Thành phố"}),
    Level.COMMUNE: frozenset({"Phường", "Xã", "Thị trấn", "Đặc khu"}),
}


class Units:
    """The provinces and communes of today and the units of before 1 July 2025."""

    def __init__(self) -> None:
        """Read the packaged data. Raises FileNotFoundError when the package is not installed."""
        loaded = load()
        self.provinces = loaded.provinces
        self.communes = loaded.communes
        self.old = loaded.old
        self._became = loaded.became
        self._heirs = loaded.heirs
        self._former = loaded.former
        self._by_key: dict[str, list[Unit]] = defaultdict(list)
        all_units: tuple[Unit, ...] = (*self.provinces, *self.communes, *self.old)
        for unit in all_units:
            self._by_key[key(unit.short)].append(unit)

    def find(self, name: str) -> tuple[Unit, ...]:
        """All units so called: "phường Bến Nghé", "ben nghe", "Quận 1"; today's come first.

        Marks that are typed must be right. A kind word counts as ``named`` says.
        """
        kind, short = split_kind(name.strip())
        return self.named(short, (kind,) if kind else ())

    def knows(self, name: str) -> bool:
        """Tell whether some unit, or a former one, has that key; quick."""
        return name in self._by_key or name in self._former

    def named(self, short: str, kinds: Collection[str] = ()) -> tuple[Unit, ...]:
        """Units of that name, given without its kind word.

        ``kinds``: only those of such a kind; if there are none, those of the same tier (people go
        on saying xã for what became a phường), then those that took in a unit so called.
        """
        name = key(short)
        called = self._called(name, short)
        if not kinds:
            return called
        tiers = _tiers(kinds)
        return (
            tuple(unit for unit in called if unit.kind in kinds)
            or tuple(unit for unit in called if unit.level in tiers)
            or self.formerly(short, kinds)
        )

    def formerly(self, short: str, kinds: Collection[str]) -> tuple[OldUnit, ...]:
        """Units of the tiers of ``kinds`` that took in one so called, before 2025 (quận 9)."""
        tiers = _tiers(kinds)
        return tuple(unit for unit in self._former.get(key(short), ()) if unit.level in tiers)

    def _called(self, name: str, short: str) -> tuple[Unit, ...]:
        """Who has typed some marks has typed all of them, where there is such a name."""
        agreeing = tuple(unit for unit in self._by_key.get(name, ()) if agrees(short, unit.short))
        if short.isascii():
            return agreeing
        return tuple(unit for unit in agreeing if same(short, unit.short)) or agreeing

    def now(self, old: OldUnit) -> tuple[Commune, ...]:
        """The communes that an old unit became, one to five for a ward. Of several: ask."""
        return self._became[old.code]

    def province_of(self, unit: Unit) -> Province:
        """The province of today in which a unit lies, or lay."""
        if isinstance(unit, Province):
            return unit
        if isinstance(unit, Commune):
            return unit.province
        return self.province_of(unit.parent) if unit.parent else self._heirs[unit.code]

    def lies_in(self, unit: Unit, area: Unit) -> bool:
        """Tell whether a unit of a lower tier lies, or lay, in an area; a part of it is enough."""
        if area.level >= unit.level:
            return False
        if isinstance(area, Province):
            return self.province_of(unit) is area
        if isinstance(unit, OldUnit):
            return isinstance(area, OldUnit) and unit.stood_in(area)
        return isinstance(area, OldUnit) and any(unit is heir for heir in self.now(area))


def _tiers(kinds: Collection[str]) -> set[Level]:
    return {level for level, theirs in _KINDS.items() if not theirs.isdisjoint(kinds)}


@cache
def units() -> Units:
    """The one copy of a process, read when first asked for."""
    return Units()
