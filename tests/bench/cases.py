"""``python -m tests.bench.cases``: a database with very many invented cases, valid in every part.

Stories are sealed, words indexed, deadlines reckoned and all events chained by the code of the
program itself; only the writing is done in bulk. The chain verifies. Made for benches of the
console, whose secret key is KEY; never point it at a database that somebody uses.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import click
from sqlalchemy import Connection, Engine, create_engine, insert, inspect, make_url, select, text
from tqdm import tqdm

from bot.feedback import receipts
from bot.feedback.category import Category, Subtype
from bot.feedback.chain import Actor, Content, Happened, append
from bot.feedback.deadlines import load_deadlines
from bot.feedback.finding import told_words, word_hash
from bot.feedback.marks import CaseRules, set_deadlines
from bot.feedback.models import (
    Case,
    CaseEvent,
    CaseMessage,
    CaseWord,
    ChainEnd,
    Kind,
    Publication,
    Side,
)
from bot.feedback.ranking import Lane
from bot.feedback.reckoning import Entered
from bot.feedback.services import REPORTER
from bot.feedback.states import FINISHED, RULES, Move, Rejection, Role, State, apply
from bot.storage.base import Base
from bot.storage.upgrade import upgrade
from bot.storage.vault import Vault
from tests.bench.stories import a_category, a_commune, a_story, an_office

KEY = bytes(range(32))
STAFF = tuple(f"can-bo-{number}" for number in range(1, 61))
_BATCH = 5_000  # rows written at once
_MONTHS = 24
_CHANNELS = {"web": 55, "telegram": 30, "zalo": 15}

# The roads that cases have gone, and how often; those that are open ended a short while ago.
_DONE = {
    (Move.TRIAGE, Move.ASSIGN, Move.START, Move.ANSWER, Move.CLOSE): 60,
    (Move.TRIAGE, Move.ASK, Move.REPLY, Move.ASSIGN, Move.START, Move.ANSWER, Move.CLOSE): 10,
    (Move.TRIAGE, Move.ASSIGN, Move.START, Move.ANSWER): 8,
    (Move.TRIAGE, Move.TRANSFER): 9,
    (Move.REJECT,): 5,
    (Move.MERGE,): 5,
    (Move.WITHDRAW,): 3,
}
_OPEN = {
    (): 30,
    (Move.TRIAGE,): 15,
    (Move.TRIAGE, Move.ASSIGN): 20,
    (Move.TRIAGE, Move.ASSIGN, Move.START): 25,
    (Move.TRIAGE, Move.ASK): 7,
    (Move.TRIAGE, Move.ASSIGN, Move.START, Move.ANSWER, Move.REOPEN): 3,
}
_OPEN_SHARE = 0.08
_PUBLISHED_SHARE = 0.3  # of what was answered and closed
_MATTER = "Người dân phản ánh việc tiếp nhận hồ sơ ở bộ phận một cửa."
_OUTCOME = "Đã kiểm tra, nhắc nhở người phụ trách và niêm yết lại quy trình."
_NOTES = {
    Move.ASK: "Bạn cho biết thêm ngày giờ và tên quầy nhé.",
    Move.ANSWER: "Đã làm việc với bộ phận liên quan và chấn chỉnh. Cảm ơn bạn đã phản ánh.",
    Move.TRANSFER: "Đã chuyển đến cơ quan có thẩm quyền, bạn sẽ nhận trả lời từ nơi đó.",
    Move.REJECT: "Tin nhắn không có nội dung phản ánh.",
    Move.REPLY: "Khoảng chín giờ sáng, quầy số ba.",
}
_SPOKEN = frozenset(_NOTES)
_FACTS = (
    *("category", "subtype", "province_code", "commune_code", "place_words", "office_words"),
    *("channel", "consent_version"),
)
_RECKONED = (
    *("triage_due_at", "forward_due_at", "answer_due_at"),
    *("lane", "rank_at", "warn_at", "look_at"),
)


@dataclass(frozen=True)
class Happening:
    """Something that happened to a case, before it is in the chain."""

    at: datetime
    case: SimpleNamespace  # as it stands while the chain is written
    move: Move | None = None
    original: int | None = None
    kind: Kind = Kind.MOVED  # of what comes after the opening
    by: str = ""  # an account; empty: whoever has the case


class Clerk:
    """Writes cases as the program would have, one road after the other."""

    def __init__(self, cases: int, seed: int, now: datetime) -> None:
        self.chance = random.Random(seed)
        self.vault = Vault(KEY)
        self.deadlines = load_deadlines()
        self.now = now
        self.cases = cases
        self.words: dict[int, list[int]] = {}
        self._reckoned: dict[tuple[Category, object], dict[str, object]] = {}
        self.happenings: list[Happening] = []
        self.publications: list[Publication] = []

    def write_all(self) -> Iterator[Case]:
        """Yield the cases as they stand at the end, and note what happened to them."""
        opened = sorted((self._received() for _ in range(self.cases)), key=itemgetter(0))
        for number, (received_at, road) in enumerate(opened, start=1):
            yield self._case(number, received_at, road)
        self.happenings.sort(key=lambda each: each.at)

    def _received(self) -> tuple[datetime, tuple[Move, ...]]:
        """Choose when a case came and which road it went; open ones are mostly young."""
        chance = self.chance
        is_open = chance.random() < _OPEN_SHARE
        roads = _OPEN if is_open else _DONE
        road = chance.choices(list(roads), list(roads.values()))[0]
        days = chance.expovariate(1 / 6) if is_open else chance.uniform(8, 30.4 * _MONTHS)
        at = self.now - timedelta(days=min(days, 60 if is_open else 800))
        minutes = chance.randrange(7 * 60, 22 * 60, 5)  # in UTC+7
        at = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
            minutes=minutes - 420
        )
        return min(at, self.now - timedelta(minutes=1)), road

    def _case(self, number: int, received_at: datetime, road: Sequence[Move]) -> Case:
        chance, vault = self.chance, self.vault
        category, commune = a_category(chance), a_commune(chance)
        known = chance.random() < 0.97
        place = commune.name if known else ""
        sentences = a_story(chance, category)
        office = an_office(chance, place) if place else ""
        named = chance.random() < 0.3
        if road == (Move.MERGE,) and number == 1:
            road = ()
        case = Case(
            id=number,
            receipt=receipts.fingerprint(vault, f"{number:015}"),
            category=category,
            subtype=Subtype.EXTRA_PAPERS if category is Category.IMPROPER_DEMAND else None,
            state=State.NEW,
            reopened=False,
            channel=chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
            province_code=commune.province.code if known else None,
            commune_code=commune.code if known else None,
            place_words=place,
            office_words=office,
            happened_on=received_at.date(),
            story=vault.seal(" ".join(sentences).encode()),
            conversation=vault.seal(f"web:bench-{number}".encode()),
            identity=vault.seal("Người phản ánh, 0900000000".encode()) if named else None,
            consent_version="2026-11",
            transferred_to="",
            received_at=received_at,
            changed_at=received_at,
            excerpt=vault.seal(_first_words(" ".join(sentences)).encode()),
        )
        self._index(number, [*sentences, place], office)
        self._walk(case, road)
        return case

    def _index(self, number: int, texts: Sequence[str], office: str) -> None:
        hashes = set().union(*(_hashes(self.vault, each) for each in (*texts, office)))
        hashes |= _hashes(self.vault, office, of_office=True)
        for each in hashes:
            self.words.setdefault(each, []).append(number)

    def _walk(self, case: Case, road: Sequence[Move]) -> None:
        """Take the case along its road, hours or days between two steps."""
        facts = {name: getattr(case, name) for name in _FACTS}
        chained = SimpleNamespace(id=case.id, state=State.NEW, story=case.story)
        chained.facts = Content(**facts)
        self.happenings.append(Happening(case.received_at, chained))
        past = [Entered(State.NEW, case.received_at)]
        self._reckon_new(case, past)
        step = (self.now - case.received_at) / (len(road) + 1)
        for number, move in enumerate(road, start=1):
            hours = min(step, timedelta(hours=self.chance.uniform(1, 40)))
            at = past[-1].at + hours
            status = apply(case.status, move)
            case.state, case.resume_to, case.reopened = (
                status.state,
                status.resume_to,
                status.reopened,
            )
            case.changed_at = at
            self._take_over(case, move)
            past.append(Entered(case.state, at))
            original = case.duplicate_of if move is Move.MERGE else None
            self.happenings.append(Happening(at, chained, move, original))
            if number == len(road):
                self._reckon(case, past)
        if case.state is State.CLOSED and case.answered_at and self._is_published():
            self._publish(case, chained)

    def _is_published(self) -> bool:
        return self.chance.random() < _PUBLISHED_SHARE

    def _publish(self, case: Case, chained: SimpleNamespace) -> None:
        """Have one account draft what became of a case, and another one publish it."""
        drafter, publisher = self.chance.sample(STAFF, 2)
        at = case.changed_at + (self.now - case.changed_at) / 2
        self.happenings += [
            Happening(case.changed_at, chained, kind=Kind.DRAFTED, by=drafter),
            Happening(at, chained, kind=Kind.PUBLISHED, by=publisher),
        ]
        self.publications.append(
            Publication(
                id=len(self.publications) + 1,
                case_id=case.id,
                matter=self.vault.seal(_MATTER.encode()),
                outcome=self.vault.seal(_OUTCOME.encode()),
                drafted_by=drafter,
                drafted_at=case.changed_at,
                published_by=publisher,
                published_at=at,
            )
        )

    def _reckon_new(self, case: Case, past: list[Entered]) -> None:
        """Set the deadlines of a new case; those that are counted in days depend on its day."""
        by_the_hour = case.category is Category.BRIBERY
        key = (case.category, case.received_at if by_the_hour else case.happened_on)
        if key not in self._reckoned:
            self._reckon(case, past)
            self._reckoned[key] = {name: getattr(case, name) for name in _RECKONED}
        for name, value in self._reckoned[key].items():
            setattr(case, name, value)

    def _reckon(self, case: Case, past: list[Entered]) -> None:
        if case.state in FINISHED - {State.ANSWERED}:
            case.lane, case.rank_at, case.warn_at = Lane.DONE, case.changed_at, None
            case.look_at = None
        else:
            set_deadlines(case, past, CaseRules(self.deadlines, case, past))

    def _take_over(self, case: Case, move: Move) -> None:
        match move:
            case Move.ASSIGN:
                case.assignee = self.chance.choice(STAFF)
            case Move.ANSWER:
                case.answered_at = case.changed_at
            case Move.TRANSFER:
                case.transferred_to = "Thanh tra tỉnh"
            case Move.MERGE:
                case.duplicate_of = max(1, case.id - self.chance.randrange(1, 500))
            case Move.REJECT:
                case.rejection = Rejection.JUNK


def _first_words(story: str) -> str:
    return story if len(story) <= 160 else f"{story[:160].rpartition(' ')[0]} …"


@cache
def _hashes(vault: Vault, told: str, *, of_office: bool = False) -> frozenset[int]:
    return frozenset(word_hash(vault, word, of_office=of_office) for word in told_words(told))


class Gathered:
    """Plays the session to the code that chains events: what it adds is written later, in bulk."""

    def __init__(self) -> None:
        self.events: list[CaseEvent] = []

    def add(self, event: CaseEvent) -> None:
        self.events.append(event)

    async def flush(self) -> None:
        """Nothing is written yet."""


class Chainer:
    """Chains what happened, with messages where something was said."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.end = ChainEnd(id=1, number=0, hash=vault.fingerprint("case chain", "start"), proof="")
        self._messages = 0

    def chained(self, some: Iterable[Happening]) -> tuple[list[CaseMessage], list[CaseEvent]]:
        """Return the messages and events of some happenings, which follow those before."""
        gathered, messages = Gathered(), []
        for each in some:
            message = self._message(each)
            if message is not None:
                messages.append(message)
            if each.move is not None:
                each.case.state = _after(each.case, each.move)
            happened = self._happened(each, message)
            work = append(gathered, self._vault, self.end, each.case, happened)  # type: ignore[arg-type]
            _run_at_once(work)
        return messages, gathered.events

    def _message(self, happening: Happening) -> CaseMessage | None:
        if happening.move not in _SPOKEN:
            return None
        self._messages += 1
        told = self._vault.seal(_NOTES[happening.move].encode())
        side = Side.REPORTER if happening.move is Move.REPLY else Side.OFFICE
        return CaseMessage(
            id=self._messages,
            case_id=happening.case.id,
            side=side,
            said_at=happening.at,
            body=told,
        )

    def _happened(self, happening: Happening, message: CaseMessage | None) -> Happened:
        if happening.kind is not Kind.MOVED:
            by, told = Actor(Role.LEAD, happening.by), Content(matter=_MATTER, outcome=_OUTCOME)
            return Happened(happening.kind, by, happening.at, told)
        if happening.move is None:
            return Happened(Kind.OPENED, REPORTER, happening.at, happening.case.facts)
        roles = RULES[happening.move].roles
        by = Actor(Role.SUPERVISOR, STAFF[happening.case.id % len(STAFF)])
        if by.role not in roles:
            by = REPORTER
        content = Content(original=happening.original)
        return Happened(Kind.MOVED, by, happening.at, content, happening.move, message)


