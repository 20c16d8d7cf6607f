"""Telling a story to the pure room, as tests do: messages in, questions out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from bot.feedback.telling import hearing
from bot.feedback.telling.draft import Draft
from bot.feedback.telling.outcome import Heard, Noted, Then
from bot.feedback.telling.question import Question
from bot.feedback.telling.said import Answer, DaySaid, PlaceSaid, Said

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
TAN_DINH = PlaceSaid("phường Tân Định", 0, "79", "26737", "Phường Tân Định")
BRIBE = "cán bộ đòi 500k mới nhận hồ sơ"


def said(text: str = "", **known: Any) -> Said:
    """One message; a complaint is as likely as it is told."""
    return Said(today=TODAY, text=text, **known)


def a_story(text: str = BRIBE, kind: str = "bribery", **known: Any) -> Said:
    """A message that tells what happened."""
    return said(text, complaint=0.9, intent="report_complaint", guesses=((kind, 0.9),), **known)


def a_full_story(**known: Any) -> Said:
    """What, where and when in one message."""
    day = DaySaid("hôm qua", 0, date(2026, 11, 24))
    return a_story(f"hôm qua ở phường Tân Định {BRIBE}", places=(TAN_DINH,), days=(day,), **known)


def bare() -> Said:
    """The road is opened, and nothing told."""
    return said("tôi muốn phản ánh", complaint=0.95, intent="report_complaint")


def press(question: Question, value: str) -> Said:
    """A button of ours."""
    return said(answer=Answer(question, value))


class Telling:
    """One telling, from the message that opens it."""

    def __init__(self, opening: Said) -> None:
        self.heard: Heard = hearing.begin(opening, NOW)
        self.questions = [self.heard.draft.open]

    @property
    def draft(self) -> Draft:
        return self.heard.draft

    @property
    def open(self) -> Question:
        return self.draft.open

    @property
    def then(self) -> Then:
        return self.heard.then

    @property
    def noted(self) -> tuple[Noted, ...]:
        return self.heard.noted

    def hears(self, *messages: Said | str) -> "Telling":
        for message in messages:
            one = said(message) if isinstance(message, str) else message
            self.heard = hearing.take(self.draft, one, NOW)
            if self.then in (Then.ASK, Then.ASIDE):
                self.questions.append(self.open)
        return self


def names(questions: Iterable[Question]) -> list[str]:
    """The questions by their names."""
    return [question.value for question in questions]
