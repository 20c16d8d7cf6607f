"""Questions about procedures: find which one, answer what was asked, go on with the one in talk."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.contact import contact_lines
from actions.heard import Choice, Heard
from actions.missed import is_doubtful, missed
from actions.services import Services
from actions.speaking import (
    Event,
    SpeakingAction,
    as_buttons,
    listed,
    offer_again,
    remember_choices,
    speak,
)
from bot.procedures.answers import MAX_CHOICES, answer, ask_payload, choose
from bot.procedures.aspect import Aspect, read_aspects
from bot.procedures.search import Decision, Hit, Outcome
from bot.procedures.search.question import language, read_question, tells
from bot.procedures.search.ranking import NEAREST, nearest
from bot.procedures.waivers import fee_notes, load_waivers
from bot.vietnamese import fold, words

_GO_ON = "Hỏi tiếp về thủ tục vừa rồi"
_ANOTHER = "khac"  # "tôi hỏi thủ tục khác"
_FAINT_MENTION = 1  # a follow-up has at most one word that could name something else


class ProcedureDesk:
    """Answers questions about procedures for every action that meets one."""

    def __init__(self, services: Services) -> None:
        self._procedures = services.procedures
        self._contact = contact_lines(services.hotline)
        self._form_file = services.form_file
        self._waivers = load_waivers()
        self._today = services.today
        self._note_missed = services.note_missed

    async def answer(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer a question about a procedure, ask which one, or say honestly that none fits."""
        code = heard.entity("procedure_code")
        if code:
            return await self.tell(dispatcher, heard, code)
        if not heard.has_words or _wants_another(heard):
            return self._ask_which(dispatcher, heard)
        in_talk = heard.procedure_code
        if in_talk and heard.aspects and not tells(heard.text):
            return await self.tell(dispatcher, heard, in_talk)
        found = self.find(heard)
        events = await self._answer_found(dispatcher, heard, found)
        if _meant(heard, found) is None and _telling(heard.text) and is_doubtful(found):
            await self._note_missed(missed(heard, found))
        return events

    def find(self, heard: Heard) -> Outcome:
        """Search the catalogue for what was heard."""
        return self._procedures.find(heard.text)

    async def answer_if_known(
        self, dispatcher: CollectingDispatcher, heard: Heard, found: Outcome
    ) -> list[Event] | None:
        """Answer only when the words lead to a procedure; None, and nothing said, otherwise."""
        if found.decision is Decision.NONE and not (heard.aspects and _goes_on(heard)):
            return None
        return await self._answer_found(dispatcher, heard, found)

    async def answer_place(
        self, dispatcher: CollectingDispatcher, heard: Heard
    ) -> list[Event] | None:
        """Say where the one procedure that is meant is filed; None when none is."""
        asked = replace(heard, entities={**heard.entities, "aspect": (Aspect.PLACE.value,)})
        found = self.find(heard)
        if found.decision is Decision.ANSWER or _goes_on(heard):
            return await self._answer_found(dispatcher, asked, found)
        return None

    async def _answer_found(
        self, dispatcher: CollectingDispatcher, heard: Heard, found: Outcome
    ) -> list[Event]:
        code = _meant(heard, found)
        if code is not None:
            near = () if found.decision is Decision.NONE else found.hits
            return await self.tell(dispatcher, heard, code, [hit.code for hit in near])
        if found.decision is Decision.CLARIFY:
            return self._ask_which_of(dispatcher, heard, found.hits)
        if _telling(heard.text):
            return self._not_found(dispatcher, heard, nearest(found))
        return self._ask_which(dispatcher, heard)

    async def tell(
        self,
        dispatcher: CollectingDispatcher,
        heard: Heard,
        code: str,
        ranked: Sequence[str] = (),
    ) -> list[Event]:
        """Say what was asked about the procedure of a code."""
        procedure = await self._procedures.get(code)
        if procedure is None:
            return self._unknown_code(dispatcher, code)
        aspects = _asked(heard)
        said = answer(
            procedure,
            aspects,
            case=heard.number("case"),
            part=heard.number("part") or 1,
            form_url=self._form_file,
            fee_notes=fee_notes(procedure, self._waivers, self._today()),
        )
        codes = [code, *(other for other in ranked if other != code)]
        speak(dispatcher, said, codes=codes, decision="answer")
        return [
            SlotSet("procedure_code", code),
            SlotSet("pending_aspects", None),
            remember_choices(said.choices),
        ]

    def _ask_which(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Ask which procedure; what was asked about it waits for the answer."""
        waiting = SlotSet("pending_aspects", [aspect.value for aspect in _asked(heard)] or None)
        if heard.has_words and not _wants_another(heard) and _offers_procedures(heard):
            offer_again(dispatcher, heard)
            return [waiting]
        dispatcher.utter_message(
            response="utter_procedures_ask_which",
            json_message={"procedure_codes": [], "decision": "none"},
        )
        return [waiting, SlotSet("choices", None)]

    def _ask_which_of(
        self, dispatcher: CollectingDispatcher, heard: Heard, hits: Sequence[Hit]
    ) -> list[Event]:
        said = choose(hits, _asked(heard))
        codes = [hit.code for hit in hits[:MAX_CHOICES]]
        speak(dispatcher, said, codes=codes, decision="clarify")
        return [
            SlotSet("procedure_code", None),  # the talk has moved on; to which one is open
            SlotSet("pending_aspects", None),
            remember_choices(said.choices),
        ]

    def _not_found(
        self, dispatcher: CollectingDispatcher, heard: Heard, near: Sequence[Hit]
    ) -> list[Event]:
        """Say so, and show what is nearest where there is hope that it is meant."""
        aspects = _asked(heard)
        code = heard.procedure_code
        go_on = [Choice(_GO_ON, ask_payload(code, aspects))] if code and aspects else []
        said = choose(near, aspects)
        response = "utter_procedures_nearest" if near else "utter_procedures_not_found"
        dispatcher.utter_message(
            response=response,
            **self._contact,
            choices=listed(said.choices),
            buttons=as_buttons([*said.buttons, *go_on]),
            json_message={"procedure_codes": [hit.code for hit in near], "decision": "none"},
        )
        return [SlotSet("pending_aspects", None), remember_choices([*said.choices, *go_on])]

    def offer(
        self, dispatcher: CollectingDispatcher, heard: Heard, after: Sequence[Choice] = ()
    ) -> list[Event]:
        """Offer the procedures that words may be about which were understood as something else.

        ``after``: what was offered before in this turn; the numbers go on from there.
        """
        found = self.find(heard)
        near = () if found.decision is Decision.NONE else found.hits[:NEAREST]
        if not near:
            return []
        said = choose(near, _asked(heard))
        dispatcher.utter_message(
            response="utter_procedures_or_this",
            choices=listed(said.choices, first=len(after) + 1),
            buttons=as_buttons(() if after else said.buttons),
            json_message={"procedure_codes": [hit.code for hit in near], "decision": "none"},
        )
        return [remember_choices([*after, *said.choices])]

    def _unknown_code(self, dispatcher: CollectingDispatcher, code: str) -> list[Event]:
        dispatcher.utter_message(
            response="utter_procedures_unknown_code",
            code=code[:20],
            **self._contact,
            json_message={"procedure_codes": [], "decision": "none"},
        )
        return [SlotSet("procedure_code", None), SlotSet("choices", None)]


class ActionAskProcedure(SpeakingAction):
    """Answer a question about a procedure (thủ tục hành chính)."""

    def __init__(self, desk: ProcedureDesk) -> None:
        self._desk = desk

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_ask_procedure"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        return await self._desk.answer(dispatcher, heard)


def _meant(heard: Heard, found: Outcome) -> str | None:
    """Return the code of the one procedure that a question is about; None when that is open."""
    codes = [hit.code for hit in found.hits]
    in_talk = heard.procedure_code
    match found.decision:
        case Decision.ANSWER:
            return codes[0]
        case Decision.CLARIFY:
            return in_talk if heard.aspects and in_talk in codes[:MAX_CHOICES] else None
    return in_talk if _goes_on(heard) else None


def _asked(heard: Heard) -> tuple[Aspect, ...]:
    """Return the aspects asked now, else those asked before the procedure was known."""
    return read_aspects(heard.aspects) or read_aspects(heard.pending_aspects)


def _offers_procedures(heard: Heard) -> bool:
    return any(choice.payload.startswith("/ask_procedure") for choice in heard.choices)


def _wants_another(heard: Heard) -> bool:
    """Tell "tôi muốn hỏi thủ tục khác" from a question that names one."""
    return not heard.aspects and _ANOTHER in words(fold(heard.text)) and not _telling(heard.text)


def _goes_on(heard: Heard) -> bool:
    """Tell "thế lệ phí bao nhiêu?" about the procedure in talk from a question of its own."""
    in_talk = heard.procedure_code is not None
    return in_talk and not _wants_another(heard) and _telling(heard.text) <= _FAINT_MENTION


def _telling(text: str) -> int:
    """Count the words that could name a procedure."""
    silent = {*language().faint, _ANOTHER}
    return sum(word.folded not in silent for word in read_question(text).words)
