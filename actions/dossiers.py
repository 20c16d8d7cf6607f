"""Where a filed dossier stands (tra cứu hồ sơ): told against a second fact, and followed.

A talk about a dossier is open while we wait for its code or for the digits that prove it. What
was proven is remembered for a while, so that "thế bao giờ xong" needs no digits again.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Choice, Heard
from actions.services import Dossiers, Services
from actions.speaking import Event, SpeakingAction, as_buttons, remember_choices
from bot.dossiers.answers import Answer, WorkingDays, answer, grievance
from bot.dossiers.codes import FoundCode, find_codes, read_code
from bot.dossiers.dossier import AT_REST, Dossier
from bot.dossiers.errors import SourceDown
from bot.dossiers.movements import STOP_PAYLOAD, TooMany
from bot.dossiers.proof import last_digits
from bot.dossiers.services import Matches, Outcome, Wait
from bot.dossiers.wording import STOP_TELLING, waiting
from bot.feedback.category import Category
from bot.feedback.telling.draft import Draft, Kind, When, Where
from bot.feedback.telling.question import Question
from bot.vietnamese import clean, fold, words
from bot.working_time.zone import VIETNAM

INTENT = "check_dossier"
SLOT = "dossier"
REMEMBERED = timedelta(minutes=30)  # an open question, and what was proven
MOST_CODES = 5
FOLLOW = Choice("Báo khi có thay đổi", f'/{INTENT}{{"act": "follow"}}')
STOP = Choice(STOP_TELLING, STOP_PAYLOAD)
BY_PHONE = Choice("Tìm bằng số điện thoại", f'/{INTENT}{{"act": "phone"}}')
LATE_RIGHTS = Choice("Xem quyền khi bị trễ hẹn", '/ask_rights{"rights_topic": "late"}')
REPORT = Choice("Phản ánh trễ hạn", '/report_complaint{"about": "dossier"}')
WITHOUT_CODE = (BY_PHONE, LATE_RIGHTS)

# The whole of a message: "cán bộ dừng báo cáo" is a story.
_STOP_WORDS = re.compile(
    r"(?:thoi )?(?:dung|ngung|huy|thoi|tat) (?:bao|thong bao|nhac|theo doi)"
    r"(?: (?:ho so|nua|di|nhe|nha|a))*"
)
_BY_PHONE = re.compile(r"\b(?:bang|theo|qua) (?:so dien thoai|sdt|so dt)\b")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
# A story that names its dossier is a story; a receipt's talk is about the receipt.
_OTHERS = frozenset({"report_complaint", "track_feedback"})


class Memory(Struct, omit_defaults=True):
    """What a talk about dossiers remembers; codes as a paper writes them."""

    at: datetime
    awaits: str = ""  # code, digits, phone or identity
    codes: tuple[str, ...] = ()
    phone: str = ""  # while the digits of the identity are awaited
    proven: tuple[str, ...] = ()


class Checking:
    """Takes the messages that are about a filed dossier."""

    def __init__(self, services: Services, contact: Mapping[str, str]) -> None:
        self._dossiers = services.dossiers
        self._now = services.now
        self._contact = contact

    def takes(self, heard: Heard) -> bool:
        """Tell whether a message is for us, whatever it was understood as."""
        if heard.intent == INTENT and not heard.text:
            return True
        if _wants_to_stop(heard) or (heard.intent not in _OTHERS and _codes(heard)):
            return True
        match self._memory(heard).awaits:
            case "code":
                return _is_picture(heard)
            case "digits" | "identity":
                return bool(last_digits(heard.text))
            case "phone":
                return bool(heard.entity("phone"))
        return False

    async def go_on(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Take a message; return what to remember."""
        memory = self._memory(heard)
        talk = _Talk(self._dossiers, self._contact, dispatcher, heard, memory, self._now())
        return await talk.take()

    async def grievance(self, heard: Heard) -> Draft | None:
        """Return the report of a late dossier that was told before, where a button asks for it."""
        if heard.text or heard.entity("about") != "dossier":
            return None
        now = self._now()
        today = now.astimezone(VIETNAM).date()
        for dossier in await self._proven(heard):
            if dossier.due_on and dossier.is_late(today):
                return _report(dossier, dossier.due_on, today, now, self._dossiers.working_days)
        return None

    async def _proven(self, heard: Heard) -> list[Dossier]:
        codes = [code for each in self._memory(heard).proven if (code := read_code(each))]
        try:
            found = [await self._dossiers.again(code) for code in codes]
        except SourceDown:
            return []  # then the citizen tells it in their own words
        return [dossier for dossier in found if dossier is not None]

    def _memory(self, heard: Heard) -> Memory:
        kept = msgspec.convert(heard.dossier, Memory) if heard.dossier else None
        now = self._now()
        return kept if kept and now - kept.at < REMEMBERED else Memory(now)