def _after(case: SimpleNamespace, move: Move) -> State:
    target = RULES[move].target
    if target is State.NEED_INFO:
        case.waited_from = case.state
    return target or case.waited_from


def _run_at_once(work: Any) -> None:
    """Carry out what waits for nothing."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise RuntimeError("chaining an event waited for something")


# -- writing ----------------------------------------------------------------------------------


def _rows(objects: Iterable[Base]) -> list[dict[str, Any]]:
    return [{key: getattr(each, key) for key in _keys(type(each))} for each in objects]


@cache
def _keys(kind: type[Base]) -> tuple[str, ...]:
    return tuple(inspect(kind).column_attrs.keys())


def _batches(objects: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(objects)
    while batch := list(islice(left, _BATCH)):
        yield batch


def write(engine: Engine, clerk: Clerk) -> int:
    """Write everything; return the number of events."""
    bar = {"unit": "", "mininterval": 1.0}
    with engine.begin() as connection:
        for batch in _batches(tqdm(clerk.write_all(), "cases", clerk.cases, **bar)):
            connection.execute(insert(Case), _rows(batch))
        chainer = Chainer(clerk.vault)
        happenings = tqdm(clerk.happenings, "events", **bar)
        for batch in _batches(happenings):
            messages, events = chainer.chained(batch)
            if messages:
                connection.execute(insert(CaseMessage), _rows(messages))
            connection.execute(insert(CaseEvent), _rows(events))
        connection.execute(insert(ChainEnd), _rows([chainer.end]))
        for batch in _batches(clerk.publications):
            connection.execute(insert(Publication), _rows(batch))
        _write_words(connection, clerk.words)
    _tidy(engine)
    return int(chainer.end.number)


def _write_words(connection: Connection, words: dict[int, list[int]]) -> None:
    """Write the index in its own order, past SQLAlchemy: there are millions of rows."""
    total = sum(map(len, words.values()))
    pairs = ((word, case) for word in sorted(words) for case in words[word])
    counted = tqdm(pairs, "words", total, unit="", mininterval=1.0)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.executemany(f"INSERT INTO {CaseWord.__tablename__} VALUES (?, ?)", counted)
        return
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {CaseWord.__tablename__} (word, case_id) FROM STDIN") as copy,
    ):
        for row in counted:
            copy.write_row(row)


def _tidy(engine: Engine) -> None:
    """Leave the database as one that grew: numbers go on, and PostgreSQL has looked after it."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("feedback_case", "case_message", "case_publication"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            )
        connection.execute(text("VACUUM ANALYZE"))


