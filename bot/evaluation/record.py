"""The figures that were reached: what a later change must not fall below by more than noise.

``nlu/evaluation/recorded.json`` holds them by the catalogue that they were measured with, since
questions about procedures fare differently over a hundred procedures than over thousands.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from bot.evaluation.figures import Figure

Figures = Mapping[str, Figure]
Recorded = dict[str, dict[str, Figure]]
"""Catalogue → figure ("intents.accuracy") → what was reached."""


class NoRecord(Exception):
    """There is nothing to compare with; the message is fit for an operator."""


def read_record(path: Path) -> Recorded:
    """Read the recorded figures; none when nothing was recorded yet. Raises NoRecord."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Recorded)
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise NoRecord(f"{path} cannot be read: {error}") from None


def write_record(path: Path, catalogue: str, figures: Figures) -> None:
    """Record figures measured with one catalogue; those of the others stay."""
    measured = {name: _rounded(figure) for name, figure in figures.items() if figure.of}
    recorded = {**read_record(path), catalogue: measured}
    text = msgspec.json.format(msgspec.json.encode(recorded, order="sorted"), indent=2)
    path.write_bytes(text + b"\n")


def fallen(recorded: Figures, measured: Figures) -> list[str]:
    """Say which figures fell by more than their noise, or are no longer measured."""
    falls = []
    for name, before in recorded.items():
        now = measured.get(name)
        if now is None or now.value is None:
            falls.append(f"{name} is no longer measured")
        elif now.value < (before.value or 0.0) - before.noise:
            falls.append(
                f"{name} fell from {before.value:.3f} to {now.value:.3f}, "
                f"by more than the noise of {before.noise:.3f}"
            )
    return falls


def _rounded(figure: Figure) -> Figure:
    value = None if figure.value is None else round(figure.value, 4)
    return Figure(value, round(figure.low, 4), round(figure.high, 4), figure.of)
