"""Weighing the features of candidates, and the calibrated decision.

A conditional logit: every candidate has a score, "none of them" has one too, and the chances are
their softmax. The figures come from data/search-ranking.json, made by
``python -m bot procedures search --learn`` (see ``learning``); none is guessed here.
"""

from functools import cache
from importlib import resources

import msgspec
import numpy as np
from msgspec import Struct

from bot.procedures.search.outcome import Decision
from bot.procedures.search.postings import Floats


class Ranking(Struct, frozen=True, forbid_unknown_fields=True):
    """What was learned.

    ``none`` is the score of "not a procedure that I know" and ``not_understood`` what each share
    of the question made of unknown words adds to it. At ``none_above`` chance of none the answer
    is NONE; from ``answer_above`` chance of the best candidate it is ANSWER.
    """

    weights: dict[str, float]
    none: float
    not_understood: float
    none_above: float
    answer_above: float

    def scores(self, features: Floats) -> Floats:
        """One score per candidate, in logits."""
        return features @ np.fromiter(self.weights.values(), np.float32)

    def chances(self, scores: Floats, understood: float) -> Floats:
        """The chance of every candidate, in the given order; their rest is that of none."""
        none = self.none + self.not_understood * (1 - understood)
        highest = max(float(scores.max(initial=none)), none)
        powers = np.exp(scores - highest)
        return np.asarray(powers / (powers.sum() + np.exp(none - highest)), np.float32)

    def decide(self, chances: Floats) -> Decision:
        """``chances``: best first."""
        if chances.size == 0 or 1 - float(chances.sum()) > self.none_above:
            return Decision.NONE
        return Decision.ANSWER if chances[0] >= self.answer_above else Decision.CLARIFY


@cache
def load_ranking() -> Ranking:
    """Read the learned figures that ship with the program."""
    source = resources.files("bot.procedures").joinpath("data/search-ranking.json")
    return msgspec.json.decode(source.read_bytes(), type=Ranking)
