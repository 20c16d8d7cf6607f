"""The shapes of a place: of today's two tiers, and of the three tiers before 1 July 2025."""

from enum import IntEnum
from typing import TypeAlias

import msgspec


class Level(IntEnum):
    """How far down a unit stands; the districts are gone since 1 July 2025."""

    PROVINCE = 0
    DISTRICT = 1
    COMMUNE = 2


class Province(msgspec.Struct, frozen=True, gc=False):
    """A province or central city (tỉnh, thành phố) of today; ``kind`` is "Tỉnh" or "Thành phố"."""

    code: str
    kind: str
    short: str

    @property
    def name(self) -> str:
        """The name with its kind: "Thành phố Huế"."""
        return f"{self.kind} {self.short}"

    @property
    def level(self) -> Level:
        """Always the upper tier."""
        return Level.PROVINCE


class Commune(msgspec.Struct, frozen=True):
    """A commune of today (xã, phường, đặc khu)."""

    code: str
    kind: str
    short: str
    province: Province

    @property
    def name(self) -> str:
        """The name with its kind: "Phường Hoàn Kiếm"."""
        return f"{self.kind} {self.short}"

    @property
    def level(self) -> Level:
        """Always the lower tier."""
        return Level.COMMUNE


class OldUnit(msgspec.Struct, frozen=True):
    """A unit that stood until 30 June 2025: a province, a district in one, a ward in a district."""

    code: str
    kind: str
    short: str
    parent: "OldUnit | None" = None

    @property
    def name(self) -> str:
        """The name with its kind: "Thị trấn Củ Chi"."""
        return f"{self.kind} {self.short}"

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
