"""A sentence classifier with honest probabilities: learned by scikit-learn, kept as plain arrays.

Logistic regression over tf-idf, one against the rest. What is left of it after training are a
vocabulary and three arrays: they load in no time, run no code when they are read (a pickle would),
and answer in a third of the time of the library's general path.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.components.features import both_ways, ngrams, readable

Floats = npt.NDArray[np.float32]


class Example(NamedTuple):
    """A sentence to learn from; ``weight`` 1 is a sentence that somebody wrote as a citizen."""

    text: str
    label: str
    weight: float = 1.0


class Guess(NamedTuple):
    """One label and the probability that it is the right one."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Trained:
    """The arrays of a trained classifier, by n-gram (rows) and label (columns)."""

    labels: npt.NDArray[np.str_]
    grams: npt.NDArray[np.str_]
    rarity: Floats  # inverse document frequency of each n-gram
    weights: Floats
    intercept: Floats
    sharpness: Floats  # a single figure


class TextClassifier:
    """Labels sentences, however they are typed."""

    def __init__(self, trained: Trained) -> None:
        """Use ``fit`` or ``load`` to get one."""
        self._trained = trained
        self._rows = {gram: row for row, gram in enumerate(trained.grams.tolist())}

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        *,
        freedom: float,
        balance: float = 0.0,
        sharpness: float = 1.0,
    ) -> Self:
        """Train on examples.

        ``freedom`` is the C of logistic regression. ``balance`` says how far labels with few
        examples are weighed up: 0 not at all, 1 until all labels weigh the same. ``sharpness`` is
        the power to which the odds are taken, so that they mean what they say; above 1 means surer
        (``python -m bot evaluate thresholds`` derives it).
        """
        seen = both_ways((e.text for e in examples), ((e.label, e.weight) for e in examples))
        targets = [label for label, _ in seen.values()]
        weights = _balanced([weight for _, weight in seen.values()], targets, balance)
        vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=2)
        machine = LogisticRegression(C=freedom, solver="liblinear", random_state=1)
        machine.fit(vectorizer.fit_transform(list(seen)), targets, sample_weight=weights)
        return cls(_arrays(vectorizer, machine, sharpness))

    def guesses(self, sentence: str) -> list[Guess]:
        """All labels, likeliest first; none when nothing of the sentence is known."""
        grams = ngrams(readable(sentence))
        known = Counter(row for gram in grams if (row := self._rows.get(gram)) is not None)
        if not known:
            return []
        confidences = self._confidences(list(known), np.fromiter(known.values(), np.float32))
        guesses = map(Guess, self._trained.labels.tolist(), confidences.tolist())
        return sorted(guesses, key=lambda guess: -guess.confidence)

    def _confidences(self, rows: list[int], counts: Floats) -> Floats:
        """Probabilities by label from the rows of the known n-grams and how often each occurs."""
        trained = self._trained
        features = (1 + np.log(counts)) * trained.rarity[rows]
        features /= np.linalg.norm(features)
        scores = features @ trained.weights[rows] + trained.intercept
        fitting = 1 / (1 + np.exp(-scores))
        sharp = fitting**trained.sharpness
        confidences: Floats = sharp / sharp.sum()
        return confidences

    def save(self, path: Path) -> None:
        """Write the arrays to one .npz file."""
        np.savez_compressed(path, **asdict(self._trained))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(Trained(**arrays))


def held_out(examples: Sequence[Example], folds: int, **how: float) -> list[list[Guess]]:
    """For each example what a classifier says that was trained on the other folds.

    ``how``: as in TextClassifier.fit. Examples of less than full weight only teach.
    """
    order = random.Random(1).sample(range(len(examples)), len(examples))  # noqa: S311 - folds
    guesses: list[list[Guess]] = [[] for _ in examples]
    for fold in range(folds):
        asked = set(order[fold::folds])
        others = [e for at, e in enumerate(examples) if at not in asked or e.weight < 1]
        classifier = TextClassifier.fit(others, **how)
        for at in asked:
            guesses[at] = classifier.guesses(examples[at].text) if examples[at].weight == 1 else []
    return guesses


def _balanced(weights: Sequence[float], targets: Sequence[str], balance: float) -> Floats:
    """Weigh up the labels with few examples."""
    totals: dict[str, float] = defaultdict(float)
    for target, weight in zip(targets, weights, strict=True):
        totals[target] += weight
    mean = sum(totals.values()) / len(totals)
    lifted = {label: (mean / total) ** balance for label, total in totals.items()}
    pairs = zip(targets, weights, strict=True)
    return np.array([weight * lifted[target] for target, weight in pairs], np.float32)


def _arrays(vectorizer: Any, machine: Any, sharpness: float) -> Trained:
    """What the fitted estimators have learned."""
    weights, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn keeps the second label only; the first mirrors it
        weights, intercept = (np.concatenate([-kept, kept]) for kept in (weights, intercept))
    return Trained(
        labels=machine.classes_,
        grams=vectorizer.get_feature_names_out().astype(np.str_),
        rarity=vectorizer.idf_.astype(np.float32),
        weights=weights.T.astype(np.float32),
        intercept=intercept.astype(np.float32),
        sharpness=np.array(sharpness, np.float32),
    )
