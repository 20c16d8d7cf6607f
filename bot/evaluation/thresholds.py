"""Deriving from data when the assistant should act on what it understood, and when ask back.

Judged are training sentences that were held out of the fit, so nobody measures on what was learned.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

# What each outcome costs. Nothing is done by a wrong reading that cannot be undone by another
# sentence, so a question back, which always costs one, is half as bad.
WRONG = 1.0  # acted on another intent
ASKED = 0.5  # "did you mean", the right reading among those offered
ASKED_IN_VAIN = 0.8  # "did you mean", and none of them
READINGS = 3  # how many are offered
SHARPNESSES = tuple(round(0.5 + 0.05 * step, 2) for step in range(51))
THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(46))
_LEAST = 1e-9

Ranking = Sequence[tuple[str, float]]
"""Intents with their confidences, likeliest first."""


class Judged(Struct, frozen=True):
    """A sentence that was held out: what it means, and what was thought of it."""

    intent: str
    ranking: Ranking


def sharpened(ranking: Ranking, power: float) -> Ranking:
    """Take confidences to a power and let them add up to one again; the order stays."""
    powers = [(name, confidence**power) for name, confidence in ranking]
    total = sum(confidence for _, confidence in powers)
    return [(name, confidence / total) for name, confidence in powers] if total else ranking


def log_loss(judged: Sequence[Judged]) -> float:
    """Return how surprised one is by the truth, in nats a sentence; lowest for honest odds."""
    surprises = (-math.log(max(dict(one.ranking).get(one.intent, 0), _LEAST)) for one in judged)
    return sum(surprises) / len(judged)


def best_sharpness(judged: Sequence[Judged]) -> float:
    """Find the power that makes the confidences mean what they say."""

    def surprise(power: float) -> float:
        return log_loss([Judged(one.intent, sharpened(one.ranking, power)) for one in judged])

    return min(SHARPNESSES, key=surprise)


def best_threshold(judged: Sequence[Judged]) -> float:
    """Find the threshold of the lowest cost; of equals the lowest, which asks back least."""
    return min(THRESHOLDS, key=lambda threshold: round(cost(judged, threshold), 6))


def cost(judged: Sequence[Judged], threshold: float) -> float:
    """Return the mean cost of a sentence."""
    return sum(_cost(one, threshold) for one in judged) / len(judged)


def asks_back(ranking: Ranking, threshold: float) -> bool:
    """Tell whether the assistant asks back, as Rasa's FallbackClassifier decides it."""
    return not ranking or ranking[0][1] < threshold


def _cost(one: Judged, threshold: float) -> float:
    if asks_back(one.ranking, threshold):
        offered = [name for name, _ in one.ranking[:READINGS]]
        return ASKED if one.intent in offered else ASKED_IN_VAIN
    return 0.0 if one.ranking[0][0] == one.intent else WRONG
