"""The telephone number that citizens are offered; it comes from configuration only."""

from datetime import date

from msgspec import Struct


class Hotline(Struct, frozen=True):
    """A number where a person answers (đường dây nóng)."""

    name: str  # whose it is, in Vietnamese
    number: str  # as people dial it
    checked_on: date  # the day somebody last made sure that it answers
