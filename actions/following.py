"""Following a case (theo dõi phản ánh): by its receipt, from any channel, also by its answer here.

A message is taken first by what it shows (a code, a wish to erase, the answer to a question of
ours); a button names a case by its number and what is wished. A number opens nothing by itself: the
talk must have been shown the code, or be the one that told the case.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.following_heard import (
    asks_aside,
    is_dissatisfied,
    lost_the_code,
    rating,
    stops,
    wants_erasure,
)
from actions.following_memory import Memory, ask, follow, nothing_asked, remembered, unfollow
from actions.heard import Choice, Heard, hear
from actions.picking import pick
from actions.speaking import Event, as_buttons, remember_choices
from bot.feedback import following_wording as wording
from bot.feedback.errors import BadDetails, BadReceipt, IllegalMove, Misread, NoSuchCase
from bot.feedback.following import Act, MustWait, Standing, Window
from bot.feedback.services import DISSATISFIED, LONGEST_TEXT
from bot.feedback.sightings import near, sightings
from bot.feedback.states import State
from bot.feedback.wording import named, payload

INTENT = "track_feedback"
STOP, YES = "stop", "-yes"  # acts of buttons, beside those of the cases
_PORTAL = "PAKN"


class Following:
    """Takes the messages that belong to a case that is followed."""

    def __init__(
        self, window: Window, now: Callable[[], datetime], contact: Mapping[str, str]
    ) -> None:
        self._window = window
        self._now = now
        self._contact = contact

    def takes(self, heard: Heard, memory: Memory) -> bool:
        """Tell whether a message is for us, whatever it was understood as."""
        if heard.intent == INTENT and not heard.text:
            return True  # a button of ours
        if self._shows_code(heard) or wants_erasure(heard):
            return True
        if memory.followed and is_dissatisfied(heard):
            return True
        return self._answers(heard, memory)

    def _shows_code(self, heard: Heard) -> bool:
        return bool(heard.entity("receipt_code") or sightings(heard.text))

    def _answers(self, heard: Heard, memory: Memory) -> bool:
        """Tell whether a message answers the open question."""
        match memory.awaits(self._now()):
            case "code":
                return bool(near(heard.text)) or lost_the_code(heard)
            case "words":
                return bool(heard.attachments) or (heard.has_words and not asks_aside(heard))
            case "rating":
                return rating(heard) is not None or is_dissatisfied(heard) or stops(heard)
            case "withdraw" | "erase":
                return heard.intent == "affirm" or stops(heard)
        return False

    async def go_on(
        self, dispatcher: CollectingDispatcher, heard: Heard, memory: Memory
    ) -> list[Event]:
        """Take a message; return what to remember."""
        talk = _Talk(self._window, self._now(), self._contact, dispatcher, heard, memory)
        return await talk.take()


class _Talk:
    """One message and its answer."""

    def __init__(
        self,
        window: Window,
        now: datetime,
        contact: Mapping[str, str],
        dispatcher: CollectingDispatcher,
        heard: Heard,
        memory: Memory,
    ) -> None:
        self._window = window
        self._now = now
        self._contact = contact
        self._dispatcher = dispatcher
        self._heard = heard
        self._memory = memory

    async def take(self) -> list[Event]:
        """Answer the message: a button, a code, the answer to our question, or a wish."""
        heard = self._heard
        if not heard.text and (case_id := heard.number("case_id")) is not None:
            return await self._if_open(case_id, heard.entity("act"))
        code = heard.entity("receipt_code")
        if code.startswith(_PORTAL):
            return self._say("portal", **self._contact)
        if code or sightings(heard.text):
            return await self._look_up(code or near(heard.text))
        awaited = self._memory.awaits(self._now)
        if awaited == "code" and near(heard.text):
            return await self._look_up(near(heard.text))
        if awaited not in {None, "code"} and self._memory.open is not None:
            return await self._if_open(self._memory.open.case, f"={awaited}")
        if lost_the_code(heard):
            return self._say("lost_code")
        return await self._about_what_is_followed()

    # Which case

    async def _look_up(self, code: str) -> list[Event]:
        try:
            case_id = await self._window.find(code, [self._heard.conversation])
        except BadReceipt as error:
            return self._hint(error.problem, code)
        except MustWait as error:
            return self._say("wait", wait=wording.waiting(error.wait))
        except NoSuchCase:
            return [*self._say("no_case"), ask("code", self._now)]
        if self._heard.attachments:
            await self._add(case_id, "")
        return await self._show(case_id, code_shown=True)

    def _hint(self, problem: Misread, code: str) -> list[Event]:
        asked = ask("code", self._now)
        if problem is Misread.LENGTH:
            count = sum(map(str.isalnum, code))
            return [*self._say("slip_length", count=count), asked]
        group = likely_slip(code)
        if group is None:
            return [*self._say("slip"), asked]
        return [*self._say("slip_in_group", group=group), asked]

    async def _about_what_is_followed(self) -> list[Event]:
        """Answer a wish that names no case: by the one that is followed, or by asking which."""
        cases = [each.case for each in self._memory.followed if await self._may_see(each.case)]
        erase = wants_erasure(self._heard)
        if not cases:
            return [*self._say("erase_code" if erase else "ask_code"), ask("code", self._now)]
        act = Act.ERASE.value if erase else ""
        if is_dissatisfied(self._heard):
            act = Act.REOPEN.value
        if len(cases) == 1:
            return await self._act(cases[0], act)
        standings = [await self._window.look(case) for case in cases]
        choices = [
            Choice(named(each.case_id, each.category), payload(each.case_id, act))
            for each in standings
        ]
        return self._say("which", choices)

    async def _may_see(self, case_id: int) -> bool:
        followed = self._memory.of(case_id)
        if followed is not None and self._now < followed.until:
            return True
        return await self._window.was_told_by(case_id, self._heard.conversation)

    async def _if_open(self, case_id: int, act: str) -> list[Event]:
        if not await self._may_see(case_id):
            return [*self._say("show_code"), ask("code", self._now)]
        return await self._act(case_id, act)

    # What is wished of it

    async def _act(self, case_id: int, act: str) -> list[Event]:
        name, _, value = act.partition("-")
        does: dict[str, Callable[[int, str], Awaitable[list[Event]]]] = {
            "add": self._ask_for_words,
            "=words": self._take_words,
            "talk": self._tell_talk,
            "rate": self._rate,
            "=rating": self._take_rating,
            "reopen": self._reopen,
            "withdraw": self._withdraw,
            "=withdraw": self._take_yes,
            "erase": self._erase,
            "=erase": self._take_yes,
            STOP: self._stop,
        }
        if name in does:
            return await does[name](case_id, value)
        return await self._show(case_id)

    async def _show(self, case_id: int, *, code_shown: bool = False) -> list[Event]:
        before = self._memory.of(case_id)
        standing = await self._window.look(case_id, before.read if before else 0)
        choices = _choices(standing)
        self._dispatcher.utter_message(
            text=wording.standing_text(standing),
            buttons=as_buttons(choices),
            json_message=_facts(standing),
        )
        followed = follow(
            self._memory, case_id, self._now, read=standing.read, shown=code_shown
        )
        return [followed, remember_choices(choices), nothing_asked()]

    async def _ask_for_words(self, case_id: int, _: str) -> list[Event]:
        if self._heard.evidence:  # a picture came before the button was tapped
            return await self._take_words(case_id, _)
        return [*self._say("add", case=case_id), ask("words", self._now, case_id)]

    async def _take_words(self, case_id: int, _: str) -> list[Event]:
        if stops(self._heard) and not self._heard.attachments:
            return [*self._say("nothing_added"), nothing_asked()]
        if len(self._heard.whole) > LONGEST_TEXT:
            return self._say("too_long")
        waited = (await self._window.look(case_id)).state is State.NEED_INFO
        try:
            taken = await self._add(case_id, self._heard.whole)
        except BadDetails:
            return [*self._say("add", case=case_id), ask("words", self._now, case_id)]
        return await self._tell_added(case_id, taken, waited=waited)

    async def _add(self, case_id: int, text: str) -> tuple[str, ...]:
        heard = self._heard
        return await self._window.add(case_id, text, heard.evidence, heard.conversation)

    async def _tell_added(
        self, case_id: int, taken: Sequence[str], *, waited: bool
    ) -> list[Event]:
        standing = await self._window.look(case_id)
        choices = _choices(standing)[:2]
        if self._heard.has_words:
            replied = waited and standing.state is not State.NEED_INFO
            self._say("added_reply" if replied else "added", choices, standing, case=case_id)
        if taken:
            self._say("added_files", choices, standing, case=case_id, files=len(taken))
        if len(taken) < len(self._heard.evidence):
            self._say("files_left", choices, standing, case=case_id)
        return [SlotSet("evidence", None), remember_choices(choices), nothing_asked()]

    async def _tell_talk(self, case_id: int, _: str) -> list[Event]:
        messages = await self._window.talk(case_id)
        standing = await self._window.look(case_id)
        choices = [each for each in _choices(standing) if not each.payload.endswith('"talk"}')]
        if not messages:
            return self._say("no_talk", choices, standing, case=case_id)
        self._dispatcher.utter_message(
            text=wording.talk_text(messages),
            buttons=as_buttons(choices),
            json_message=_facts(standing),
        )
        read = follow(self._memory, case_id, self._now, read=standing.read, shown=False)
        return [read, remember_choices(choices)]

    async def _rate(self, case_id: int, value: str) -> list[Event]:
        if value.isdecimal() and value in "12345":
            return await self._keep_rating(case_id, int(value), "")
        standing = await self._window.look(case_id)
        if Act.RATE not in standing.acts:
            return self._say("cannot_rate", _choices(standing), standing, case=case_id)
        choices = [
            Choice(title, payload(case_id, f"rate-{number}"))
            for number, title in enumerate(wording.RATINGS, 1)
        ]
        return [*self._say("rate", choices, case=case_id), ask("rating", self._now, case_id)]

    async def _take_rating(self, case_id: int, _: str) -> list[Event]:
        given = rating(self._heard)
        if given is not None:
            return await self._keep_rating(case_id, *given)
        if is_dissatisfied(self._heard):
            return await self._reopen(case_id, "")
        return [*self._say("kept", case=case_id), nothing_asked()]

    async def _keep_rating(self, case_id: int, given: int, words: str) -> list[Event]:
        try:
            await self._window.rate(case_id, given, words)
        except BadDetails:
            return self._say("cannot_rate", case=case_id)
        standing = await self._window.look(case_id)
        if standing.state is State.REOPENED:
            return self._tell_reopened(standing)
        low = given <= DISSATISFIED
        said = "rated_low" if low else "rated"
        facts = self._contact | {"case": case_id, "rating": given}
        return [*self._say(said, _choices(standing), standing, **facts), nothing_asked()]

    async def _reopen(self, case_id: int, _: str) -> list[Event]:
        try:
            await self._window.reopen(case_id)
        except IllegalMove:
            standing = await self._window.look(case_id)
            return self._say("cannot_reopen", _choices(standing), standing, case=case_id)
        return self._tell_reopened(await self._window.look(case_id))

    def _tell_reopened(self, standing: Standing) -> list[Event]:
        said = self._say("reopened", standing=standing, case=standing.case_id)
        return [*said, ask("words", self._now, standing.case_id)]

    async def _withdraw(self, case_id: int, value: str) -> list[Event]:
        standing = await self._window.look(case_id)
        if Act.WITHDRAW not in standing.acts:
            return self._say("cannot_withdraw", _choices(standing), standing, case=case_id)
        if value != "yes":
            return self._ask_for_yes("withdraw", case_id, wording.SURE_WITHDRAW)
        await self._window.withdraw(case_id, self._heard.conversation)
        standing = await self._window.look(case_id)
        said = self._say("withdrawn", _choices(standing), standing, case=case_id)
        return [*said, nothing_asked()]

    async def _erase(self, case_id: int, value: str) -> list[Event]:
        standing = await self._window.look(case_id)
        if standing.erased:
            return await self._show(case_id)
        if Act.ERASE not in standing.acts:
            return self._say("erase_later", _choices(standing), standing, case=case_id)
        if value != "yes":
            return self._ask_for_yes("erase", case_id, wording.SURE_ERASE)
        await self._window.erase(case_id, self._heard.conversation)
        said = self._say("erased", (), await self._window.look(case_id), case=case_id)
        return [*said, unfollow(self._memory, case_id), nothing_asked()]

    def _ask_for_yes(self, act: str, case_id: int, sure: str) -> list[Event]:
        choices = [
            Choice(sure, payload(case_id, f"{act}{YES}")),
            Choice(wording.KEEP, payload(case_id)),
        ]
        awaited = ask("withdraw" if act == "withdraw" else "erase", self._now, case_id)
        return [*self._say(f"{act}_ask", choices, case=case_id), awaited]

    async def _take_yes(self, case_id: int, _: str) -> list[Event]:
        if self._heard.intent != "affirm" or self._memory.open is None:
            return [*self._say("kept", case=case_id), nothing_asked()]
        return await self._act(case_id, f"{self._memory.open.awaits}{YES}")

    async def _stop(self, case_id: int, _: str) -> list[Event]:
        return [
            *self._say("stopped", case=case_id),
            unfollow(self._memory, case_id),
            nothing_asked(),
        ]

    def _say(
        self,
        what: str,
        choices: Sequence[Choice] = (),
        standing: Standing | None = None,
        **facts: object,
    ) -> list[Event]:
        """Say a response of nlu/domain/following.yml; what it offers can be picked."""
        self._dispatcher.utter_message(
            response=f"utter_following_{what}",
            buttons=as_buttons(choices),
            json_message=_facts(standing) if standing else None,
            **facts,
        )
        return [remember_choices(choices)]


def _choices(standing: Standing) -> list[Choice]:
    """Offer what can be done with a case, at most six."""
    titles = dict(wording.BUTTONS)
    if standing.state is State.NEED_INFO:
        titles[Act.ADD] = wording.REPLY
    offered = [
        Choice(title, payload(standing.case_id, act.value))
        for act, title in titles.items()
        if act in standing.acts
    ]
    return [*offered, Choice(wording.STOP, payload(standing.case_id, STOP))]


def _facts(standing: Standing) -> dict[str, Any]:
    """Tell programs where a case stands."""
    return {
        "case_id": standing.case_id,
        "state": standing.state.value,
        "due_on": standing.due.on.isoformat() if standing.due else None,
        "rating": standing.rating,
    }


class ActionTrackFeedback(Action):
    """Answer whoever asks after a case."""

    def __init__(self, following: Following) -> None:
        self._following = following

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_track_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Answer this turn."""
        return await self._following.go_on(dispatcher, hear(tracker), remembered(tracker))


class DuringFollowing(Action):
    """Any action, behind whatever belongs to a case that is followed."""

    def __init__(self, action: Action, following: Following) -> None:
        self._action = action
        self._following = following

    def name(self) -> str:
        """Return the name of the action behind."""
        return str(self._action.name())

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Take the message, or let the action have it."""
        heard, memory = hear(tracker), remembered(tracker)
        picked = pick(heard.text, heard.choices)
        if picked is None and self._following.takes(heard, memory):
            return await self._following.go_on(dispatcher, heard, memory)
        events: list[Event] = await self._action.run(dispatcher, tracker, domain)
        return events
