"""Which turns are below the line, and what is kept of them for people to label.

Below the line is whatever understanding could not place (config.yml: below its threshold, or two
intents too close), and a question about a procedure for which the search knows none, or offers
choices of which probably none is meant. A pick, a button and a follow-up are never below it.
"""

from actions.heard import Heard
from bot.procedures.search import Decision, Outcome
from bot.procedures.search.ranking import is_far_fetched
from bot.questions.question import Missed


def is_doubtful(found: Outcome) -> bool:
    """Tell whether the search has nothing to offer, or probably nothing of what is meant."""
    match found.decision:
        case Decision.ANSWER:
            return False
        case Decision.CLARIFY:
            return is_far_fetched(found.hits)
    return True


def missed(heard: Heard, found: Outcome) -> Missed:
    """Put together what was heard and what was made of it."""
    best = found.hits[0] if found.hits else None
    return Missed(
        text=heard.text,
        readings=heard.readings,
        decision=found.decision.value,
        best_code=best.code if best else "",
        chance=best.score if best else 0.0,
    )
