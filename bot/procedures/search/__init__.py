"""Finding the procedure that a citizen means, in memory, within a few milliseconds.

``question`` reads the question, ``postings`` counts what it shares with every name and record,
``index`` turns those counts into features, ``ranking`` weighs them and decides whether to answer,
to ask which one, or to say that nothing fits. ``learning`` derives the weights from data.
"""

from bot.procedures.search.index import SearchIndex
from bot.procedures.search.outcome import Decision, Hit, Outcome

__all__ = ["Decision", "Hit", "Outcome", "SearchIndex"]
