"""Following a case (theo dõi phản ánh): by its receipt, from any channel.

A message is taken first by what it shows (a code, a wish to erase, the answer to a question of
ours); a button names a case by its number and what is wished. A number opens nothing by itself: the
talk must have been shown the code, or be the one that told the case.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from rasa_sdk.executor import CollectingDispatcher

from actions.following_acts import Acts
from actions.following_heard import (
    asks_aside,
    goes_on,
    is_dissatisfied,
    lost_the_code,
    rating,
    stops,
    wants_erasure,
)
from actions.following_memory import Memory, remembered
from actions.heard import Choice, Heard
from actions.services import Services
from actions.speaking import Event, SpeakingAction
from bot.feedback import following_wording as wording
from bot.feedback.errors import BadReceipt, Misread, NoSuchCase
from bot.feedback.following import Act, MustWait
from bot.feedback.receipts import likely_slip
from bot.feedback.sightings import near, sightings
from bot.feedback.wording import named, payload

INTENT = "track_feedback"
_PORTAL = "PAKN"
_CASE_NUMBER = re.compile(r"[1-9][0-9]{0,14}")


class Following:
    """Takes the messages that belong to a case that is followed."""

    def __init__(self, services: Services, contact: Mapping[str, str]) -> None:
        self._services = services
        self._contact = contact

    def takes(self, heard: Heard) -> bool:
        """Tell whether a message is for us, whatever it was understood as."""
        memory = remembered(heard)
        if heard.intent == INTENT and not heard.text:
            return True  # a button of ours
        if heard.entity("receipt_code") or sightings(heard.text) or wants_erasure(heard):
            return True
        if memory.followed and is_dissatisfied(heard):
            return True
        return self._is_answered(heard, memory)

    def _is_answered(self, heard: Heard, memory: Memory) -> bool:
        """Tell whether a message answers the open question."""
        match memory.awaits(self._services.now()):
            case "code":
                return bool(near(heard.text)) or lost_the_code(heard)
            case "words":
                return bool(heard.attachments) or (heard.has_words and not asks_aside(heard))
            case "more":
                return goes_on(heard)
            case "rating":
                return rating(heard) is not None or is_dissatisfied(heard) or stops(heard)
            case "withdraw" | "erase":
                return heard.intent == "affirm" or stops(heard)
        return False

    async def go_on(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Take a message; return what to remember."""
        memory = remembered(heard)
        acts = Acts(self._services, self._contact, dispatcher, heard, memory)
        return await _Finding(acts, heard, memory, self._services.now()).take()


class _Finding:
    """Finds the case that one message is about, and whether it may be opened here."""

    def __init__(self, acts: Acts, heard: Heard, memory: Memory, now: datetime) -> None:
        self._acts = acts
        self._heard = heard
        self._memory = memory
        self._now = now

    async def take(self) -> list[Event]:
        """Answer a button, a code, the answer to our question, or a wish."""
        heard, asked = self._heard, self._memory.open
        case_number = heard.entity("case_id")
        if not heard.text and _CASE_NUMBER.fullmatch(case_number):
            return await self._open(int(case_number), heard.entity("act"))
        code = heard.entity("receipt_code")
        if code.startswith(_PORTAL):
            return self._acts.say("utter_following_portal")
        if code or sightings(heard.text):
            return await self._look_up(code or near(heard.text))
        awaited = self._memory.awaits(self._now)
        if awaited == "code" and near(heard.text):
            return await self._look_up(near(heard.text))
        if asked is not None and awaited not in {None, "code"} and _is_message(heard):
            if await self._may_see(asked.case):
                return await self._acts.take_answer(asked.case, asked.awaits)
            return self._acts.ask("utter_following_show_code", "code")
        if lost_the_code(heard):
            return self._acts.say("utter_following_lost_code")
        return await self._about_what_is_followed()

    async def _look_up(self, code: str) -> list[Event]:
        try:
            case_id = await self._acts.window.find(code, [self._heard.conversation])
        except BadReceipt as error:
            return self._hint(error.problem, code)
        except MustWait as error:
            return self._acts.say("utter_following_wait", wait=wording.waiting(error.wait))
        except NoSuchCase:
            return self._acts.ask("utter_following_no_case", "code")
        return await self._acts.show(case_id, code_shown=True)

    def _hint(self, problem: Misread, code: str) -> list[Event]:
        """Say where the slip is likely: whoever is copying a code by hand is no guesser."""
        asked = self._acts.ask
        if problem is Misread.LENGTH:
            count = sum(map(str.isalnum, code))
            return asked("utter_following_slip_length", "code", count=count)
        group = likely_slip(code)
        if group is None:
            return asked("utter_following_slip", "code")
        return asked("utter_following_slip_in_group", "code", group=group)

    async def _about_what_is_followed(self) -> list[Event]:
        """Answer a wish that names no case: by the one that is followed, or by asking which."""
        cases = [each.case for each in self._memory.followed if await self._may_see(each.case)]
        wish = self._wish()
        if not cases and wish == Act.ERASE.value:
            return self._acts.ask("utter_following_erase_code", "code")
        if not cases:
            return self._acts.ask("utter_following_ask_code", "code")
        if len(cases) == 1:
            return await self._acts.do(cases[0], wish)
        standings = [await self._acts.window.look(case) for case in cases]
        choices = [
            Choice(named(each.case_id, each.category), payload(each.case_id, wish))
            for each in standings
        ]
        return self._acts.say("utter_following_which", choices)

    def _wish(self) -> str:
        if wants_erasure(self._heard):
            return Act.ERASE.value
        return Act.REOPEN.value if is_dissatisfied(self._heard) else ""

    async def _open(self, case_id: int, act: str) -> list[Event]:
        if await self._may_see(case_id):
            return await self._acts.do(case_id, act)
        return self._acts.ask("utter_following_show_code", "code")

    async def _may_see(self, case_id: int) -> bool:
        followed = self._memory.of(case_id)
        if followed is not None and self._now < followed.until:
            return True
        return await self._acts.window.was_told_by(case_id, self._heard.conversation)


def _is_message(heard: Heard) -> bool:
    """Tell whether something was written or sent: a button without a case is no answer."""
    return bool(heard.text or heard.attachments)


class ActionTrackFeedback(SpeakingAction):
    """Answer whoever asks after a case."""

    def __init__(self, following: Following) -> None:
        self._following = following

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_track_feedback"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        return await self._following.go_on(dispatcher, heard)
