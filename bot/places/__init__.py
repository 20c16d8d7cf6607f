"""Administrative units (đơn vị hành chính), old and new: what a place is called and what it became.

Pure: reads the packaged data once, asks no network and no database.
"""

from bot.places.naming import KINDS, key, same
from bot.places.unit import Commune, Level, OldUnit, Province, Unit
from bot.places.units import Units, units

__all__ = [
    "KINDS",
    "Commune",
    "Level",
    "OldUnit",
    "Province",
    "Unit",
    "Units",
    "key",
    "same",
    "units",
]
