"""The index over a catalogue: what every name and record shares with a question."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log1p

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bot.procedures.procedure import Audience, Kind, Level, Procedure
from bot.procedures.search.outcome import Decision, Hit, Outcome
from bot.procedures.search.postings import Floats, Postings
from bot.procedures.search.question import (
    Question,
    Word,
    language,
    read_question,
    synonyms_in,
    tells,
)
from bot.procedures.search.ranking import Ranking, chances, choices, load_ranking, signs
from bot.procedures.search.spelling import Speller
from bot.procedures.search.surfaces import Sort, Surface, record_words, surfaces

CONSIDERED = 80  # names that are looked at closely
CONSIDERED_RECORDS = 15  # records that are looked at closely for their text alone
IN_RECORDS = 3  # records that must share a word or pair for it to count; keeps memory small
AT_MOST = 10  # hits
BY_SYNONYM = 0.6  # the weight of a word that the question only implies
EXACT_NAME = 0.995  # both sides covered: the question is that name

FEATURES = (
    "words_asked",  # share of the question's words that the name has, by weight
    "words_named",  # share of the name's words that the question has
    "pairs_asked",  # the same for pairs of neighbouring words
    "pairs_named",
    "likeness",  # geometric mean of asked and named
    "marks_asked",  # the same as asked, diacritics included, where they were typed
    "marks_named",
    "record_asked",  # share of the question's words and pairs that the record's text has
    "bag_asked",  # the same for all names of the procedure together
    "rare_asked",  # the same for its words only, rare ones counting more
    "exact",  # the question is the name
    "full",
    "head",
    "everyday",
    "provincial",
    "internal",
    "commune",
    "citizen",
    "known",  # has everyday names: people ask for it
    "own_province",
    "enterprise_asked",  # the question speaks of a company and enterprises may file it
)
# Those of a name. Whose it is helps to rank, and says nothing of what kind of question is asked.
OF_NAMES = FEATURES[: FEATURES.index("provincial")]
RIVALS = 20  # how many ranks are looked at for names that fit the question as well as the best
AS_WELL = 0.03  # shares that differ by less are equal
Query = dict[str, float]


class Terms(Struct, frozen=True):
    """A question as weighted terms, one set per space."""

    words: Query
    pairs: Query
    marks: Query
    record: Query
    asked_words: float
    asked_pairs: float
    asked_marks: float
    asked_record: float
    asked_rare: float
    known: tuple[float, float, float, float]  # see SearchIndex._known


class Candidates(Struct, frozen=True):
    """Names looked at closely: one row of features each, and whose name it is."""

    owners: NDArray[np.int64]
    features: Floats
    known: tuple[float, float, float, float]
    manner: tuple[float, float, float] = (0.0, 0.0, 0.0)  # hedged, acting, log of its length


class Ranked(Struct, frozen=True):
    """Places in the catalogue, best first, the chance of each, and the signs to judge by."""

    places: list[int]
    chances: Floats
    signs: Floats


class SearchIndex:
    """Finds procedures by question; immutable once built, so threads may share it."""

    def __init__(
        self,
        procedures: Sequence[Procedure],
        everyday_names: Mapping[str, Sequence[str]],
        ranking: Ranking | None = None,
    ) -> None:
        self._ranking = ranking or load_ranking()
        self.codes = [procedure.code for procedure in procedures]
        self.names = [procedure.name for procedure in procedures]
        self._place = {code: place for place, code in enumerate(self.codes)}
        named = surfaces(procedures, everyday_names)
        self._owners = np.array([surface.owner for surface in named], np.int64)
        sorts = np.array([surface.sort for surface in named], np.int64)
        self._first = np.searchsorted(self._owners, np.arange(len(procedures)))
        caps, marked_caps = _caps(named)
        faint, folded_faint = language().faint, language().folded_faint
        self._words = Postings(
            ([w.folded for w in s.words] for s in named), caps=caps, faint=folded_faint
        )
        self._pairs = Postings((_pairs([w.folded for w in s.words]) for s in named), caps=caps)
        self._marks = Postings(
            (_marked_terms(s.words) for s in named), caps=marked_caps, faint=faint
        )
        texts = [record_words(procedure) for procedure in procedures]
        bags = _bags(named, len(procedures))
        self._bags = Postings(bags, caps=caps, faint=folded_faint)
        self._records = Postings([{*text, *_pairs(text)} for text in texts], at_least=2)
        self._speller = Speller(self._words.terms())
        self._fixed = _fixed_features(sorts, self._owners, procedures, everyday_names)
        self._publishers = np.array(
            [p.publisher_code if p.kind is Kind.PROVINCIAL else "" for p in procedures]
        )
        self._twin_of = _first_of_same_name(self.names)

    @classmethod
    def build(
        cls, procedures: Iterable[Procedure], everyday_names: Mapping[str, Sequence[str]]
    ) -> "SearchIndex":
        """Index a catalogue; a second or two for the 5,665 national records."""
        return cls(list(procedures), everyday_names)

    def find(self, question: str, province_code: str | None = None) -> Outcome:
        """Rank the procedures for a question of any length and content; never raises.

        ``province_code`` (a publisher's code such as "H26") lets that province's own versions
        come first; those of other provinces are then left out.
        """
        read = read_question(question)
        if read.code in self._place:
            place = self._place[read.code]
            return Outcome(Decision.ANSWER, (Hit(read.code, self.names[place], 1.0),))
        candidates = self.consider(read, province_code)
        if candidates is None:
            return Outcome(Decision.NONE)
        return self._decide(candidates)

    def names_procedure(self, question: str) -> bool:
        """Tell a question that names a procedure from a follow-up ("thế lệ phí bao nhiêu?")."""
        if read_question(question).code:
            return True
        return tells(question) and self.find(question).decision is not Decision.NONE

    def consider(
        self, question: Question, province_code: str | None = None, hidden: int | None = None
    ) -> Candidates | None:
        """The names that share most with the question; None when nothing is shared.

        ``hidden`` is a name to be left out, for learning from everyday names.
        """
        terms = self._terms(question)
        if not terms.words or terms.asked_words <= 0:
            return None
        words = self._words.shared(terms.words)
        pairs = self._pairs.shared(terms.pairs)
        records = self._records.shared(terms.record)
        if hidden is not None:
            words[hidden] = pairs[hidden] = 0
        chosen = self._preselect(words, pairs, records)
        if chosen.size == 0:
            return None
        shared = (words[chosen], pairs[chosen], self._marks.shared(terms.marks)[chosen])
        owners = self._owners[chosen]
        of_procedure = self._of_procedure(terms, records)[:, owners]
        features = self._features(terms, chosen, shared, of_procedure)
        return self._for_province(
            Candidates(owners, features, terms.known, _manner(question)),
            province_code,
            question,
        )

    def _terms(self, question: Question) -> Terms:
        words: Query = {}
        missing: Query = {}
        readings: list[str] = []
        for word in question.words:
            parts, trust = self._reading(word.folded)
            readings.extend(parts or (word.folded,))
            if not parts:
                missing[word.folded] = self._words.weight(word.folded)
            for part in parts:
                words[part] = max(self._words.weight(part) * trust, words.get(part, 0.0))
        pairs = {pair: self._pairs.weight(pair) for pair in _pairs(readings)}
        return self._with_synonyms(question, words, pairs, missing)

    def _reading(self, folded: str) -> tuple[tuple[str, ...], float]:
        if folded in self._words:
            return (folded,), 1.0
        return self._speller.mend(folded)

    def _with_synonyms(
        self, question: Question, words: Query, pairs: Query, missing: Query
    ) -> Terms:
        known = self._known(question, words, pairs, missing)
        asked_words = sum(words.values()) + sum(missing.values())
        asked_rare = sum(weight**2 for weight in (*words.values(), *missing.values()))
        asked_pairs = sum(pairs.values())
        asked_record = sum(
            weight * (self._records.weight(term) if term in self._records else 1.0)
            for weight, term in ((1.0, term) for term in (*words, *pairs))
        )
        record = {term: self._records.weight(term) for term in (*words, *pairs)}
        marks = (
            {term: self._marks.weight(term) for term in _marked_terms(question.words)}
            if question.marked
            else {}
        )
        asked_marks = sum(marks.values())
        for synonym in synonyms_in(question):
            implied = [word.folded for word in synonym.meant]
            for term in implied:
                words.setdefault(term, BY_SYNONYM * self._words.weight(term))
                record.setdefault(term, BY_SYNONYM * self._records.weight(term))
            for term in _pairs(implied):
                pairs.setdefault(term, BY_SYNONYM * self._pairs.weight(term))
                record.setdefault(term, BY_SYNONYM * self._records.weight(term))
            if question.marked:
                for term in _marked_terms(synonym.meant):
                    marks.setdefault(term, BY_SYNONYM * self._marks.weight(term))
        return Terms(
            words, pairs, marks, record,
            asked_words, asked_pairs, asked_marks, asked_record, asked_rare, known,
        )  # fmt: skip

    def _known(
        self, question: Question, words: Query, pairs: Query, missing: Query
    ) -> tuple[float, float, float, float]:
        """What shares of the question any name at all knows.

        Its words by weight; the same as typed ("rồng" is not "rộng"); with rare words counting
        more, as typed; and its pairs of neighbours ("vũ trụ" is neither "vũ trường" nor "trụ sở").
        """
        folded = _known_share({**words, **missing}, self._words)
        joined = _known_share(pairs, self._pairs)
        if question.marked:
            typed = {word.typed: self._marks.weight(word.typed) for word in question.words}
            space = self._marks
        else:
            typed, space = {**words, **missing}, self._words
        rare = {term: weight**2 for term, weight in typed.items()}
        return folded, _known_share(typed, space), _known_share(rare, space), joined

    def _preselect(self, words: Floats, pairs: Floats, records: Floats) -> NDArray[np.int64]:
        rough = (words + pairs) / np.sqrt(self._words.mass + self._pairs.mass + 20.0)
        chosen = _largest(rough, CONSIDERED)
        by_record = self._first[_largest(records, CONSIDERED_RECORDS)]
        chosen = np.union1d(chosen, by_record)
        kept: NDArray[np.int64] = chosen[rough[chosen] > 0]
        return kept

    def _of_procedure(self, terms: Terms, records: Floats) -> Floats:
        """What does not depend on the name: three rows, one column per procedure."""
        bags = self._bags.shared({**terms.words, **terms.pairs})
        rare = self._bags.shared({term: weight**2 for term, weight in terms.words.items()})
        return np.stack(
            [
                _share(records, terms.asked_record),
                _share(bags, terms.asked_words + terms.asked_pairs),
                _share(rare, terms.asked_rare),
            ]
        )

    def _features(
        self,
        terms: Terms,
        chosen: NDArray[np.int64],
        shared: tuple[Floats, Floats, Floats],
        of_procedure: Floats,
    ) -> Floats:
        words, pairs, marks = shared
        words_asked = _share(words, terms.asked_words)
        words_named = _share(words, self._words.mass[chosen])
        pairs_asked = _share(pairs, terms.asked_pairs)
        pairs_named = _share(pairs, self._pairs.mass[chosen])
        likeness = np.sqrt(
            _share(words + pairs, terms.asked_words + terms.asked_pairs)
            * _share(words + pairs, self._words.mass[chosen] + self._pairs.mass[chosen])
        )
        if terms.asked_marks:
            marks_asked = _share(marks, terms.asked_marks)
            marks_named = _share(marks, self._marks.mass[chosen])
        else:
            marks_asked = _share(words + pairs, terms.asked_words + terms.asked_pairs)
            marks_named = _share(words + pairs, self._words.mass[chosen] + self._pairs.mass[chosen])
        named = self._fixed[chosen, :_SORTS].any(1)  # a keyword is a subject, not a name
        exact = named & (words_asked >= EXACT_NAME) & (words_named >= EXACT_NAME)
        measured = (
            words_asked, words_named, pairs_asked, pairs_named, likeness,
            marks_asked, marks_named, *of_procedure, exact,
        )  # fmt: skip
        return np.column_stack((*measured, self._fixed[chosen])).astype(np.float32)

    def _for_province(
        self, found: Candidates, province_code: str | None, question: Question
    ) -> Candidates | None:
        """Say which versions are the citizen's own province's; leave other provinces' out."""
        if not _speaks_of_a_company(question):
            found.features[:, FEATURES.index("enterprise_asked")] = 0
        if province_code is None:
            return found
        publishers = self._publishers[found.owners]
        own = publishers == province_code
        found.features[own, FEATURES.index("own_province")] = 1
        found.features[own, FEATURES.index("provincial")] = 0
        kept = own | (publishers == "")
        if not kept.any():
            return None
        return Candidates(found.owners[kept], found.features[kept], found.known, found.manner)

    def rank(self, found: Candidates, ranking: Ranking) -> Ranked:
        """Procedures (one of each name), likeliest first, with what shows how sure that is."""
        scores = ranking.scores(found.features)
        best: dict[int, int] = {}  # procedure (the first of its name) → row of its best name
        for row in np.argsort(-scores, kind="stable"):
            best.setdefault(self._twin_of[found.owners[row]], int(row))
        rows = list(best.values())
        highest = found.features[:, [_RARE, _BAG]].max(0)
        shown = signs(
            scores[rows],
            found.features[rows[0], : len(OF_NAMES)],
            (*found.known, *found.manner),
            (
                float(highest[0]), float(highest[1]), log1p(_exact_rivals(found, rows)),
                log1p(_fitting(found, rows, _BAG)), log1p(_fitting(found, rows, _RARE)),
            ),
        )  # fmt: skip
        return Ranked([int(found.owners[row]) for row in rows], chances(scores[rows]), shown)

    def twins(self, codes: Iterable[str]) -> set[int]:
        """The places of the given procedures and of all others of the same name."""
        wanted = {self._twin_of[self._place[code]] for code in codes if code in self._place}
        return {place for place, twin in enumerate(self._twin_of) if twin in wanted}

    def _decide(self, found: Candidates) -> Outcome:
        ranked = self.rank(found, self._ranking)
        kinds = self._ranking.kinds(ranked.signs)
        known = 1 - float(kinds[-1])
        hits = tuple(
            Hit(self.codes[place], self.names[place], round(known * float(chance), 4))
            for place, chance in zip(ranked.places[:AT_MOST], ranked.chances, strict=False)
        )
        decision = self._ranking.decide(kinds)
        if decision is not Decision.CLARIFY:
            return Outcome(decision, hits)
        near = choices(hits)
        return Outcome(decision, near) if len(near) > 1 else Outcome(Decision.ANSWER, hits)


_BAG = FEATURES.index("bag_asked")
_RARE = FEATURES.index("rare_asked")
_EXACT = FEATURES.index("exact")
_SORTS = 3  # the first fixed features: full, head, everyday
_COMPANY = frozenset({"cong ty", "doanh nghiep", "dn", "cty", "tnhh"})


def _speaks_of_a_company(question: Question) -> bool:
    folded = [word.folded for word in question.words]
    return not _COMPANY.isdisjoint([*folded, *_pairs(folded)])


def _known_share(terms: Query, space: Postings) -> float:
    whole = sum(terms.values())
    known = sum(weight for term, weight in terms.items() if term in space)
    return known / whole if whole else 1.0


def _exact_rivals(found: Candidates, rows: Sequence[int]) -> float:
    """How many procedures beside the best have a name that is the question."""
    return float(found.features[rows[1:], _EXACT].sum())


def _fitting(found: Candidates, rows: Sequence[int], feature: int) -> int:
    """How many of the next ranks have as much of what the question says as the best."""
    shares = found.features[rows[:RIVALS], feature]
    return int((shares[1:] >= shares[0] - AS_WELL).sum())


def _manner(question: Question) -> tuple[float, float, float]:
    """Whether it hedges and whether it acts; how long it is, without what it says again."""
    said = {word.folded for word in question.words}
    return float(question.hedged), float(question.acting), log1p(len(said))


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)]


