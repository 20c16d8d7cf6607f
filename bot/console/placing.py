"""Names of the units of today, by their codes."""

from functools import cache

from bot.places.unit import Commune, Province
from bot.places.units import units


@cache
def communes_by_code() -> dict[str, Commune]:
    """Return all communes."""
    return {unit.code: unit for unit in units().communes}


@cache
def provinces_by_code() -> dict[str, Province]:
    """Return all provinces."""
    return {unit.code: unit for unit in units().provinces}


def place_words(province_code: str | None, commune_code: str | None) -> str:
    """Name a place, the smaller unit first; empty when nobody knows it."""
    commune = communes_by_code().get(commune_code or "")
    province = commune.province if commune else provinces_by_code().get(province_code or "")
    return ", ".join(unit.name for unit in (commune, province) if unit is not None)
