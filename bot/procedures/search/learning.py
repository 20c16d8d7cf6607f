"""Deriving the weights and the judgement of the search from data, reproducibly.

Data: labelled questions (data/search-questions.tsv), the everyday names, each asked as a question
of an index that was built without it, and the names as they stand (for the judgement alone: who
says a name means it). All with and without diacritics, and asked of every catalogue that the
program may run with: where a small one lacks what is meant, "none" is right. The weights:
conditional logit, the likelihood of the accepted procedures under a softmax over the
candidates, fitted by L-BFGS; the name that speaks for a procedure is chosen anew in a few rounds.
The judgement: multinomial logistic regression on the signs of each ranking.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.procedures.evaluation import Row
from bot.procedures.procedure import Procedure
from bot.procedures.search.index import FEATURES, OF_NAMES, Candidates, SearchIndex
from bot.procedures.search.outcome import Decision
from bot.procedures.search.question import read_question
from bot.procedures.search.ranking import KINDS, MOST_CHOICES, NEAREST, SIGNS, Ranking
from bot.vietnamese import fold

FOLDS = 5
ROUNDS = 4  # of choosing which name speaks for a procedure, then fitting
PENALTY = 0.0005  # L2 per weight, beside the mean log-likelihood
NAME_WEIGHT = 0.05  # an everyday name teaches less than a question: there are so many
LACKING = 0.2  # what is left of that weight where the catalogue lacks what is meant
UNMARKED_WEIGHT = 0.5  # of the weight, for a question whose diacritics were taken away
REGULARITY = 0.1  # C of the logistic regression
# How often each kind of question is to be expected, whatever the share in the data.
EXPECTED = {Decision.ANSWER: 0.6, Decision.CLARIFY: 0.15, Decision.NONE: 0.25}

# What the two lines of a ranking weigh. A miss that nobody ever sees is worth four glances of a
# volunteer at a question that was no miss; whoever is told "not mine" about a known procedure would
# have read through four useless offers.
MISS_LOST, LABELLED_IN_VAIN = 1.0, 0.25
LEFT_ALONE, OFFERED_IN_VAIN = 1.0, 0.25
LINES = tuple(round(0.02 * step, 2) for step in range(51))

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
    number: int  # of the question among those asked; its two typings share it
    index: SearchIndex  # whose places the candidates name


class Grade(Struct, frozen=True):
    """What was said about one question that was held out of the fit."""

    kind: Decision
    decided: Decision
    best: float  # chance given to the best hit
    first_right: bool
    offered: float  # chance given to all that may be offered together
    among: bool  # what is meant is one of those


class Catalogue(Struct, frozen=True):
    """Procedures to be asked for: the official ones, or the few that are built in."""

    title: str
    procedures: Sequence[Procedure]


def learn(
    catalogues: Sequence[Catalogue],
    names: Mapping[str, Sequence[str]],
    rows: Sequence[Row],
    progress: Progress = lambda _: None,
) -> tuple[Ranking, dict[str, list[Grade]]]:
    """Return the fitted ranking, and by catalogue the grades of questions by a fit without them."""
    asked: dict[str, list[Example]] = {}
    named: list[Example] = []
    plain: list[Example] = []
    for catalogue in catalogues:
        progress(f"{catalogue.title}: asking the questions")
        index = SearchIndex(catalogue.procedures, names, UNLEARNED)
        asked[catalogue.title] = examples(index, rows)
        plain += examples(index, plain_rows(catalogue.procedures, names), NAME_WEIGHT)
        progress(f"{catalogue.title}: asking the everyday names, each fold without it")
        named += name_examples(index, catalogue.procedures, names)
    progress("fitting")
    everything = [example for some in asked.values() for example in some]
    grades: dict[str, list[Grade]] = {title: [] for title in asked}
    for part in range(FOLDS):
        ranking = fit([*named, *(e for e in everything if e.number % FOLDS != part)], plain)
        for title, some in asked.items():
            grades[title] += [_grade(e, ranking) for e in some if e.number % FOLDS == part]
    ranking = fit([*named, *everything], plain)
    return with_lines(ranking, [grade for some in grades.values() for grade in some]), grades


def with_lines(ranking: Ranking, grades: Sequence[Grade]) -> Ranking:
    """Draw the two lines at the lowest cost for questions that were held out."""
    return msgspec.structs.replace(
        ranking,
        far_fetched=best_line(grades, Decision.CLARIFY, taken=MISS_LOST, left=LABELLED_IN_VAIN),
        worth_offering=best_line(grades, Decision.NONE, taken=OFFERED_IN_VAIN, left=LEFT_ALONE),
    )


def best_line(grades: Sequence[Grade], decided: Decision, *, taken: float, left: float) -> float:
    """The chance from which what is offered with a decision is taken for right.

    ``taken``: what it costs when it is not; ``left``: what one costs that was right below the
    line. Of equal lines the highest.
    """
    totals = Counter(grade.kind for grade in grades)
    meeting = [grade for grade in grades if grade.decided is decided]

    def cost(line: float) -> float:
        return sum(
            EXPECTED[g.kind] / totals[g.kind] * (left if g.among else taken)
            for g in meeting
            if g.among == (g.offered < line)
        )

    return min(reversed(LINES), key=lambda line: round(cost(line), 9))


def examples(
    index: SearchIndex,
    rows: Iterable[Row],
    weight: float = 1.0,
    places: SearchIndex | None = None,
) -> list[Example]:
    """The candidates of every question, with and without diacritics.

    Rows whose question shares nothing are left out; rows about what the catalogue lacks are of
    the kind "none". ``places``: the index that ranks later, where that is another.
    """
    found = []
    for number, row in enumerate(rows):
        accepted = frozenset(index.twins(row.codes))
        kind = row.kind if accepted else Decision.NONE
        kept = LACKING if row.codes and not accepted else 1.0
        for text, share in _typings(row.text):
            candidates = index.consider(read_question(text))
            if candidates is not None:
                of = weight * kept * share
                found.append(Example(candidates, accepted, kind, of, number, places or index))
    return found


def _typings(text: str) -> list[tuple[str, float]]:
    bare = fold(text)
    return [(text, 1.0)] if bare == text.lower() else [(text, 1.0), (bare, UNMARKED_WEIGHT)]


def name_examples(
    index: SearchIndex, procedures: Sequence[Procedure], names: Mapping[str, Sequence[str]]
) -> list[Example]:
    """Ask every everyday name of an index built without that fold of the names."""
    rows = name_rows(names)
    random.Random(7).shuffle(rows)  # noqa: S311 - folds, not secrets
    found = []
    for part in range(FOLDS):
        hidden = rows[part::FOLDS]
        texts = {row.text for row in hidden}
        kept = {code: [n for n in some if n not in texts] for code, some in names.items()}
        without = SearchIndex(procedures, kept, UNLEARNED)
        found += examples(without, hidden, NAME_WEIGHT, index)
    return found


def name_rows(names: Mapping[str, Sequence[str]]) -> list[Row]:
    """Every everyday name as a question; one that several procedures bear asks "which one"."""
    owners: dict[str, list[str]] = {}
    for code, some in names.items():
        for name in some:
            owners.setdefault(name, []).append(code)
    return [
        Row(n, n, Decision.CLARIFY if len(codes) > 1 else Decision.ANSWER, tuple(codes))
        for n, codes in sorted(owners.items())
    ]


def plain_rows(procedures: Sequence[Procedure], names: Mapping[str, Sequence[str]]) -> list[Row]:
    """The everyday names and the official names of the procedures that people ask for."""
    here = {procedure.code for procedure in procedures}
    everyday = [row for row in name_rows(names) if here.intersection(row.codes)]
    official = [
        Row(p.code, p.name, Decision.ANSWER, (p.code,)) for p in procedures if p.code in names
    ]
    return [*everyday, *official]


def fit(some: Sequence[Example], plain: Sequence[Example]) -> Ranking:
    """Fit the weights to ``some``, then the judgement of the rankings that they give to all."""
    weights = fit_weights([example for example in some if example.accepted])
    unjudged = Ranking(
        {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
        judgement={},
        bias=(0.0, 0.0, 0.0),
    )
    judged = [*some, *plain]
    shown = [example.index.rank(example.candidates, unjudged).signs for example in judged]
    return fit_judgement(unjudged, judged, np.array(shown, np.float64))


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
    names = (*SIGNS, *(f"best_{feature}" for feature in OF_NAMES))
    return Ranking(
        ranking.weights,
        {n: _three(column) for n, column in zip(names, slopes.T, strict=True)},
        _three(bias),
    )


def _three(values: Doubles) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 4) for value in values)
    return first, second, third


def _grade(example: Example, ranking: Ranking) -> Grade:
    ranked = example.index.rank(example.candidates, ranking)
    kinds = ranking.kinds(ranked.signs)
    known = 1 - float(kinds[-1])
    decided = ranking.decide(kinds)
    shown = MOST_CHOICES if decided is Decision.CLARIFY else NEAREST
    return Grade(
        example.kind,
        decided,
        float(ranked.chances[0]) * known,
        ranked.places[0] in example.accepted,
        offered=float(ranked.chances[:shown].sum()) * known,
        among=not example.accepted.isdisjoint(ranked.places[:shown]),
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
