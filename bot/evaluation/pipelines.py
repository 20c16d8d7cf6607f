"""Other ways to understand, trained on the same sentences and measured on the same rows.

So that the choice of docs/decisions/0003-why-not-diet.md stays justified. DIET itself takes minutes
to hours: ``python -m tests.bench.diet`` measures it.
"""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from bot.evaluation.figures import Figure, f1_over, macro_f1, share, with_diacritics
from bot.evaluation.intents import Utterance
from bot.evaluation.tables import Table, percent
from bot.vietnamese import words
from nlu.components.features import both_ways, ngrams, readable
from nlu.components.text_classifier import Example

Analyzer = Callable[[str], list[str]]


class Contender(Struct, frozen=True):
    """A pipeline: what it sees of a sentence, how it learns, and whether it learns both typings."""

    name: str
    analyzer: Analyzer
    machine: BaseEstimator
    both: bool = True


class Measured(Struct, frozen=True):
    """How a contender fared; ``training`` in seconds, ``asking`` in milliseconds a sentence."""

    name: str
    right: Figure
    macro_f1: Figure
    without_diacritics: Figure
    training: float
    asking: float


def contenders() -> list[Contender]:
    """Return what is compared, ours first, as scikit-learn has it: without balance and names."""
    logistic = LogisticRegression(C=30, solver="liblinear", random_state=1)
    return [
        Contender("n-grams of both typings, logistic regression (ours)", ngrams, logistic),
        Contender("the same, sentences learned only as written", ngrams, logistic, both=False),
        Contender("the same n-grams, linear SVM", ngrams, LinearSVC(C=1, random_state=1)),
        Contender("the same n-grams, naive Bayes", ngrams, ComplementNB()),
        Contender("the same n-grams, 5 nearest sentences", ngrams, KNeighborsClassifier(5)),
        Contender("words, logistic regression", words, logistic),
        Contender("words as written, logistic regression", words, logistic, both=False),
    ]


def measure(
    contender: Contender, examples: Sequence[Example], rows: Sequence[Utterance]
) -> Measured:
    """Train one contender on the examples and ask it every row."""
    texts, labels = _sentences(examples, both=contender.both)
    vectorizer = TfidfVectorizer(analyzer=contender.analyzer, sublinear_tf=True, min_df=2)
    pipeline = make_pipeline(vectorizer, contender.machine)
    started = time.perf_counter()
    pipeline.fit(texts, labels)
    trained = time.perf_counter()
    heard = [str(pipeline.predict([readable(row.text)])[0]) for row in rows]
    asked = time.perf_counter()
    pairs = list(zip((row.intent for row in rows), heard, strict=True))
    bare = [pair for row, pair in zip(rows, pairs, strict=True) if not with_diacritics(row.text)]
    return Measured(
        contender.name,
        share(meant == said for meant, said in pairs),
        f1_over(pairs, macro_f1),
        share(meant == said for meant, said in bare),
        trained - started,
        (asked - trained) / max(len(rows), 1) * 1000,
    )


def _sentences(examples: Sequence[Example], *, both: bool) -> tuple[list[str], list[str]]:
    if both:
        seen = both_ways((e.text for e in examples), (e.label for e in examples))
        return list(seen), list(seen.values())
    known = {readable(example.text): example.label for example in examples}
    known.pop("", None)
    return list(known), list(known.values())


def comparison(measured: Sequence[Measured]) -> Table:
    """Lay the contenders out."""
    return Table(
        ("pipeline", "right", "macro-F1", "without diacritics", "training s", "ms a sentence"),
        [
            (
                one.name,
                percent(one.right.value),
                percent(one.macro_f1.value),
                percent(one.without_diacritics.value),
                f"{one.training:.1f}",
                f"{one.asking:.2f}",
            )
            for one in measured
        ],
    )
