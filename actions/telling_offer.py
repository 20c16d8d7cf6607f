"""Offering the road to a receipt to whoever asks something and shows that they were wronged.

What they wrote is kept, so that the road begins with it and nothing has to be told twice.
"""

from datetime import date

import msgspec
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Choice, Heard
from actions.speaking import Event, as_buttons
from actions.telling_heard import COMPLAINT, OFFERED, answer_payload, read_said
from bot.feedback.telling import cues
from bot.feedback.telling.question import Question
from bot.feedback.telling.said import Said

GRIEVANCE = "grievance"  # the slot that holds the message for which the road was offered
LEAST_COMPLAINT = 0.1
PLAIN = Choice("Gửi phản ánh", f"/{COMPLAINT}")
OF_THIS = Choice("Phản ánh chuyện này", answer_payload(Question.STORY, OFFERED))


def shows_grievance(heard: Heard) -> bool:
    """Tell whether a question also says that something happened."""
    likely = any(r.intent == COMPLAINT and r.confidence >= LEAST_COMPLAINT for r in heard.readings)
    return bool(heard.text) and (likely or cues.wronged(heard.text))


def offer(dispatcher: CollectingDispatcher) -> None:
    """Offer the road, in one sentence with one button."""
    dispatcher.utter_message(response="utter_telling_offer", buttons=as_buttons([OF_THIS]))


def remember_grievance(heard: Heard, today: date) -> Event:
    """Keep what was written for the road that was offered."""
    event: Event = SlotSet(GRIEVANCE, msgspec.to_builtins(read_said(heard, today)))
    return event


def grievance(heard: Heard) -> Said | None:
    """Return what the road was offered for, where its button was pressed."""
    pressed = heard.entity("told") == f"{Question.STORY.value}:{OFFERED}"
    return msgspec.convert(heard.grievance, Said) if pressed and heard.grievance else None
