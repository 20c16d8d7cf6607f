"""Builds questions that the bot missed."""

from datetime import UTC, datetime
from typing import Any

from bot.questions.models import Question
from bot.questions.question import State


def a_question(**changes: Any) -> Question:
    """Build an open question that was half understood, asked once."""
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    fields = {
        "id": 1,
        "text": "giấy cho bé",
        "times_asked": 1,
        "first_asked_at": at,
        "last_asked_at": at,
        "intent": "ask_place",
        "confidence": 0.31,
        "readings": '[["ask_place", 0.31], ["ask_procedure", 0.28]]',
        "decision": "clarify",
        "best_code": "1.001193",
        "chance": 0.27,
        "model": "abc.tar.gz",
        "state": State.OPEN,
        "label_intent": "",
        "label_meant": None,
        "label_codes": "",
        "label_note": "",
        "labelled_by": "",
        "labelled_at": None,
    }
    return Question(**fields | changes)