class _Talk:
    """One message about a dossier."""

    def __init__(
        self,
        dossiers: Dossiers,
        contact: Mapping[str, str],
        dispatcher: CollectingDispatcher,
        heard: Heard,
        memory: Memory,
        now: datetime,
    ) -> None:
        self._dossiers = dossiers
        self._contact = contact
        self._dispatcher = dispatcher
        self._heard = heard
        self._memory = memory
        self._now = now

    async def take(self) -> list[Event]:
        """Answer a button, a code, the digits that we asked for, or a question without either."""
        heard, memory = self._heard, self._memory
        act = heard.entity("act") if not heard.text else ""
        if act == "phone" or (heard.intent == INTENT and _BY_PHONE.search(fold(heard.text))):
            return self._ask("utter_dossiers_ask_phone", "phone")
        if act == "stop" or _wants_to_stop(heard):
            return await self._stop()
        if act == "follow":
            return await self._follow()
        codes = _codes(heard)
        if codes:
            digits = _digits_beside(heard)
            return await (self._look_up(codes, digits) if digits else self._ask_digits(codes))
        if memory.awaits == "digits" and last_digits(heard.text):
            asked = [code for each in memory.codes if (code := read_code(each))]
            return await self._look_up(asked, heard.text)
        if memory.awaits == "phone" and heard.entity("phone"):
            phone = heard.entity("phone")
            return self._ask("utter_dossiers_ask_identity", "identity", phone=phone)
        if memory.awaits == "identity" and last_digits(heard.text):
            return await self._look_up_phone(memory.phone, heard.text)
        if _is_picture(heard):
            return self._ask("utter_dossiers_no_code_in_picture", "code", buttons=WITHOUT_CODE)
        if memory.proven:
            return await self._tell_again()
        if await self._dossiers.has_sample():
            self._dispatcher.utter_message(response="utter_dossiers_try_sample")
        return self._ask("utter_dossiers_ask_code", "code", buttons=WITHOUT_CODE)

    async def _ask_digits(self, codes: Sequence[FoundCode]) -> list[Event]:
        if all(code.written in self._memory.proven for code in codes):
            return await self._tell_again(codes)
        written = tuple(code.written for code in codes)
        return self._ask("utter_dossiers_ask_digits", "digits", codes=written)

    async def _look_up(self, codes: Sequence[FoundCode], digits: str) -> list[Event]:
        matches: list[Dossier] = []
        outcome: Outcome | None = None
        try:
            for code in codes:
                outcome = await self._dossiers.by_code(code, digits, self._heard.conversation)
                if isinstance(outcome, Matches):
                    matches += outcome.dossiers
        except SourceDown:
            return self._down()
        if matches:
            return self._tell(matches, missing=len(codes) - len(matches))
        return self._refuse(outcome, tuple(code.written for code in codes))

    async def _look_up_phone(self, phone: str, digits: str) -> list[Event]:
        try:
            outcome = await self._dossiers.by_phone(phone, digits, self._heard.conversation)
        except SourceDown:
            return self._down()
        if isinstance(outcome, Matches):
            return self._tell(outcome.dossiers)
        if outcome is None:
            return self._ask("utter_dossiers_no_phone_search", "code")
        return self._refuse(outcome)

    def _refuse(self, outcome: Outcome | None, codes: tuple[str, ...] = ()) -> list[Event]:
        if isinstance(outcome, Wait):
            self._dispatcher.utter_message(
                response="utter_dossiers_wait", wait=waiting(outcome.left), **self._contact
            )
            return self._remember(Memory(self._now, proven=self._memory.proven))
        awaits = "digits" if codes else "phone"
        return self._ask("utter_dossiers_no_match", awaits, codes=codes)

    async def _tell_again(self, codes: Sequence[FoundCode] = ()) -> list[Event]:
        asked = [code.written for code in codes] or list(self._memory.proven)
        try:
            found = [
                await self._dossiers.again(code) for each in asked if (code := read_code(each))
            ]
        except SourceDown:
            return self._down()
        dossiers = [dossier for dossier in found if dossier is not None]
        if not dossiers:
            return self._ask("utter_dossiers_ask_code", "code", buttons=WITHOUT_CODE)
        return self._tell(dossiers)

    def _tell(self, dossiers: Sequence[Dossier], missing: int = 0) -> list[Event]:
        today: date = self._now.astimezone(VIETNAM).date()
        answers = [answer(each, today, self._dossiers.working_days) for each in dossiers]
        choices = _choices(dossiers, answers)
        for number, (dossier, told) in enumerate(zip(dossiers, answers, strict=True), 1):
            last = number == len(answers)
            self._dispatcher.utter_message(
                text=told.text,
                buttons=as_buttons(choices) if last else [],
                json_message={"card": told.card, "dossier": _facts(dossier, told)},
            )
        if missing:
            self._dispatcher.utter_message(response="utter_dossiers_some_missing")
        proven = (*(each.code for each in dossiers), *self._memory.proven)
        kept = tuple(dict.fromkeys(proven))[:MOST_CODES]
        return [
            *self._remember(Memory(self._now, proven=kept)),
            # "thế lệ phí bao nhiêu" is about the procedure of the dossier.
            SlotSet("procedure_code", dossiers[0].procedure_code or None),
            remember_choices(choices),
        ]

    async def _follow(self) -> list[Event]:
        try:
            for each in self._memory.proven:
                code = read_code(each)
                dossier = await self._dossiers.again(code) if code else None
                if dossier is not None and dossier.status not in AT_REST:
                    await self._dossiers.follow(dossier, self._heard.conversation)
        except SourceDown:
            return self._down()
        except TooMany:
            return self._say("utter_dossiers_too_many")
        if not self._memory.proven:
            return self._ask("utter_dossiers_ask_code", "code", buttons=WITHOUT_CODE)
        return self._say("utter_dossiers_will_tell", [STOP])

    async def _stop(self) -> list[Event]:
        gone = await self._dossiers.unfollow(self._heard.conversation)
        return self._say("utter_dossiers_stopped" if gone else "utter_dossiers_none_followed")

    def _down(self) -> list[Event]:
        self._dispatcher.utter_message(response="utter_dossiers_down", **self._contact)
        return []

    def _say(self, response: str, choices: Sequence[Choice] = ()) -> list[Event]:
        self._dispatcher.utter_message(response=response, buttons=as_buttons(choices))
        return [remember_choices(choices)]

    def _ask(
        self,
        response: str,
        awaits: str,
        *,
        codes: tuple[str, ...] = (),
        phone: str = "",
        buttons: Sequence[Choice] = (),
    ) -> list[Event]:
        self._dispatcher.utter_message(
            response=response, codes=", ".join(codes), buttons=as_buttons(buttons)
        )
        memory = Memory(self._now, awaits, codes, phone, self._memory.proven)
        return [*self._remember(memory), remember_choices(buttons)]

    def _remember(self, memory: Memory) -> list[Event]:
        return [SlotSet(SLOT, msgspec.to_builtins(memory))]


