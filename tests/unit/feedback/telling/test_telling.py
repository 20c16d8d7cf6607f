"""A telling asks for what is missing and nothing else, and takes whatever order it is told in."""

from datetime import date

import pytest

from bot.feedback.category import Category
from bot.feedback.telling.outcome import Noted, Then
from bot.feedback.telling.question import Candidate, Question
from bot.feedback.telling.road import MOST_QUESTIONS
from bot.feedback.telling.said import DaySaid, PlaceSaid
from tests.unit.feedback.telling.tellings import (
    BRIBE,
    TAN_DINH,
    Telling,
    a_full_story,
    a_story,
    bare,
    names,
    press,
    said,
)

ANONYMOUS = press(Question.IDENTITY, "anonymous")
YESTERDAY = said("hôm qua", days=(DaySaid("hôm qua", 0, date(2026, 11, 24)),))


def test_a_bare_opening_is_asked_everything_in_six_questions():
    telling = Telling(bare()).hears(
        a_story(), said("phường Tân Định", places=(TAN_DINH,)), YESTERDAY, ANONYMOUS, "bỏ qua"
    )
    assert names(telling.questions) == ["story", "where", "when", "identity", "evidence", "summary"]
    assert telling.hears("gửi").then is Then.SEND
    assert len(telling.questions) == MOST_QUESTIONS


def test_a_full_story_takes_three_questions_whether_named_or_not():
    anonymous = Telling(a_full_story()).hears(ANONYMOUS, "không có")
    assert names(anonymous.questions) == ["identity", "evidence", "summary"]
    named = Telling(a_full_story()).hears(
        press(Question.IDENTITY, "named"), "Lê Thị Hoa 0912345678"
    )
    assert names(named.questions) == ["identity", "contact", "summary"]


def test_what_the_first_message_tells_is_kept():
    draft = Telling(a_full_story()).draft
    assert draft.likely.category is Category.BRIBERY
    assert draft.where is not None
    assert draft.where.commune_code == "26737"
    assert draft.when is not None
    assert draft.when.day == date(2026, 11, 24)
    assert BRIBE in draft.story


def test_praise_takes_a_shorter_road():
    praise = a_story("cô cán bộ rất nhiệt tình", kind="praise", places=(TAN_DINH,))
    assert names(Telling(praise).hears(ANONYMOUS).questions) == ["identity", "summary"]


def test_an_old_ward_that_was_split_is_asked_about():
    split = PlaceSaid(
        "phường cũ", 0, "79", None, "", (Candidate("1", "A", "79"), Candidate("2", "B", "79"))
    )
    telling = Telling(a_story(places=(split,)))
    assert telling.open is Question.WHICH
    assert telling.hears(press(Question.WHICH, "2")).draft.where.name == "B"


@pytest.mark.parametrize("words", ["à nhầm, hôm qua chứ", "nham roi, hom qua moi dung"])
def test_a_day_is_corrected_by_words(words: str):
    telling = Telling(a_full_story())
    day = DaySaid("hôm kia", 0, date(2026, 11, 23))
    telling.hears(said(words, days=(day,)))
    assert telling.noted == (Noted.CORRECTED,)
    assert telling.draft.when.day == date(2026, 11, 23)
    assert telling.open is Question.IDENTITY


def test_a_place_is_corrected_by_the_one_that_is_not_denied():
    words = "không phải phường Tân Định, phường Bàn Cờ cơ mà"
    right = PlaceSaid("phường Bàn Cờ", words.index("phường Bàn"), "79", "27154", "Phường Bàn Cờ")
    wrong = PlaceSaid("phường Tân Định", words.index("phường Tân"), "79", "26737", "Tân Định")
    telling = Telling(a_full_story()).hears(said(words, places=(wrong, right)))
    assert telling.draft.where.commune_code == "27154"


def test_another_question_is_left_to_others_and_the_open_one_waits():
    question = said("làm khai sinh cần gì?", intent="ask_procedure", elsewhere=0.9)
    telling = Telling(a_full_story()).hears(question)
    assert telling.then is Then.ASIDE
    assert telling.open is Question.IDENTITY


def test_stopping_is_asked_once():
    telling = Telling(a_full_story()).hears("thôi")
    assert telling.open is Question.STOP
    assert telling.hears("thôi").then is Then.ERASE
    back = Telling(a_full_story()).hears("thôi", "không")
    assert back.open is Question.IDENTITY


def test_no_consent_keeps_nothing():
    telling = Telling(a_full_story()).hears(ANONYMOUS, "không có", "tôi không đồng ý")
    assert telling.then is Then.REFUSED
