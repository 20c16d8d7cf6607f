"""How many questions it takes: every way to answer them is gone, the longest included."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.feedback.telling import hearing
from bot.feedback.telling.outcome import Heard, Then
from bot.feedback.telling.question import Candidate, Question
from bot.feedback.telling.said import DaySaid, PlaceSaid, Said
from bot.feedback.telling.wording import options
from tests.unit.feedback.telling.tellings import (
    NOW,
    TAN_DINH,
    a_full_story,
    a_story,
    bare,
    press,
    said,
)

SPLIT = PlaceSaid(
    "xã cũ", 0, None, None, "", (Candidate("1", "Xã A", "79"), Candidate("2", "Xã A", "96"))
)
PROVINCE = PlaceSaid("Hà Nội", 0, "01", None, "Thành phố Hà Nội")
YESTERDAY = DaySaid("hôm qua", 0, date(2026, 11, 24))
DOUBT = (("harassment", 0.3), ("delay", 0.3), ("attitude", 0.3))

# What a citizen who wants to get on may answer to each question, beside its buttons.
ANSWERS = {
    Question.STORY: [
        a_story(),
        said("họ làm vậy với tôi mấy lần rồi đó", complaint=0.7, guesses=DOUBT),
        said("chuyện là thế này"),
        a_story(places=(SPLIT,)),
    ],
    Question.WHERE: [
        said("phường Tân Định", places=(TAN_DINH,)),
        said("xã cũ", places=(SPLIT,)),
        said("ở Hà Nội", places=(PROVINCE,)),
        said("chỗ gần chợ"),
        said("không nhớ"),
    ],
    Question.WHICH: [said("không rõ")],
    Question.WHEN: [said("hôm qua", days=(YESTERDAY,)), said("đầu năm"), said("không nhớ")],
    Question.KIND: [],
    Question.IDENTITY: [said("ẩn danh"), said("Lê Thị Hoa 0912345678", phone="0912345678")],
    Question.CONTACT: [said("Lê Thị Hoa 0912345678", phone="0912345678"), said("thôi ẩn danh")],
    Question.EVIDENCE: [said("không có"), said(evidence=("a",))],
}


def tellings(heard: Heard, questions: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """The questions of every telling that goes on from here to the summary."""
    open_now = heard.draft.open
    questions = (*questions, open_now)
    if open_now is Question.SUMMARY:
        assert hearing.take(heard.draft, said("gửi"), NOW).then is Then.SEND
        yield questions
        return
    buttons = [press(open_now, value) for _, value in options(heard.draft, open_now)]
    for answer in [*ANSWERS[open_now], *buttons]:
        yield from tellings(hearing.take(heard.draft, answer, NOW), questions)


def lengths(opening: Said) -> set[int]:
    return {len(questions) for questions in tellings(hearing.begin(opening, NOW), ())}


def test_a_bare_opening_takes_at_most_six_questions_whatever_is_answered():
    assert max(lengths(bare())) == 6


@pytest.mark.parametrize("kind", ["bribery", "delay", "praise", "suggestion"])
def test_a_full_story_takes_at_most_three_questions_whatever_is_answered(kind: str):
    story = a_story("bắt chờ cả buổi sáng", kind, places=(TAN_DINH,), days=(YESTERDAY,))
    assert max(lengths(story)) <= 3


def test_a_full_story_of_an_unclear_kind_takes_no_more():
    story = said(
        "hôm qua ở phường Tân Định họ làm vậy với tôi mấy lần",
        guesses=DOUBT,
        places=(TAN_DINH,),
        days=(YESTERDAY,),
    )
    assert max(lengths(story)) <= 3


@pytest.mark.parametrize(
    ("known", "most"),
    [
        ({}, 5),
        ({"places": (TAN_DINH,)}, 4),
        ({"days": (YESTERDAY,)}, 4),
        ({"places": (SPLIT,), "days": (YESTERDAY,)}, 4),
    ],
)
def test_what_the_first_message_tells_spares_its_question(known: dict[str, object], most: int):
    assert max(lengths(a_story(**known))) == most


def test_the_shortest_praise_takes_two_questions():
    assert min(lengths(a_story("cô cán bộ rất nhiệt tình", "praise", places=(TAN_DINH,)))) == 2


def test_a_full_story_of_somebody_who_said_to_be_anonymous_takes_two():
    opening = a_full_story()
    told = said(
        f"{opening.text}, tôi muốn ẩn danh",
        guesses=opening.guesses,
        places=opening.places,
        days=opening.days,
    )
    assert max(lengths(told)) == 2