def _caps(named: Sequence[Surface]) -> tuple[dict[str, float], dict[str, float]]:
    """How much words weigh in everyday speech: "nhà" and "muốn" are rare in records only."""
    spoken = [surface.words for surface in named if surface.sort is Sort.EVERYDAY]
    folded = [[word.folded for word in words] for words in spoken]
    return (
        Postings([[*words, *_pairs(words)] for words in folded]).weights(),
        Postings([_marked_terms(words) for words in spoken]).weights(),
    )


def _bags(named: Sequence[Surface], procedures: int) -> list[set[str]]:
    """For every procedure the words and pairs of all its names, without diacritics."""
    bags: list[set[str]] = [set() for _ in range(procedures)]
    for surface in named:
        folded = [word.folded for word in surface.words]
        bags[surface.owner].update(folded, _pairs(folded))
    return bags


def _marked_terms(words: Sequence[Word]) -> list[str]:
    typed = [word.typed for word in words]
    return [*typed, *_pairs(typed)]


def _share(part: Floats, whole: float | Floats) -> Floats:
    share: Floats = np.minimum(part / np.maximum(whole, 1e-6), 1.0).astype(np.float32)
    return share


def _largest(values: Floats, count: int) -> NDArray[np.int64]:
    if values.size <= count:
        return np.arange(values.size)
    return np.argpartition(values, -count)[-count:]


def _first_of_same_name(names: Sequence[str]) -> list[int]:
    first: dict[str, int] = {}
    return [
        first.setdefault(name.casefold().strip(" ."), place) for place, name in enumerate(names)
    ]


def _fixed_features(
    sorts: NDArray[np.int64],
    owners: NDArray[np.int64],
    procedures: Sequence[Procedure],
    everyday_names: Mapping[str, Sequence[str]],
) -> Floats:
    of_procedure = np.array(
        [
            (
                p.kind is Kind.PROVINCIAL,
                p.kind is Kind.INTERNAL,
                Level.COMMUNE in p.levels,
                Audience.CITIZEN in p.audiences,
                p.code in everyday_names,
                False,
                Audience.ENTERPRISE in p.audiences,
            )
            for p in procedures
        ],
        np.float32,
    ).reshape(len(procedures), 7)
    of_surface = np.column_stack([sorts == Sort.FULL, sorts == Sort.HEAD, sorts == Sort.EVERYDAY])
    return np.column_stack([of_surface, of_procedure[owners]]).astype(np.float32)
