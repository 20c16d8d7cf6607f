"""What is known of a story that is being told, before it is a case."""

from datetime import date, datetime

from msgspec import Struct, structs

from bot.feedback.category import Category, Subtype
from bot.feedback.telling.question import Candidate, Question
from bot.feedback.telling.said import Said

LONGEST_STORY = 18_000  # characters; a case holds a little more, for what has no column of its own
SHORTER = frozenset({Category.PRAISE, Category.SUGGESTION})
SURE = 0.5  # share of what was guessed, above which a kind is taken for granted


class Where(Struct, frozen=True):
    """The place in the citizen's words, and the units of today that it is or may be."""

    words: str
    province_code: str | None = None
    commune_code: str | None = None
    name: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def settled(self) -> bool:
        """Tell whether one commune is meant."""
        return self.commune_code is not None


class When(Struct, frozen=True):
    """The time in the citizen's words, and the day where they mean one."""

    words: str
    day: date | None = None


class Kind(Struct, frozen=True):
    """What it is about."""

    category: Category
    subtype: Subtype | None = None


class Identity(Struct, frozen=True):
    """Who tells: ``contact`` of somebody named, and whether to write back into this chat."""

    named: bool = False
    contact: str = ""
    write_back: bool = True


class Draft(Struct, frozen=True):
    """Everything told so far, the open question, and what was asked before it.

    ``paragraphs``: the story, message by message, nothing of it left out. ``guesses``: how likely
    each kind is by all that was told. ``done``: what was asked and has no answer, by choice.
    ``asked``: the questions that count; ``repeats``: how often the open one was said again;
    ``budget``: how many may be asked, the last confirmation included. ``wanted``: what the citizen
    chose to tell or to correct before anything else; ``paused``: what was open then; ``kept``: a
    message that waits until it is settled to which story it belongs. ``asides``: other questions in
    a row that were answered meanwhile. ``notices``: what was pointed out already. ``consent``: the
    version of the text that was shown with the last summary.
    """

    touched: datetime
    paragraphs: tuple[str, ...] = ()
    guesses: dict[str, float] = {}
    kind: Kind | None = None
    where: Where | None = None
    office: str = ""
    when: When | None = None
    evidence: tuple[str, ...] = ()
    identity: Identity | None = None
    done: tuple[Question, ...] = ()
    open: Question = Question.STORY
    asked: tuple[Question, ...] = ()
    repeats: int = 0
    budget: int = 0
    wanted: Question | None = None
    paused: Question | None = None
    kept: Said | None = None
    asides: int = 0
    notices: tuple[str, ...] = ()
    consent: str = ""

    @property
    def story(self) -> str:
        """The whole story as it was told."""
        return "\n".join(self.paragraphs)

    @property
    def likely(self) -> Kind:
        """The kind that was chosen, else the likeliest."""
        return self.kind or (ranked_kinds(self) or [Kind(Category.OTHER)])[0]

    @property
    def doubtful(self) -> bool:
        """Tell whether the kind was neither chosen nor clear from the story."""
        total = sum(self.guesses.values())
        of_best = sum(
            weight
            for label, weight in self.guesses.items()
            if read_label(label).category is self.likely.category
        )
        return self.kind is None and (not total or of_best / total < SURE)

    @property
    def short(self) -> bool:
        """Praise and suggestions: neither day nor proof is asked for."""
        return not self.doubtful and self.likely.category in SHORTER

    def having(self, **changes: object) -> "Draft":
        """The draft with some things changed."""
        return structs.replace(self, **changes)


def read_label(label: str) -> Kind:
    """Read what understanding calls a kind: "category" or "category/subtype"."""
    category, _, subtype = label.partition("/")
    return Kind(Category(category), Subtype(subtype) if subtype else None)


def ranked_kinds(draft: Draft) -> list[Kind]:
    """Kinds by likelihood, each category once with its likeliest subtype."""
    totals: dict[Category, float] = {}
    best: dict[Category, tuple[float, Kind]] = {}
    for label, weight in draft.guesses.items():
        kind = read_label(label)
        totals[kind.category] = totals.get(kind.category, 0.0) + weight
        if weight > best.get(kind.category, (-1.0, kind))[0]:
            best[kind.category] = (weight, kind)
    return [best[category][1] for category in sorted(totals, key=lambda c: -totals[c])]
