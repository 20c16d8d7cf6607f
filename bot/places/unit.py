"""The shapes of a place: of today's two tiers, and of the three tiers before 1 July 2025."""

from enum import IntEnum
from typing import TypeAlias

import msgspec


class Level(IntEnum):
    """How far down a unit stands; the districts are gone since 1 July 2025."""

    PROVINCE = 0
    DISTRICT = 1
    COMMUNE = 2


class _Named(msgspec.Struct, frozen=True):
    """What every unit has: ``short`` is its name without the kind."""

    code: str
    kind: str
    short: str

    @property
    def name(self) -> str:
        """The name with its kind: "Phường Hoàn Kiếm"."""
        return f"{self.kind} {self.short}"


class Province(_Named, frozen=True, gc=False):
    """A province or central city (tỉnh, thành phố) of today; ``kind`` is "Tỉnh" or "Thành phố"."""

    @property
    def level(self) -> Level:
        """Always the upper tier."""
        return Level.PROVINCE


class Commune(_Named, frozen=True):
    """A commune of today (xã, phường, đặc khu)."""

    province: Province

    @property
    def level(self) -> Level:
        """Always the lower tier."""
        return Level.COMMUNE


class OldUnit(_Named, frozen=True):
    """A unit that stood until 30 June 2025: a province, a district in one, a ward in a district."""

    parent: "OldUnit | None" = None

    @property
    def level(self) -> Level:
        """Told by how many units stand above."""
        if self.parent is None:
            return Level.PROVINCE
        return Level.DISTRICT if self.parent.parent is None else Level.COMMUNE

    def stood_in(self, area: "OldUnit") -> bool:
        """Tell whether the unit belonged to that district or province."""
        above = self.parent
        return above is not None and (above.code == area.code or above.stood_in(area))


Unit: TypeAlias = Province | Commune | OldUnit
