"""Questions that the bot missed, on real databases: kept within their turn, labelled, forgotten."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from actions.services import Services
from bot.commands.questions import known_intents, questions
from bot.conversation.contracts import Incoming, Reply
from bot.conversation.inbox import DurableInbox
from bot.conversation.takeover import Takeover
from bot.conversation.turn import Turns
from bot.conversation.wire import Done, Failed
from bot.procedures.services import store
from bot.questions import services
from bot.questions.errors import AlreadyTaken, BadTable
from bot.questions.models import Question
from bot.questions.question import Label, Meant, Missed, Reading, State
from bot.questions.table import Mark
from bot.settings import Settings
from bot.storage.engine import open_engine, open_sessions
from bot.storage.unit_of_work import current_session
from tests.builders import a_procedure
from tests.fakes.echo import EchoAssistant, now
from tests.unit.actions.acting import a_catalogue, act, the_action

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TYPED = "giấy tờ gì đó của chị Lan, gọi em 0912.345.678 nhé"
KEPT = "giấy tờ gì đó của chị ⟨tên⟩, gọi em ⟨số⟩ nhé"
RIGHTS = Label("ask_rights", note="hỏi quyền")


def missed(words: str = TYPED, **changes) -> Missed:
    fields = {
        "text": words,
        "readings": (Reading("ask_place", 0.31), Reading("ask_rights", 0.28)),
        "decision": "clarify",
        "best_code": "1.001193",
        "chance": 0.27,
    }
    return Missed(**fields | changes)


@pytest.fixture
def note(sessions):
    """Note questions, each in a transaction of its own."""

    async def noted(*some: Missed, at: datetime = NOW, model: str = "one.tar.gz") -> None:
        for one in some:
            async with sessions() as session, session.begin():
                await services.note(session, one, at, model)

    return noted


@pytest.fixture
def kept(sessions):
    async def read() -> list[Question]:
        async with sessions() as session:
            return list(await session.scalars(select(Question).order_by(Question.id)))

    return read


@pytest.fixture
def decide(sessions):
    async def decided(id: int, label: Label | None, by: str = "hoa") -> None:
        async with sessions() as session, session.begin():
            await services.decide(session, id, label, by, LATER)

    return decided


@pytest.fixture
def take_back(sessions):
    """Import marks as the command does."""

    async def taken(*marks: Mark):
        async with sessions() as session, session.begin():
            return await services.import_marks(session, marks, "hoa", LATER)

    return taken


async def test_a_question_is_kept_stripped_with_what_was_understood(note, kept):
    await note(missed())
    (question,) = await kept()
    assert question.text == KEPT
    assert (question.intent, question.confidence) == ("ask_place", pytest.approx(0.31))
    assert services.readings_of(question)[1] == Reading("ask_rights", 0.28)
    assert (question.decision, question.best_code) == ("clarify", "1.001193")
    assert (question.times_asked, question.state) == (1, State.OPEN)


async def test_a_question_asked_again_is_counted_and_keeps_the_newest_understanding(note, kept):
    await note(missed())
    bare = "Giay to gi do cua chi Lan goi em 0912345678 nhe!"
    again = missed(bare, readings=(), decision="none", best_code="")
    await note(again, at=LATER, model="two.tar.gz")
    (question,) = await kept()
    assert question.times_asked == 2
    assert (question.first_asked_at, question.last_asked_at) == (NOW, LATER)
    assert (question.intent, question.decision, question.model) == ("", "none", "two.tar.gz")


async def test_what_says_nothing_without_its_personal_data_is_not_kept(note, kept):
    await note(missed("0912345678"), missed("lan@example.vn, 079087001234"))
    assert await kept() == []


async def test_the_same_question_from_many_at_once_is_one_question(database_url, kept):
    async def ask_from_another_process(times: int) -> None:
        engine = open_engine(database_url)
        for _ in range(times):
            async with open_sessions(engine)() as session, session.begin():
                await services.note(session, missed(), NOW, "one.tar.gz")
        await engine.dispose()

    await asyncio.gather(*(ask_from_another_process(5) for _ in range(4)))
    (question,) = await kept()
    assert question.times_asked == 20


async def test_a_label_stays_when_the_question_comes_again(note, kept, decide):
    await note(missed())
    (question,) = await kept()
    await decide(question.id, RIGHTS)
    await note(missed(), at=LATER)
    (question,) = await kept()
    assert services.label_of(question) == RIGHTS
    assert question.times_asked == 2


async def test_a_question_is_labelled_by_one_person(note, kept, decide):
    await note(missed())
    (question,) = await kept()
    await decide(question.id, RIGHTS)
    with pytest.raises(AlreadyTaken):
        await decide(question.id, None, by="bình")
    assert (await kept())[0].labelled_by == "hoa"


async def test_what_nobody_labelled_is_forgotten_like_the_journal(
    engine, vault, note, kept, decide
):
    await note(missed("giấy một"), missed("giấy hai"), missed("giấy ba"), at=now())
    await note(missed("giấy xưa"), missed("giấy nhãn"), missed("giấy bỏ"), at=NOW)
    for question in await kept():
        if question.text in ("giấy nhãn", "giấy bỏ"):
            await decide(question.id, RIGHTS if question.text == "giấy nhãn" else None)
    in_time = now() - NOW - timedelta(seconds=1)
    takeover = Takeover(
        engine, vault, "here", now, print, print, timedelta(days=90), [(in_time, services.forget)]
    )
    await takeover._sweep()
    assert [q.text for q in await kept()] == ["giấy một", "giấy hai", "giấy ba", "giấy nhãn"]


class ActingAssistant(EchoAssistant):
    """Answers every message by the real fallback action, as a brain with no model would."""

    def __init__(self, note_missed) -> None:
        self._fallback = the_action(
            "action_fallback", Services(a_catalogue(), note_missed=note_missed)
        )

    async def respond(self, state: int, incoming: Incoming) -> tuple[list[Reply], int]:
        said = await act(self._fallback, incoming.text, ranking=["nlu_fallback", "ask_place"])
        if "hỏng" in incoming.text:
            raise ValueError(incoming.text)
        return [Reply(said.response)], state + 1


async def note_in_the_turn(one: Missed) -> None:
    await services.note(current_session(), one, now(), "one.tar.gz")


@pytest.fixture
async def say(database_url, engine, vault):
    """Take a whole turn on the real road, as a brain does."""
    brains_engine = open_engine(database_url, inline=True)
    turns = Turns(brains_engine, vault, ActingAssistant(note_in_the_turn), "here", now)
    works = []
    inbox = DurableInbox(engine, vault, "here", now, works.extend)
    writer = asyncio.create_task(inbox.run())

    async def said(words: str, sender: str = "an"):
        await inbox.put(Incoming("rest", f"{sender}/{len(works)}", sender, words))
        return await turns.take(works[-1])

    yield said
    writer.cancel()
    await brains_engine.dispose()


async def test_a_missed_turn_is_answered_and_leaves_its_question_behind(say, kept):
    for sender in ("an", "bình"):
        done = await say(TYPED, sender)
        assert isinstance(done, Done)
        assert done.replies[0].text == "utter_conversation_did_you_mean"
    (question,) = await kept()
    assert (question.text, question.times_asked) == (KEPT, 2)
    assert (question.intent, question.decision) == ("ask_place", "none")


async def test_no_number_that_a_citizen_typed_reaches_the_table_nor_the_log(say, engine, caplog):
    caplog.set_level(logging.DEBUG)
    await say(TYPED)
    await say("hỏng " + TYPED, "bình")
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT * FROM question"))).all()
    assert len(rows) == 1
    for personal in ("0912", "345", "678", "Lan"):
        assert personal not in str([tuple(row) for row in rows])
    assert caplog.records
    for words in ("giấy tờ", "0912", "⟨tên⟩"):
        assert words not in caplog.text


async def test_a_turn_that_failed_leaves_no_question(say, kept):
    assert isinstance(await say("hỏng rồi"), Failed)
    assert await kept() == []


async def test_marks_are_kept_once_and_importing_again_changes_nothing(note, kept, take_back):
    await note(missed("giấy một"), missed("giấy hai"))
    one, two = await kept()
    marks = [
        Mark(2, one.id, one.text, Label("ask_procedure", Meant.ANSWER, ("1.001193",))),
        Mark(3, two.id, two.text, None),
    ]
    assert await take_back(*marks) == services.Imported(labelled=1, dismissed=1)
    before = [(q.state, q.labelled_at, q.labelled_by) for q in await kept()]
    assert await take_back(*marks) == services.Imported(unchanged=2)
    assert [(q.state, q.labelled_at, q.labelled_by) for q in await kept()] == before


async def test_a_file_with_a_wrong_line_changes_nothing(note, kept, take_back):
    await note(missed("giấy một"))
    (one,) = await kept()
    with pytest.raises(BadTable) as refused:
        await take_back(
            Mark(2, one.id, one.text, RIGHTS),
            Mark(3, one.id + 9, "giấy khác", RIGHTS),
            Mark(4, one.id, "câu khác hẳn", RIGHTS),
            Mark(5, one.id, one.text, None),
        )
    assert [line for line, _ in refused.value.problems] == [3, 4, 5]
    assert (await kept())[0].state is State.OPEN


# The commands, as a volunteer and an operator type them.


@pytest.fixture
def typed(database_url, tmp_path):
    """Type a command; two questions wait, and one procedure is known."""
    settings = Settings(data=str(tmp_path), database_url=database_url)

    async def prepare() -> None:
        engine = open_engine(database_url)
        async with open_sessions(engine)() as session, session.begin():
            await store(session, [a_procedure()], NOW)
            await services.note(session, missed("=giấy cho bé mới đẻ"), NOW, "one.tar.gz")
            for _ in range(2):
                await services.note(session, missed("trời mưa không"), NOW, "one.tar.gz")
        await engine.dispose()

    asyncio.run(prepare())

    def run(*words: str, answers: str = ""):
        return CliRunner().invoke(questions, words, input=answers, obj=settings)

    return run


def rows(table: str) -> list[dict[str, str]]:
    head, *lines = [line.split("\t") for line in table.lstrip("\ufeff").splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


def as_table(some: list[dict[str, str]]) -> str:
    return "".join("\t".join(line) + "\n" for line in [list(some[0]), *(r.values() for r in some)])


def test_questions_go_to_a_volunteer_and_come_back_labelled(typed, tmp_path):
    file = tmp_path / "questions.tsv"
    assert "2 questions written" in typed("export", "--out", str(file)).stderr
    assert typed("export", "--out", str(file)).exit_code == 1  # it may hold labels by now
    most_asked, other = rows(file.read_text("utf-8"))
    assert (most_asked["text"], most_asked["times_asked"]) == ("trời mưa không", "2")
    assert other["text"] == "'=giấy cho bé mới đẻ"
    other |= {"intent": "ask_procedure", "codes": "1.001193"}
    most_asked["intent"] = "dismiss"
    file.write_text(as_table([most_asked, other]))
    done = typed("import", str(file), "--by", "hoa")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "2 rows read, 0 without a label",
        "1 labelled, 1 dismissed, 0 unchanged",
    ]
    assert "0 labelled, 0 dismissed, 2 unchanged" in typed("import", str(file)).stdout
    assert rows(typed("export").stdout) == []
    assert {row["intent"] for row in rows(typed("export", "--all").stdout)} == {
        "dismiss",
        "ask_procedure",
    }
    (learnt,) = rows(typed("export", "--labelled", "procedures").stdout)
    assert (learnt["kind"], learnt["codes"]) == ("answer", "1.001193")
    (learnt,) = rows(typed("export", "--labelled", "intents").stdout)
    assert learnt["intent"] == "ask_procedure"


def test_every_wrong_row_is_named_and_nothing_is_imported(typed, tmp_path):
    file = tmp_path / "questions.tsv"
    first, second = rows(typed("export").stdout)
    first["intent"] = "hoi_gi_do"
    second |= {"intent": "ask_procedure", "codes": "9.999999"}
    third = second | {"intent": "ask_rights", "codes": ""}
    file.write_text(as_table([first, second, third]))
    refused = typed("import", str(file))
    assert refused.exit_code == 1
    assert "nothing was imported, 2 lines are wrong" in refused.stderr
    assert "line 2: there is no such intent: hoi_gi_do" in refused.stderr
    assert "line 3: the catalogue has no procedure of this code: 9.999999" in refused.stderr
    assert len(rows(typed("export").stdout)) == 2


@pytest.mark.parametrize("content", ["", "id\ttext\n1\tgiấy\n", "text\tintent\ngiấy\task_place\n"])
def test_a_file_that_is_no_table_of_questions_is_refused_in_one_sentence(typed, tmp_path, content):
    file = tmp_path / "questions.tsv"
    file.write_text(content)
    refused = typed("import", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: ")


def test_a_volunteer_labels_in_the_terminal_and_goes_on_where_they_stopped(typed):
    first = typed("label", "--by", "hoa", answers="z\nout_of_scope # thời tiết\nq\n")
    assert first.exit_code == 0, first.stderr
    assert "“trời mưa không”" in first.stdout
    assert "Mình chưa hiểu câu trả lời này." in first.stdout
    assert "Đã gán nhãn 1 câu, bỏ 0 câu, để sau 0 câu; còn chờ 1 câu." in first.stdout
    second = typed("label", answers="s\n")
    assert "trời mưa" not in second.stdout
    assert "để sau 1 câu; còn chờ 1 câu." in second.stdout
    third = typed("label", answers="1.001193\n")
    assert "Không còn câu nào" in third.stdout
    assert len(rows(typed("export", "--labelled", "intents").stdout)) == 2


def test_a_database_without_the_table_is_told_in_one_sentence(empty_database, tmp_path):
    settings = Settings(data=str(tmp_path), database_url=empty_database)
    refused = CliRunner().invoke(questions, ["export"], obj=settings)
    assert refused.exit_code == 1
    assert "python -m bot db upgrade" in refused.stderr


def test_the_intents_that_a_label_may_name_are_those_of_the_domain():
    assert {"ask_procedure", "ask_rights", "out_of_scope"} <= known_intents()
    assert "nlu_fallback" not in known_intents()
