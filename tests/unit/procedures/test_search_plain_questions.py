"""The plainest questions, those of every morning at a commune's counter, on both catalogues.

``plain_questions.tsv``: a question and the procedures of which one must be ranked first.
"""

from pathlib import Path

import pytest

from bot.procedures.builtin import load_builtin
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.procedure import Procedure
from bot.procedures.search import Decision, SearchIndex
from tests.records import official_records

HERE = Path(__file__).parent
QUESTIONS = [
    (question, codes.split(","))
    for question, codes in (
        line.split("\t") for line in (HERE / "plain_questions.tsv").read_text("utf-8").splitlines()
    )
]
ANSWERED = 0.85  # of the plain questions; the others may ask which one, best guess first


def all_procedures() -> list[Procedure]:
    """The official records, and the built-in ones that they lack."""
    both = (*load_builtin(), *official_records())
    return list({procedure.code: procedure for procedure in both}.values())


@pytest.fixture(scope="module", params=["builtin", "official"])
def index(request) -> SearchIndex:
    records = load_builtin() if request.param == "builtin" else all_procedures()
    return SearchIndex.build(records, load_everyday_names())


def test_the_headline_question_is_answered(index):
    outcome = index.find("lam giay khai sinh can gi")
    assert (outcome.decision, outcome.hits[0].code) == (Decision.ANSWER, "1.001193")


def test_a_plain_question_finds_its_procedure_first(index):
    firsts = {question: index.find(question).hits[:1] for question, _ in QUESTIONS}
    wrong = [q for q, codes in QUESTIONS if not firsts[q] or firsts[q][0].code not in codes]
    assert wrong == []


def test_most_plain_questions_are_answered_without_asking_back(index):
    asked_back = [q for q, _ in QUESTIONS if index.find(q).decision is not Decision.ANSWER]
    assert len(asked_back) <= (1 - ANSWERED) * len(QUESTIONS), asked_back