def open_to_fill(url: str) -> Engine:
    """Make the tables, or bring those that are there up to date, and open the database."""
    upgrade(url)
    driver = {"postgresql": "postgresql+psycopg"}
    parts = make_url(url)
    name = parts.get_backend_name()
    return create_engine(parts.set(drivername=driver.get(name, name)))


def is_filled(engine: Engine) -> bool:
    """Tell whether there are cases already."""
    with engine.connect() as connection:
        return connection.scalar(select(Case.id).limit(1)) is not None


def fill(engine: Engine, cases: int, seed: int, now: datetime) -> int:
    """Fill an empty database; return the number of events."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode=WAL"))
            connection.execute(text("PRAGMA synchronous=OFF"))
    return write(engine, Clerk(cases, seed, now))


@click.command()
@click.option("--cases", type=click.IntRange(1), default=200_000, show_default=True)
@click.option("--database", default="sqlite:////tmp/danhoi-bench.db", show_default=True)
@click.option("--seed", default=4, show_default=True, help="The same seed tells the same stories.")
def main(cases: int, database: str, seed: int) -> None:
    """Fill an empty database with invented cases."""
    engine = open_to_fill(database)
    if is_filled(engine):
        raise click.ClickException("there are cases in this database already")
    events = fill(engine, cases, seed, datetime.now(UTC))
    engine.dispose()
    click.echo(f"{cases} cases with {events} events")


if __name__ == "__main__":
    main()
