"""Labelled files are read as people make them; what is wrong is said with file and line."""

import pytest

from bot.evaluation.dialogues import read_dialogues
from bot.evaluation.files import BadFile, read_table
from bot.evaluation.intents import read_utterances
from bot.evaluation.procedures import read_questions
from bot.procedures.search import Decision

INTENTS = "id\ttext\tintent\tdetail\n"
QUESTIONS = "id\ttext\tkind\tcodes\n"


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "set.tsv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(reader, path) -> str:
    with pytest.raises(BadFile) as refused:
        reader(path)
    return str(refused.value).removeprefix(str(path))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write):
    path = write(
        b"\xef\xbb\xbf" + (INTENTS + "1\tchào\tgreet\t\n\n").encode().replace(b"\n", b"\r\n")
    )
    (row,) = read_utterances(path)
    assert (row.id, row.text, row.intent) == ("1", "chào", "greet")


def test_quotation_marks_are_words_unless_they_wrap_a_whole_cell(write):
    path = write(
        INTENTS
        + 'a\t"đang xử lý" là gì\tcheck_dossier\t\nb\t"anh ""Tư"" ơi"\tgreet\t\nc\t"\tgreet\t\n'
    )
    assert [row.text for row in read_utterances(path)] == [
        '"đang xử lý" là gì',
        'anh "Tư" ơi',
        '"',
    ]


def test_characters_that_only_look_like_line_ends_stay_in_their_cell(write):
    (row,) = read_utterances(write(INTENTS + "1\talo\u2028alo\x0balo\tgreet\n"))
    assert row.text == "alo\u2028alo\x0balo"


def test_an_enormous_message_is_a_row_like_others(write):
    (row,) = read_utterances(write(INTENTS + f"1\t{'a ' * 200_000}b\tout_of_scope\t\n"))
    assert len(row.text) == 400_001


def test_what_detail_holds_depends_on_the_intent(write):
    complaint, bare, question, greeting = read_utterances(
        write(
            INTENTS
            + "1\tbắt có VNeID\treport_complaint\timproper_demand/forced_vneid\n"
            + "2\ttôi muốn phản ánh\treport_complaint\n"
            + "3\tphí, nơi nộp\task_procedure\tfee, place\n"
            + "4\tchào\tgreet\tfee\n"
        )
    )
    assert (complaint.category, complaint.subtype) == ("improper_demand", "forced_vneid")
    assert (bare.category, bare.subtype) == ("", "")
    assert question.aspects == ("fee", "place")
    assert greeting.aspects == ()


def test_questions_name_their_kind_codes_and_aspects(write):
    path = write(QUESTIONS.replace("codes", "codes\taspects") + "1\tx\tclarify\t1.1, 2.2\tfee\n")
    (row,) = read_questions(path)
    assert row.kind is Decision.CLARIFY
    assert (row.codes, row.aspects) == (("1.1", "2.2"), ("fee",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ", line 1: needs the columns id, text, intent, with tabs between"),
        ("id,text,intent\n1,a,greet\n", ", line 1: needs the columns id, text, intent, with tabs"),
        (INTENTS, ": holds no row"),
        (INTENTS + "1\tchào\tgreet\n2\tchào\n", ", line 3: has no intent"),
        (INTENTS + "1\t\tgreet\n", ", line 2: has no text"),
        (INTENTS + "1\ta\tgreet\t\tb\n", ", line 2: has 5 cells under 4 columns"),
        (INTENTS.encode() + b"1\tch\xe0o\tgreet\t\n", ", line 2: is not UTF-8"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(write, content, said):
    assert refusal(read_utterances, write(content)).startswith(said)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1\tx\tmaybe\t1.1\n", ", line 2: kind is 'maybe', not answer, clarify or none"),
        ("1\tx\tanswer\t\n", ", line 2: kind is answer, but no accepted code is named"),
    ],
)
def test_a_bad_question_is_refused_with_its_line(write, row, said):
    assert refusal(read_questions, write(QUESTIONS + row)) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ": is not a list of dialogues"),
        ("id: a", ": is not a list of dialogues"),
        ("- id: [a", ", line 1: is not YAML"),
        ("- id: a\n  turns:\n  - user: x\n- turns: []\n", ", line 4: dialogue cannot be read"),
        ("- id: a\n  turns:\n  - expect: x\n", ", line 1: the first turn must be the user's"),
        ("- id: a\n  turns:\n  - {user: x, expect: y}\n", ", line 1: turn 1 needs either"),
        ("- id: a\n  turns:\n  - {user: x, must_contain: [y]}\n", ", line 1: dialogue cannot"),
        ('- id: a\n  turns: [{user: "\x07"}]\n', ": is not YAML"),
    ],
)
def test_bad_dialogues_are_refused_with_their_line(write, content, said):
    assert refusal(read_dialogues, write(content, "set.yml")).startswith(said)


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path):
    reason = refusal(lambda path: read_table(path, ("id",)), tmp_path / "missing.tsv")
    assert reason == ": cannot be read: No such file or directory"
