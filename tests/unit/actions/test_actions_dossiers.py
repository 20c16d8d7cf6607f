"""A dossier is told to whom it concerns: the talk from a code to an answer, and beyond."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import read_payload
from actions.services import Services
from bot.dossiers.codes import FoundCode
from bot.dossiers.dossier import Dossier, Status
from bot.dossiers.errors import SourceDown
from bot.dossiers.movements import TooMany
from bot.dossiers.services import Matches, NoMatch, Outcome, Wait
from tests.unit.actions.acting import a_catalogue, the_action

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
CODE = "H29.16-261103-0001"
OTHER = "H29.16-261104-0002"


def a_dossier(**fields: Any) -> Dossier:
    known = {
        "code": CODE,
        "status": Status.IN_PROGRESS,
        "status_words": "Đang xử lý",
        "procedure_name": "Đăng ký khai sinh",
        "office": "UBND phường A",
        "received_on": date(2026, 11, 3),
        "due_on": date(2026, 12, 1),
        "source": "Một cửa tỉnh A",
        "as_of": date(2026, 11, 25),
    }
    return Dossier(**(known | fields))


class FakeDossiers:
    """Dossiers in memory, proven by 5678; ``wait`` and ``down`` play a lock and a dead system."""

    def __init__(self, *dossiers: Dossier, wait: timedelta | None = None, down: bool = False):
        self._by_code = {each.code: each for each in dossiers}
        self._wait = wait
        self._down = down
        self.followed: list[tuple[str, str]] = []
        self.may_follow = True
        self.is_sample = False

    def working_days(self, first: date, second: date) -> int:
        return max(0, (second - first).days)

    async def by_code(self, code: FoundCode, digits: str, who: str) -> Outcome:
        return self._judge([self._by_code.get(code.written)], digits)

    async def by_phone(self, phone: str, digits: str, who: str) -> Outcome:
        return self._judge(list(self._by_code.values()), digits)

    def _judge(self, found: list[Dossier | None], digits: str) -> Outcome:
        if self._down:
            raise SourceDown("a", "it sleeps")
        if self._wait:
            return Wait(self._wait)
        proven = tuple(each for each in found if each and digits.endswith("5678"))
        return Matches(proven) if proven else NoMatch()

    async def again(self, code: FoundCode) -> Dossier | None:
        if self._down:
            raise SourceDown("a", "it sleeps")
        return self._by_code.get(code.written)

    async def follow(self, dossier: Dossier, who: str) -> None:
        if not self.may_follow:
            raise TooMany
        self.followed.append((dossier.code, who))

    async def unfollow(self, who: str) -> int:
        count, self.followed = len(self.followed), []
        return count

    async def has_sample(self) -> bool:
        return self.is_sample


class Talk:
    """A conversation in which every message reaches the action of its intent."""

    def __init__(self, dossiers: FakeDossiers) -> None:
        self._services = Services(a_catalogue(), dossiers=dossiers, now=lambda: self.now)
        self.slots: dict[str, Any] = {}
        self.now = NOW

    async def say(
        self,
        text: str,
        intent: str = "check_dossier",
        *,
        metadata: dict[str, Any] | None = None,
        **entities: str,
    ) -> list[dict[str, Any]]:
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        message = {"text": text, "intent": {"name": intent}, "entities": found}
        message["metadata"] = metadata or {}
        tracker = Tracker("lan", dict(self.slots), message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        action = the_action(f"action_{intent}", self._services)
        events = await action.run(dispatcher, tracker, {})
        self.slots |= {e["name"]: e["value"] for e in events if e["event"] == "slot"}
        pressed = next((e["text"] for e in events if e["event"] == "user"), None)
        if pressed:  # the words picked a button: the rules take it from there
            meant, given = read_payload(pressed)
            return await self.say(pressed, meant, **given)
        return dispatcher.messages

    async def shows(self, *codes: str, words: str = "?", intent: str = "fallback"):
        """Send a picture, on which these codes stand."""
        metadata = {"attachments": ["a picture"], "pictured": list(codes)}
        return await self.say(words, intent, metadata=metadata)

    async def press(self, **entities: str) -> list[dict[str, Any]]:
        return await self.say("/check_dossier", **entities)


def responses(messages: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in messages]


async def test_a_code_is_asked_for_then_its_digits_and_then_it_is_told():
    talk = Talk(FakeDossiers(a_dossier()))
    assert responses(await talk.say("hồ sơ của tôi tới đâu rồi")) == ["utter_dossiers_ask_code"]
    assert responses(await talk.say("h29.16 261103 0001")) == ["utter_dossiers_ask_digits"]
    (told,) = await talk.say("5678", intent="out_of_scope")
    assert "Hồ sơ đang được giải quyết." in told["text"]
    assert "Ngày hẹn trả: 01/12/2026 (còn 6 ngày làm việc)" in told["text"]
    assert "Nguồn: Một cửa tỉnh A, số liệu ngày 25/11/2026" in told["text"]
    assert told["custom"]["dossier"]["status"] == "in_progress"


@pytest.mark.parametrize(
    "message",
    [f"{CODE} 5678", f"mã {CODE} nhé, 4 số cuối là 5678", f"{CODE} sđt 0912345678"],
)
async def test_whoever_says_everything_at_once_is_told_at_once(message):
    entities = {"phone": "0912345678"} if "sđt" in message else {}
    (told,) = await Talk(FakeDossiers(a_dossier())).say(message, **entities)
    assert f"Hồ sơ {CODE}" in told["text"]


async def test_a_code_is_taken_whatever_the_message_was_understood_as():
    talk = Talk(FakeDossiers(a_dossier()))
    assert responses(await talk.say(CODE, intent="greet")) == ["utter_dossiers_ask_digits"]


async def test_several_codes_need_their_digits_once_and_what_is_missing_is_said():
    talk = Talk(FakeDossiers(a_dossier(), a_dossier(code=OTHER)))
    await talk.say(f"{CODE} và {OTHER} và H29.16-261105-0003")
    said = await talk.say("5678")
    assert [message["text"].splitlines()[0] for message in said[:2]] == [
        f"Hồ sơ {CODE}",
        f"Hồ sơ {OTHER}",
    ]
    assert said[2]["response"] == "utter_dossiers_some_missing"


async def test_wrong_digits_and_a_code_that_is_none_of_ours_are_one_answer():
    talk = Talk(FakeDossiers(a_dossier()))
    wrong_digits = await talk.say(f"{CODE} 0000")
    no_such_code = await talk.say("H29.16-261103-9999 5678")
    assert responses(wrong_digits) == responses(no_such_code) == ["utter_dossiers_no_match"]
    (told,) = await talk.say("à 5678", intent="deny")
    assert responses([told]) == ["utter_dossiers_no_match"]  # of the code that was asked for last


async def test_after_a_slip_the_right_digits_alone_are_enough():
    talk = Talk(FakeDossiers(a_dossier()))
    await talk.say(f"{CODE} 0000")
    (told,) = await talk.say("5678", intent="affirm")
    assert f"Hồ sơ {CODE}" in told["text"]


async def test_whoever_must_wait_hears_how_long():
    talk = Talk(FakeDossiers(a_dossier(), wait=timedelta(minutes=14, seconds=1)))
    (told,) = await talk.say(f"{CODE} 5678")
    assert (told["response"], told["wait"]) == ("utter_dossiers_wait", "15 phút")


async def test_a_system_that_is_down_is_said_to_be_down():
    talk = Talk(FakeDossiers(a_dossier(), down=True))
    assert responses(await talk.say(f"{CODE} 5678")) == ["utter_dossiers_down"]


async def test_without_a_code_the_telephone_number_leads_there():
    talk = Talk(FakeDossiers(a_dossier()))
    await talk.say("tra hồ sơ")
    assert responses(await talk.press(act="phone")) == ["utter_dossiers_ask_phone"]
    asked = await talk.say("0912345678", intent="affirm", phone="0912345678")
    assert responses(asked) == ["utter_dossiers_ask_identity"]
    (told,) = await talk.say("5678", intent="affirm")
    assert f"Hồ sơ {CODE}" in told["text"]


async def test_a_late_dossier_is_owned_up_to_with_what_is_owed_and_what_can_be_done():
    talk = Talk(FakeDossiers(a_dossier(due_on=date(2026, 11, 20))))
    (told,) = await talk.say(f"{CODE} 5678")
    assert "quá hẹn 5 ngày làm việc" in told["text"]
    assert "văn bản xin lỗi" in told["text"]
    assert [b["title"] for b in told["buttons"]] == ["Phản ánh trễ hạn", "Báo khi có thay đổi"]


async def test_the_report_of_a_late_dossier_is_filled_in_and_asks_only_what_it_cannot_know():
    talk = Talk(FakeDossiers(a_dossier(due_on=date(2026, 11, 20))))
    await talk.say(f"{CODE} 5678")
    (asked,) = await talk.say("/report_complaint", "report_complaint", about="dossier")
    assert asked["response"] == "utter_telling_identity"
    draft = talk.slots["telling"]
    assert CODE in draft["paragraphs"][0]
    assert "quá hẹn 5 ngày làm việc" in draft["paragraphs"][0]
    assert draft["kind"]["category"] == "delay"
    assert draft["office"] == "UBND phường A"
    assert draft["when"]["day"] == "2026-11-20"


async def test_while_papers_are_awaited_nothing_is_late():
    waiting = a_dossier(due_on=date(2026, 11, 20), status=Status.NEEDS_PAPERS, to_do="Bản sao")
    (told,) = await Talk(FakeDossiers(waiting)).say(f"{CODE} 5678")
    assert "quá hẹn" not in told["text"]
    assert "Nội dung được yêu cầu: Bản sao" in told["text"]


async def test_what_no_vocabulary_knows_is_shown_and_not_interpreted():
    odd = a_dossier(status=Status.UNKNOWN, status_words="Chờ ý kiến", due_on=date(2026, 11, 1))
    (told,) = await Talk(FakeDossiers(odd)).say(f"{CODE} 5678")
    assert "Hệ thống ghi: “Chờ ý kiến”" in told["text"]
    assert "quá hẹn" not in told["text"]


async def test_what_was_proven_needs_no_digits_again_for_a_while():
    talk = Talk(FakeDossiers(a_dossier()))
    await talk.say(f"{CODE} 5678")
    for question in ("thế bao giờ xong", CODE):
        (told,) = await talk.say(question)
        assert f"Hồ sơ {CODE}" in told["text"]
    talk.now += timedelta(minutes=31)
    assert responses(await talk.say(CODE)) == ["utter_dossiers_ask_digits"]


async def test_a_dossier_is_followed_by_a_button_and_left_by_a_word():
    dossiers = FakeDossiers(a_dossier())
    talk = Talk(dossiers)
    await talk.say(f"{CODE} 5678")
    assert responses(await talk.press(act="follow")) == ["utter_dossiers_will_tell"]
    assert dossiers.followed == [(CODE, "lan")]
    await talk.say("cảm ơn", intent="thank")
    assert responses(await talk.say("thôi báo nhé", intent="cancel")) == ["utter_dossiers_stopped"]
    assert responses(await talk.press(act="stop")) == ["utter_dossiers_none_followed"]


async def test_nobody_follows_what_they_have_not_proven():
    dossiers = FakeDossiers(a_dossier())
    assert responses(await Talk(dossiers).press(act="follow")) == ["utter_dossiers_ask_code"]
    assert dossiers.followed == []


async def test_whoever_follows_too_many_is_told_so():
    dossiers = FakeDossiers(a_dossier())
    dossiers.may_follow = False
    talk = Talk(dossiers)
    await talk.say(f"{CODE} 5678")
    assert responses(await talk.press(act="follow")) == ["utter_dossiers_too_many"]


async def test_a_finished_dossier_is_not_offered_to_be_followed():
    done = a_dossier(status=Status.RETURNED, finished_on=date(2026, 11, 20))
    (told,) = await Talk(FakeDossiers(done)).say(f"{CODE} 5678")
    assert told["buttons"] == []


async def test_a_question_in_between_is_answered_and_the_talk_goes_on():
    talk = Talk(FakeDossiers(a_dossier()))
    await talk.say(CODE)
    assert responses(await talk.say("cảm ơn bạn", intent="thank")) == ["utter_conversation_welcome"]
    (told,) = await talk.say("5678", intent="thank")
    assert f"Hồ sơ {CODE}" in told["text"]


async def test_a_picture_of_the_receipt_note_is_as_good_as_a_typed_code():
    talk = Talk(FakeDossiers(a_dossier()))
    (asked,) = await talk.shows(CODE)
    assert asked["response"] == "utter_dossiers_ask_digits"
    assert asked["codes"] == CODE
    (told,) = await talk.say("5678", intent="out_of_scope")
    assert "Hồ sơ đang được giải quyết." in told["text"]


async def test_a_picture_and_words_count_together():
    talk = Talk(FakeDossiers(a_dossier()))
    (told,) = await talk.shows(CODE, words="4 số cuối 5678", intent="check_dossier")
    assert "Hồ sơ đang được giải quyết." in told["text"]


async def test_whoever_is_asked_for_a_code_and_shows_a_picture_without_one_hears_what_to_do():
    talk = Talk(FakeDossiers(a_dossier()))
    await talk.say("hồ sơ của tôi tới đâu rồi")
    assert responses(await talk.shows()) == ["utter_dossiers_no_code_in_picture"]
    assert responses(await talk.say(CODE)) == ["utter_dossiers_ask_digits"]


async def test_a_picture_out_of_the_blue_is_no_matter_of_dossiers():
    talk = Talk(FakeDossiers(a_dossier()))
    assert responses(await talk.shows()) == ["utter_conversation_attachment_received"]


async def test_a_story_with_a_picture_of_its_dossier_is_a_story():
    talk = Talk(FakeDossiers(a_dossier()))
    said = await talk.shows(CODE, words="cán bộ đòi tôi 500 nghìn", intent="report_complaint")
    assert "utter_dossiers_ask_digits" not in [each.get("response") for each in said]


@pytest.mark.parametrize("intent", ["help", "check_dossier"])
async def test_what_can_be_tried_is_said_as_long_as_there_is_nothing_else(intent):
    dossiers = FakeDossiers(a_dossier())
    talk = Talk(dossiers)
    assert "utter_dossiers_try_sample" not in responses(await talk.say("giúp với", intent))
    dossiers.is_sample = True
    assert "utter_dossiers_try_sample" in responses(await talk.say("giúp với", intent))
