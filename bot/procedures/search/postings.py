"""An inverted index over term sets: which documents share which terms with a question."""

from array import array
from collections.abc import Collection, Iterable, Mapping
from math import log1p

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FAINT = 0.25  # what a word that nearly every question has keeps of its weight


class Postings:
    """Documents as sets of terms; a term weighs more the fewer documents have it (idf).

    ``mass[d]`` is the sum of the weights of document ``d``'s terms: what a question would share
    with it at most.
    """

    def __init__(
        self,
        documents: Iterable[Iterable[str]],
        *,
        at_least: int = 1,
        caps: Mapping[str, float] | None = None,
        faint: Collection[str] = (),
    ) -> None:
        """Index ``documents``; terms found in fewer than ``at_least`` of them are left out.

        ``caps`` are the highest weights of terms that are rare here and common elsewhere;
        ``faint`` are terms that count for FAINT of their weight, in documents as in questions.
        """
        self.size = 0
        self._caps = caps or {}
        self._faint = faint
        term_ids: dict[str, int] = {}
        rows, columns = array("i"), array("i")
        for document in documents:
            for term in set(document):
                rows.append(term_ids.setdefault(term, len(term_ids)))
                columns.append(self.size)
            self.size += 1
        self._fill(term_ids, np.array(rows, np.int32), np.array(columns, np.int32), at_least)

    def _fill(
        self,
        term_ids: dict[str, int],
        rows: NDArray[np.int32],
        columns: NDArray[np.int32],
        at_least: int,
    ) -> None:
        counts = np.bincount(rows, minlength=len(term_ids))
        kept = counts >= at_least
        columns = columns[kept[rows]]
        rows = rows[kept[rows]]
        order = np.argsort(rows, kind="stable")
        self._documents = columns[order]
        self._starts = np.concatenate(([0], np.cumsum(np.where(kept, counts, 0)))).astype(np.int32)
        self._ids = {term: i for term, i in term_ids.items() if kept[i]}
        idf = np.array(
            [self.weight(term) if term in self else 0.0 for term in term_ids], np.float32
        )
        self.mass: Floats = np.bincount(columns, weights=idf[rows], minlength=self.size).astype(
            np.float32
        )

    def __contains__(self, term: object) -> bool:
        """Tell whether any document has the term."""
        return term in self._ids

    def terms(self) -> Iterable[str]:
        """All terms that are kept."""
        return self._ids.keys()

    def weights(self) -> dict[str, float]:
        """The weight of every term."""
        return {term: self.weight(term) for term in self._ids}

    def count(self, term: str) -> int:
        """In how many documents the term stands."""
        start, end = self._span(term)
        return end - start

    def _span(self, term: str) -> tuple[int, int]:
        number = self._ids.get(term)
        if number is None:
            return 0, 0
        return int(self._starts[number]), int(self._starts[number + 1])

    def weight(self, term: str) -> float:
        """The idf of a term; that of an unknown one is the highest possible."""
        found = self.count(term)
        idf = log1p((self.size - found + 0.5) / (found + 0.5))
        return min(idf, self._caps.get(term, idf)) * (FAINT if term in self._faint else 1.0)

    def shared(self, terms: Mapping[str, float]) -> Floats:
        """For every document, the weight of those of ``terms`` that it has."""
        spans = [(*self._span(term), weight) for term, weight in terms.items() if term in self]
        if not spans:
            return np.zeros(self.size, np.float32)
        documents = np.concatenate([self._documents[start:end] for start, end, _ in spans])
        weights = np.repeat(
            np.array([weight for _, _, weight in spans]),
            np.array([end - start for start, end, _ in spans]),
        )
        return np.bincount(documents, weights, self.size).astype(np.float32)
