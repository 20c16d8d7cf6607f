"""Weighing candidates and deciding: answer, ask which one, or say that nothing fits.

Two learned pieces, both in data/search-ranking.json, which ``python -m bot procedures learn``
makes from data (see ``learning``): a weight for every feature of a candidate, and a logistic
model that judges from the whole ranking which kind of question it is. What remains a matter of
choice, how bad each wrong decision is, stands here as COSTS.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np
from msgspec import Struct

from bot.procedures.search.outcome import Decision, Hit, Outcome
from bot.procedures.search.postings import Floats

KINDS = (Decision.ANSWER, Decision.CLARIFY, Decision.NONE)

# COSTS[kind of question][decision]: one needless tap on a choice is a small thing; to read through
# choices of which none fits, or "I do not know" about a known procedure, is not; a confident answer
# about something else is worse, and one of several told as the only one is worst: it looks right.
COSTS = np.array(
    [
        # ANSWER, CLARIFY, NONE decided
        [0.0, 0.3, 1.0],  # one procedure is meant
        [2.0, 0.0, 1.0],  # several fit
        [1.5, 0.8, 0.0],  # none does
    ]
)

SIGNS = (
    "score",  # of the best candidate
    "lead_over_second",
    "lead_over_third",
    "lead_over_fifth",
    "rivals",  # log of the rivals' summed odds against the best
    "chance",  # of the best, if one of the candidates is meant
    "understood",  # share of the question's words that any name uses
    "understood_typed",  # the same with the diacritics that were typed
    "understood_rare",  # the same, rare words counting more: does any name know the telling one?
    "understood_pairs",  # share of the question's pairs of neighbouring words that any name has
    "hedged",  # the question leaves open which procedure it means
    "acting",  # it says what is to be done
    "length",  # log of its number of words
    "rarest_anywhere",  # highest rare_asked and bag_asked of any candidate
    "bag_anywhere",
    "exact_rivals",  # log of how many other procedures bear the question as a name
    "fitting",  # log of how many rivals have as much of what the question says (bag_asked)
    "fitting_rare",  # the same, rare words counting more: does a word tell the best from them?
)
FEWEST_CHOICES, MOST_CHOICES = 3, 5
FAR = 0.05  # a choice with less than this share of the best one's chance is far-fetched
NEAREST = 3  # of what is no answer, so many may be offered as a guess
_DEPTH = 6  # how many ranks the signs look at


class Ranking(Struct, frozen=True, forbid_unknown_fields=True):
    """What was learned: ``weights`` of features; ``judgement`` of signs, one row per kind.

    ``far_fetched``: choices with less chance together that one is meant are probably a miss.
    ``worth_offering``: with that much chance together the nearest are offered though unsure.
    """

    weights: dict[str, float]
    judgement: dict[str, tuple[float, float, float]]
    bias: tuple[float, float, float]
    far_fetched: float = 0.5
    worth_offering: float = 0.5

    def scores(self, features: Floats) -> Floats:
        """One score per candidate, in logits."""
        return np.asarray(features @ np.fromiter(self.weights.values(), np.float32), np.float32)

    def kinds(self, signs: Floats) -> Floats:
        """The chance that the question is of each of KINDS."""
        judged = signs @ np.array(list(self.judgement.values())) + self.bias
        powers = np.exp(judged - judged.max())
        return np.asarray(powers / powers.sum(), np.float32)

    def decide(self, kinds: Floats) -> Decision:
        """The decision of the lowest expected cost."""
        return KINDS[int(np.argmin(kinds @ COSTS))]


def choices(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """What a citizen is offered to choose from: the three likeliest, and up to two more.

    The first three are shown even where the ranking is sure of one: what asks is the question.
    """
    return hits[: min(max(_near(hits), FEWEST_CHOICES), MOST_CHOICES)]


def _near(hits: Sequence[Hit]) -> int:
    """How many hits are not far-fetched beside the best."""
    return sum(hit.score >= FAR * hits[0].score for hit in hits)


def is_far_fetched(offered: Sequence[Hit]) -> bool:
    """Tell whether probably none of the choices is meant."""
    return sum(hit.score for hit in offered) < load_ranking().far_fetched


def nearest(outcome: Outcome) -> tuple[Hit, ...]:
    """What may be offered where no procedure is known to fit; nothing when it is hopeless."""
    near = outcome.hits[: min(_near(outcome.hits), NEAREST)] if outcome.hits else ()
    hope = sum(hit.score for hit in near)
    return near if near and hope >= load_ranking().worth_offering else ()


def chances(scores: Floats) -> Floats:
    """The chance of each candidate if one of them is meant (softmax)."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)


def signs(
    scores: Floats, best: Floats, question: Sequence[float], others: Sequence[float]
) -> Floats:
    """What the ranking as a whole shows; ``scores`` best first, ``best`` features of the best name.

    ``question``: what is known of it, hedged, acting, length; ``others``: the signs of all
    candidates together. The result holds SIGNS, then ``best``.
    """
    ranks = np.full(_DEPTH, scores[-1] - 3, np.float32)
    ranks[: scores.size] = scores[:_DEPTH]
    rivals = np.log(np.exp(scores[1:] - scores[0]).sum() + 1e-3)
    whole = (
        ranks[0], ranks[0] - ranks[1], ranks[0] - ranks[2], ranks[0] - ranks[4],
        rivals, 1 / (1 + np.exp(rivals)), *question, *others,
    )  # fmt: skip
    return np.asarray(np.concatenate([whole, best]), np.float32)


@cache
def load_ranking() -> Ranking:
    """Read the learned figures that ship with the program."""
    source = resources.files("bot.procedures").joinpath("data/search-ranking.json")
    return msgspec.json.decode(source.read_bytes(), type=Ranking)
