"""The catalogue as the assistant uses it: found in memory, read in full from the database."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.procedures import services
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.procedure import Procedure
from bot.procedures.search import Outcome, SearchIndex

REMEMBERED = 200  # records of some tens of kilobytes; citizens ask for few of them again and again


class Catalogue:
    """Finds procedures (sync, in memory) and fetches their records (async, one row each).

    The index stays in memory, and of the full records only those that were asked for last. It
    starts empty: call ``refresh`` once before serving, then now and then.
    """

    def __init__(
        self,
        sessions: Callable[[], AsyncSession],
        everyday_names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._sessions = sessions
        self._names = load_everyday_names() if everyday_names is None else everyday_names
        self._index = SearchIndex.build((), self._names)
        self._version: int | None = None  # nothing loaded yet
        self._refreshing = asyncio.Lock()
        self._recent: OrderedDict[str, Procedure | None] = OrderedDict()

    def find(self, question: str, province_code: str | None = None) -> Outcome:
        """Rank the procedures for a question; see SearchIndex.find."""
        return self._index.find(question, province_code)

    def names_procedure(self, question: str) -> bool:
        """Tell a question that names a procedure from a follow-up about the last one."""
        return self._index.names_procedure(question)

    async def get(self, code: str) -> Procedure | None:
        """Read one record; None when the catalogue does not have it (any more)."""
        if code in self._recent:
            self._recent.move_to_end(code)
            return self._recent[code]
        async with self._sessions() as session:
            procedure = await services.get(session, code)
        self._recent[code] = procedure
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return procedure

    async def refresh(self) -> bool:
        """Rebuild the index when the stored catalogue has changed; return whether it did.

        The check is one small query. The rebuild runs in a thread, and questions are answered
        from the old index until the new one is complete.
        """
        async with self._refreshing:
            async with self._sessions() as session:
                version = await services.version(session)
                if version == self._version:
                    return False
                procedures = await services.load_all(session)
            self._index = await asyncio.to_thread(SearchIndex.build, procedures, self._names)
            self._version = version
            self._recent.clear()
            return True
