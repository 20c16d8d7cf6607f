"""Deriving the weights and the judgement of the search from data, reproducibly.

Data: labelled questions (data/search-questions.tsv) and the everyday names themselves, each asked
as a question of an index that was built without it. The weights: conditional logit, the
likelihood of the accepted procedures under a softmax over the candidates, fitted by L-BFGS; the
name that speaks for a procedure is chosen anew in a few rounds. The judgement: multinomial
logistic regression on the signs of each ranking.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.procedures.evaluation import Row
from bot.procedures.procedure import Procedure
from bot.procedures.search.index import FEATURES, Candidates, Ranked, SearchIndex
from bot.procedures.search.outcome import Decision
from bot.procedures.search.question import read_question
from bot.procedures.search.ranking import KINDS, SIGNS, Ranking

FOLDS = 5
ROUNDS = 4  # of choosing which name speaks for a procedure, then fitting
PENALTY = 0.0005  # L2 per weight, beside the mean log-likelihood
NAME_WEIGHT = 0.15  # an everyday name teaches less than a question
REGULARITY = 0.1  # C of the logistic regression
# How often each kind of question is to be expected, whatever the share in the data.
EXPECTED = {Decision.ANSWER: 0.5, Decision.CLARIFY: 0.25, Decision.NONE: 0.25}

# What the questions to learn from cannot tell, because whoever wrote them had known procedures in
# mind: argued, not learned (docs/decisions/0004-search.md).
ARGUED = {
    "provincial": -2.5,
    "internal": -4.0,
    "known": 1.5,
    "own_province": 1.0,
    "enterprise_asked": 0.8,
}
# Where a name comes from may speak for or against it; sharing words never speaks against it.
EITHER_SIGN = {"exact", "full", "head", "everyday", "commune", "citizen"}

UNLEARNED = Ranking(dict.fromkeys(FEATURES, 1.0), {}, (0.0, 0.0, 0.0))  # enough to gather examples
Doubles = NDArray[np.float64]
Progress = Callable[[str], None]


class Example(Struct, frozen=True):
    """A question with its candidates; ``accepted``: places in the catalogue, empty for none."""

    candidates: Candidates
    accepted: frozenset[int]
    kind: Decision
    weight: float


class Grade(Struct, frozen=True):
    """What was said about one question that was held out of the fit."""

    kind: Decision
    decided: Decision
    best: float  # chance given to the best hit
    first_right: bool


def learn(
    procedures: Sequence[Procedure],
    names: Mapping[str, Sequence[str]],
    rows: Sequence[Row],
    progress: Progress = lambda _: None,
) -> tuple[Ranking, list[Grade]]:
    """Return the fitted ranking, and grades of every question by a fit without it."""
    progress("asking the questions")
    index = SearchIndex(procedures, names, UNLEARNED)
    asked = examples(index, rows)
    progress("asking the everyday names, each fold of an index without it")
    named = name_examples(procedures, names)
    progress("fitting")
    grades = []
    for fold in range(FOLDS):
        ranking = fit([*named, *(e for i, e in enumerate(asked) if i % FOLDS != fold)], index)
        grades += [
            _grade(e, index.rank(e.candidates, ranking), ranking) for e in asked[fold::FOLDS]
        ]
    return fit([*named, *asked], index), grades


def examples(index: SearchIndex, rows: Iterable[Row], weight: float = 1.0) -> list[Example]:
    """The candidates of every question; rows whose question shares nothing are left out."""
    found = []
    for row in rows:
        candidates = index.consider(read_question(row.text))
        if candidates is not None:
            accepted = frozenset(index.twins(row.codes))
            found.append(Example(candidates, accepted, row.kind, weight))
    return found


def name_examples(
    procedures: Sequence[Procedure], names: Mapping[str, Sequence[str]]
) -> list[Example]:
    """Ask every everyday name of an index built without that fold of the names."""
    owners: dict[str, list[str]] = {}
    for code, some in names.items():
        for name in some:
            owners.setdefault(name, []).append(code)
    order = sorted(owners)
    random.Random(7).shuffle(order)  # noqa: S311 - folds, not secrets
    found = []
    for fold in range(FOLDS):
        hidden = set(order[fold::FOLDS])
        kept = {code: [n for n in some if n not in hidden] for code, some in names.items()}
        rows = [
            Row(n, n, Decision.CLARIFY if len(owners[n]) > 1 else Decision.ANSWER, tuple(owners[n]))
            for n in sorted(hidden)
        ]
        found += examples(SearchIndex(procedures, kept, UNLEARNED), rows, NAME_WEIGHT)
    return found


def fit(some: Sequence[Example], index: SearchIndex) -> Ranking:
    """Fit the weights, then the judgement of the rankings that they give."""
    weights = fit_weights([example for example in some if example.accepted])
    unjudged = Ranking(
        {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
        judgement={},
        bias=(0.0, 0.0, 0.0),
    )
    shown = [index.rank(example.candidates, unjudged).signs for example in some]
    return fit_judgement(unjudged, some, np.array(shown, np.float64))


def fit_weights(some: Sequence[Example]) -> Doubles:
    """One weight per feature."""
    weights = np.array([ARGUED.get(feature, 1.0) for feature in FEATURES])
    for _ in range(ROUNDS):
        batch = _Batch(some, weights)
        weights = minimize(
            batch.loss, weights, jac=True, method="L-BFGS-B", bounds=[_bounds(f) for f in FEATURES]
        ).x
    return np.asarray(weights)


def _bounds(feature: str) -> tuple[float | None, float | None]:
    if feature in ARGUED:
        return ARGUED[feature], ARGUED[feature]
    return (None, None) if feature in EITHER_SIGN else (0.0, None)


class _Batch:
    """Examples as padded arrays: one row per procedure, that of its best name."""

    def __init__(self, some: Sequence[Example], weights: Doubles) -> None:
        best = [_best_rows(example.candidates, weights) for example in some]
        widest = max(len(rows) for rows in best)
        self._features = np.zeros((len(some), widest, len(weights)))
        self._present = np.zeros((len(some), widest), bool)
        self._right = np.zeros((len(some), widest))
        for number, (example, rows) in enumerate(zip(some, best, strict=True)):
            found = example.candidates
            self._features[number, : len(rows)] = found.features[rows]
            self._present[number, : len(rows)] = True
            self._right[number, : len(rows)] = [found.owners[r] in example.accepted for r in rows]
        reachable = self._right.any(1)
        weight = np.array([example.weight for example in some]) * reachable
        self._weight = weight / weight.sum()

    def loss(self, weights: Doubles) -> tuple[float, Doubles]:
        """Penalised negative mean log-likelihood and its gradient."""
        scores = np.where(self._present, self._features @ weights, -np.inf)
        powers = np.exp(scores - scores.max(1, keepdims=True))
        chance = powers / powers.sum(1, keepdims=True)
        right = np.maximum((chance * self._right).sum(1), 1e-12)
        pull = chance * self._right / right[:, None] - chance
        gradient = np.einsum("e,ec,ecf->f", self._weight, pull, self._features)
        loss = PENALTY * float(weights @ weights) - float(self._weight @ np.log(right))
        return loss, 2 * PENALTY * weights - gradient


def _best_rows(found: Candidates, weights: Doubles) -> NDArray[np.int64]:
    """For every procedure the row of its best name."""
    order = np.argsort(-(found.features @ weights), kind="stable")
    _, first = np.unique(found.owners[order], return_index=True)
    return np.asarray(order[first], np.int64)


def fit_judgement(ranking: Ranking, some: Sequence[Example], shown: Doubles) -> Ranking:
    """Learn from the signs which kind of question it is; scaling is folded into the figures."""
    kinds = np.array([KINDS.index(example.kind) for example in some])
    totals = {
        kind: sum(example.weight for example in some if example.kind is kind) for kind in KINDS
    }
    weights = [e.weight * EXPECTED[e.kind] / totals[e.kind] * len(some) for e in some]
    scaler = StandardScaler().fit(shown)
    model = LogisticRegression(C=REGULARITY, max_iter=3000)
    model.fit(scaler.transform(shown), kinds, sample_weight=weights)
    slopes = model.coef_ / scaler.scale_
    bias = model.intercept_ - slopes @ scaler.mean_
    names = (*SIGNS, *(f"best_{feature}" for feature in FEATURES))
    return Ranking(
        ranking.weights,
        {n: _three(column) for n, column in zip(names, slopes.T, strict=True)},
        _three(bias),
    )


def _three(values: Doubles) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 4) for value in values)
    return first, second, third


def _grade(example: Example, ranked: Ranked, ranking: Ranking) -> Grade:
    kinds = ranking.kinds(ranked.signs)
    return Grade(
        example.kind,
        ranking.decide(kinds),
        float(ranked.chances[0]) * (1 - float(kinds[-1])),
        ranked.places[0] in example.accepted,
    )


class Bin(Struct, frozen=True):
    """One line of the reliability table: what was promised, what came true, how often."""

    promised: float
    true: float
    n: int


def reliability(grades: Sequence[Grade], bins: int = 10) -> list[Bin]:
    """Compare the chance given to the first hit with how often it was right."""
    table = []
    for number in range(bins):
        some = [g for g in grades if number == min(int(g.best * bins), bins - 1)]
        if some:
            promised = sum(grade.best for grade in some) / len(some)
            true = sum(grade.first_right for grade in some) / len(some)
            table.append(Bin(promised, true, len(some)))
    return table


def confusion(grades: Sequence[Grade]) -> dict[Decision, Counter[Decision]]:
    """For every kind of question how often each decision was taken."""
    return {
        kind: Counter(grade.decided for grade in grades if grade.kind is kind) for kind in KINDS
    }