class ActionCheckDossier(SpeakingAction):
    """Answer whoever asks after a dossier."""

    def __init__(self, checking: Checking) -> None:
        self._checking = checking

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_check_dossier"

    async def respond(self, dispatcher: CollectingDispatcher, heard: Heard) -> list[Event]:
        """Answer."""
        return await self._checking.go_on(dispatcher, heard)


def _report(
    dossier: Dossier, due_on: date, today: date, now: datetime, working_days: WorkingDays
) -> Draft:
    office = dossier.office
    return Draft(
        touched=now,
        paragraphs=(grievance(dossier, today, working_days),),
        kind=Kind(Category.DELAY),
        where=Where(office) if office else None,
        office=office,
        when=When(f"{due_on:%d/%m/%Y}", due_on),
        done=(Question.WHERE,) if office else (),
    )


def _wants_to_stop(heard: Heard) -> bool:
    return bool(_STOP_WORDS.fullmatch(" ".join(words(fold(heard.text)))))


def _codes(heard: Heard) -> list[FoundCode]:
    """Return the codes that were typed, and those that stand on pictures."""
    pictured = (code for each in heard.pictured if (code := read_code(each)))
    found = {code.key: code for code in (*_typed(heard), *pictured)}
    return list(found.values())[:MOST_CODES]


def _typed(heard: Heard) -> list[FoundCode]:
    return list(find_codes(fold(clean(heard.text))))


def _is_picture(heard: Heard) -> bool:
    """Tell whether somebody sent pictures without words."""
    return bool(heard.attachments) and not heard.has_words


def _digits_beside(heard: Heard) -> str:
    """Return a telephone number, or four digits, that stand beside the codes; else nothing."""
    if heard.entity("phone"):
        return heard.entity("phone")
    text = fold(clean(heard.text))
    for code in reversed(_typed(heard)):
        text = f"{text[: code.start]} {text[code.end :]}"
    digits = _FOUR.findall(text)
    return digits[-1] if digits else ""


def _choices(dossiers: Sequence[Dossier], answers: Sequence[Answer]) -> list[Choice]:
    choices = [REPORT] if any(told.is_late for told in answers) else []
    if any(dossier.status not in AT_REST for dossier in dossiers):
        choices.append(FOLLOW)
    return choices


def _facts(dossier: Dossier, told: Answer) -> dict[str, Any]:
    due_on = dossier.due_on.isoformat() if dossier.due_on else None
    return {
        "code": dossier.code,
        "status": dossier.status.value,
        "due_on": due_on,
        "is_late": told.is_late,
    }
