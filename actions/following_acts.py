"""What a reporter does with one case, once it is sure that they may: each act, and its answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.following_heard import is_dissatisfied, is_done, rating, stops
from actions.following_memory import Awaits, Memory, ask, follow, nothing_asked, unfollow
from actions.heard import Choice, Heard
from actions.services import Services
from actions.speaking import Event, as_buttons, remember_choices
from bot.feedback import following_wording as wording
from bot.feedback.errors import BadDetails, IllegalMove
from bot.feedback.following import Act, Standing, Window
from bot.feedback.services import DISSATISFIED, LONGEST_TEXT
from bot.feedback.states import State
from bot.feedback.wording import payload

STOP, YES = "stop", "yes"  # said by buttons, beside the acts of a case: "stop", "erase-yes"


class Acts:
    """One message about one case."""

    def __init__(
        self,
        services: Services,
        contact: Mapping[str, str],
        dispatcher: CollectingDispatcher,
        heard: Heard,
        memory: Memory,
    ) -> None:
        self._services = services
        self._now = services.now()
        self._contact = contact
        self._dispatcher = dispatcher
        self._heard = heard
        self._memory = memory

    @property
    def window(self) -> Window:
        """The window; raises NotImplementedError where none was given to the actions."""
        if self._services.window is None:
            raise NotImplementedError("no desk for feedback cases was given to the actions")
        return self._services.window

    async def do(self, case_id: int, act: str) -> list[Event]:
        """Do what a button says, ``rate-4``; show where the case stands for anything else."""
        name, _, value = act.partition("-")
        match name:
            case Act.ADD.value:
                return await self._ask_for_words(case_id)
            case Act.TALK.value:
                return await self._tell_talk(case_id)
            case Act.RATE.value:
                return await self._rate(case_id, value)
            case Act.REOPEN.value:
                return await self._reopen(case_id)
            case Act.WITHDRAW.value:
                return await self._withdraw(case_id, sure=value == YES)
            case Act.ERASE.value:
                return await self._erase(case_id, sure=value == YES)
            case name if name == STOP:
                return self._stop(case_id)
        return await self.show(case_id)

    async def take_answer(self, case_id: int, awaited: Awaits) -> list[Event]:
        """Take what answers our question."""
        takers: dict[Awaits, Callable[[int], Awaitable[list[Event]]]] = {
            "words": self._take_words,
            "more": self._take_more,
            "rating": self._take_rating,
            "withdraw": self._take_yes,
            "erase": self._take_yes,
        }
        return await takers[awaited](case_id)

    async def show(self, case_id: int, *, code_shown: bool = False) -> list[Event]:
        """Say where a case stands and what can be done with it."""
        before = self._memory.of(case_id)
        standing = await self.window.look(case_id, before.read if before else 0)
        followed = follow(self._memory, case_id, self._now, read=standing.read, shown=code_shown)
        said = self._tell_text(wording.standing_text(standing), standing, _choices(standing))
        return [followed, *said]

    def say(self, response: str, choices: Sequence[Choice] = (), **facts: object) -> list[Event]:
        """Say a response; what it offers can be picked."""
        self._dispatcher.utter_message(
            response=response, buttons=as_buttons(choices), **{**self._contact, **facts}
        )
        return [remember_choices(choices)]

    def ask(
        self,
        response: str,
        awaits: Awaits,
        case_id: int = 0,
        choices: Sequence[Choice] = (),
        **facts: object,
    ) -> list[Event]:
        """Say a response that asks for something."""
        said = self.say(response, choices, case=case_id, **facts)
        return [*said, ask(awaits, self._now, case_id)]

    def _tell(
        self,
        response: str,
        standing: Standing,
        choices: Sequence[Choice] | None = None,
        **facts: object,
    ) -> list[Event]:
        """Say what was done with a case, and what can be done next; nothing is asked any more."""
        offered = _choices(standing) if choices is None else choices
        self._dispatcher.utter_message(
            response=response,
            buttons=as_buttons(offered),
            json_message=_facts(standing),
            **{**self._contact, "case": standing.case_id, **facts},
        )
        return [remember_choices(offered), nothing_asked()]

    def _tell_text(self, text: str, standing: Standing, choices: Sequence[Choice]) -> list[Event]:
        self._dispatcher.utter_message(
            text=text, buttons=as_buttons(choices), json_message=_facts(standing)
        )
        return [remember_choices(choices), nothing_asked()]

    # Words and files

    async def _ask_for_words(self, case_id: int) -> list[Event]:
        if self._heard.evidence:  # a picture came before the button was tapped
            return await self._take_words(case_id)
        return self.ask("utter_following_add", "words", case_id)

    async def _take_words(self, case_id: int) -> list[Event]:
        heard = self._heard
        before = await self.window.look(case_id)
        if stops(heard) and not heard.attachments:
            return self._tell("utter_following_nothing_added", before)
        if len(heard.whole) > LONGEST_TEXT:
            return self.ask("utter_following_too_long", "words", case_id)
        taken = await self.window.add(case_id, heard.whole, heard.evidence, heard.conversation)
        return await self._tell_added(before, len(taken))

    async def _take_more(self, case_id: int) -> list[Event]:
        if is_done(self._heard) and not self._heard.attachments:
            return self._tell("utter_following_done", await self.window.look(case_id))
        return await self._take_words(case_id)

    async def _tell_added(self, before: Standing, taken: int) -> list[Event]:
        heard, standing = self._heard, await self.window.look(before.case_id)
        events: list[Event] = []
        if heard.whole:
            goes_on = before.state is State.NEED_INFO and standing.state is not State.NEED_INFO
            reply = "utter_following_added_reply"
            events = self._tell(reply if goes_on else "utter_following_added", standing)
        if taken:
            events = self._tell("utter_following_added_files", standing, files=taken)
        if taken < len(heard.evidence):
            events = self._tell("utter_following_files_left", standing)
        more = ask("more", self._now, before.case_id)
        return [SlotSet("evidence", None), *events, more]

    async def _tell_talk(self, case_id: int) -> list[Event]:
        messages = await self.window.talk(case_id)
        standing = await self.window.look(case_id)
        if not messages:
            return self._tell("utter_following_no_talk", standing)
        read = follow(self._memory, case_id, self._now, read=standing.read, shown=False)
        choices = [each for each in _choices(standing) if each.title != wording.BUTTONS[Act.TALK]]
        return [read, *self._tell_text(wording.talk_text(messages), standing, choices)]

    # Satisfied or not

    async def _rate(self, case_id: int, value: str) -> list[Event]:
        if value in {"1", "2", "3", "4", "5"}:
            return await self._keep_rating(case_id, int(value))
        standing = await self.window.look(case_id)
        if Act.RATE not in standing.acts:
            return self._tell("utter_following_cannot_rate", standing)
        choices = [
            Choice(title, payload(case_id, f"{Act.RATE.value}-{number}"))
            for number, title in enumerate(wording.RATINGS, 1)
        ]
        return self.ask("utter_following_rate", "rating", case_id, choices)

    async def _take_rating(self, case_id: int) -> list[Event]:
        given = rating(self._heard)
        if given is not None:
            return await self._keep_rating(case_id, *given)
        if is_dissatisfied(self._heard):
            return await self._reopen(case_id)
        return self._tell("utter_following_kept", await self.window.look(case_id))

    async def _keep_rating(self, case_id: int, given: int, words: str = "") -> list[Event]:
        try:
            await self.window.rate(case_id, given, words)
        except BadDetails:
            return self._tell("utter_following_cannot_rate", await self.window.look(case_id))
        standing = await self.window.look(case_id)
        if standing.state is State.REOPENED:
            return self._tell_reopened(standing)
        low = given <= DISSATISFIED
        said = "utter_following_rated_low" if low else "utter_following_rated"
        return self._tell(said, standing, rating=given)

    async def _reopen(self, case_id: int) -> list[Event]:
        try:
            await self.window.reopen(case_id)
        except IllegalMove:
            return self._tell("utter_following_cannot_reopen", await self.window.look(case_id))
        return self._tell_reopened(await self.window.look(case_id))

    def _tell_reopened(self, standing: Standing) -> list[Event]:
        said = self._tell("utter_following_reopened", standing, ())
        return [*said, ask("words", self._now, standing.case_id)]

    # Out of it

    async def _withdraw(self, case_id: int, *, sure: bool) -> list[Event]:
        standing = await self.window.look(case_id)
        if Act.WITHDRAW not in standing.acts:
            return self._tell("utter_following_cannot_withdraw", standing)
        if not sure:
            choices = _yes_or_no(case_id, Act.WITHDRAW, wording.SURE_WITHDRAW)
            return self.ask("utter_following_withdraw_ask", "withdraw", case_id, choices)
        await self.window.withdraw(case_id, self._heard.conversation)
        return self._tell("utter_following_withdrawn", await self.window.look(case_id))

    async def _erase(self, case_id: int, *, sure: bool) -> list[Event]:
        standing = await self.window.look(case_id)
        if standing.erased:
            return await self.show(case_id)
        if Act.ERASE not in standing.acts:
            return self._tell("utter_following_erase_later", standing)
        if not sure:
            choices = _yes_or_no(case_id, Act.ERASE, wording.SURE_ERASE)
            return self.ask("utter_following_erase_ask", "erase", case_id, choices)
        await self.window.erase(case_id, self._heard.conversation)
        said = self._tell("utter_following_erased", await self.window.look(case_id), ())
        return [*said, unfollow(self._memory, case_id)]

    async def _take_yes(self, case_id: int) -> list[Event]:
        if self._heard.intent == "affirm" and self._memory.open is not None:
            return await self.do(case_id, f"{self._memory.open.awaits}-{YES}")
        return self._tell("utter_following_kept", await self.window.look(case_id))

    def _stop(self, case_id: int) -> list[Event]:
        said = self.say("utter_following_stopped", case=case_id)
        return [*said, unfollow(self._memory, case_id), nothing_asked()]


def _yes_or_no(case_id: int, act: Act, sure: str) -> list[Choice]:
    yes = Choice(sure, payload(case_id, f"{act.value}-{YES}"))
    return [yes, Choice(wording.KEEP, payload(case_id))]


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
