"""Administrative units (đơn vị hành chính), old and new: what a place is called and what it became.

Pure: reads the packaged data once, asks no network and no database.
"""

from bot.places.naming import agrees, key
from bot.places.unit import Commune, Level, OldUnit, Province, Unit
from bot.places.units import Units, units

__all__ = [
    "Commune",
    "Level",
    "OldUnit",
    "Province",
    "Unit",
    "Units",
    "agrees",
    "key",
    "units",
]
