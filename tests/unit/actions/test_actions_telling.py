"""The road from a story to a receipt, as the actions speak it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.registry import build_actions
from actions.services import Opened, Services
from bot.feedback.category import Category
from bot.feedback.services import Told
from tests.unit.actions.acting import Said, a_catalogue, act, the_action

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "4KP421CXFC05R51"
TAN_DINH = {
    "value": "phường Tân Định",
    "start": 5,
    "unit": {
        "level": "commune",
        "name": "Phường Tân Định",
        "code": "26737",
        "province": "Thành phố Hồ Chí Minh",
        "candidates": [],
    },
}


class Desk:
    """Keeps cases in memory."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.evidence: list[str] = []

    async def open(self, told: Told, evidence: Sequence[str], conversation: str) -> Opened:
        self.told.append(told)
        self.evidence += evidence
        return Opened(len(self.told), CODE, NOW, NOW, len(evidence))


class Talk:
    """A conversation with the telling: every message goes to the action of its intent."""

    def __init__(self) -> None:
        self.desk = Desk()
        self._now = NOW
        services = Services(a_catalogue(), open_case=self.desk.open, now=lambda: self._now)
        self._actions = {action.name(): action for action in build_actions(services)}
        self.slots: dict[str, Any] = {}
        self.said: Said

    async def hears(self, text: str, **heard: Any) -> Said:
        intent = heard.setdefault("intent", "report_complaint")
        heard.setdefault("ranking", [intent])
        action = self._actions[f"action_{intent}"]
        self.said = await act(action, text, **heard, **self.slots)
        self.slots |= self.said.slots
        return self.said

    def days_pass(self, days: int) -> None:
        self._now += timedelta(days=days)

    def asks(self) -> str:
        return self.said.messages[-1]["custom"]["asks"]

    def responses(self) -> list[str]:
        return [message["response"] for message in self.said.messages]


async def test_a_full_story_becomes_a_case_with_a_receipt():
    talk = Talk()
    await talk.hears("hôm qua ở phường Tân Định cán bộ quát tôi", places=[TAN_DINH])
    await talk.hears("hôm qua", entities=[("time", "hôm qua")])
    await talk.hears("1")
    await talk.hears("bỏ qua")
    assert talk.responses() == ["utter_telling_summary", "utter_telling_consent"]
    await talk.hears("gửi")
    assert talk.responses() == ["utter_telling_receipt", "utter_telling_next"]
    facts = talk.said.messages[0]["custom"]
    assert facts == {"receipt_code": "4KP42-1CXFC-05R51", "case_id": 1}
    [told] = talk.desk.told
    assert told.commune_code == "26737"
    assert told.province_code == "79"
    assert told.category is Category.OTHER
    assert told.consent_version == "1"
    assert told.identity is None
    assert talk.slots["telling"] is None


async def test_a_button_of_a_telling_that_is_over_opens_nothing():
    talk = Talk()
    await talk.hears("/report_complaint", entities=[("told", "summary:send")])
    assert talk.responses() == ["utter_telling_over"]
    assert "telling" not in talk.slots


FULL = "hôm qua ở phường Tân Định cán bộ quát tôi"


async def a_full_story(talk: Talk) -> None:
    await talk.hears(FULL, places=[TAN_DINH])
    await talk.hears("hôm qua", entities=[("time", "hôm qua")])
    assert talk.asks() == "identity"


async def test_another_question_is_answered_and_the_open_one_follows_in_other_words():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("đăng ký lại khai sinh cần gì?", intent="ask_procedure", confidence=0.9)
    assert talk.responses()[-1] == "utter_telling_identity_again"
    assert talk.said.messages[0]["custom"]["procedure_codes"] == ["1.004884"]
    await talk.hears("1")
    assert talk.asks() == "evidence"


async def test_a_question_about_telling_itself_is_answered_from_its_own_words():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("thế có mất phí không?", intent="ask_procedure", confidence=0.9)
    assert talk.responses() == ["utter_telling_about_cost", "utter_telling_identity_again"]


async def test_whoever_comes_back_after_days_hears_where_they_were():
    talk = Talk()
    await a_full_story(talk)
    talk.days_pass(3)
    await talk.hears("alo", intent="greet")
    assert talk.responses() == ["utter_telling_welcome_back", "utter_telling_identity_again"]
    assert talk.said.messages[0]["story"].startswith("hôm qua ở phường")


async def test_whoever_comes_back_with_another_story_is_asked_which_one_to_go_on_with():
    talk = Talk()
    await a_full_story(talk)
    talk.days_pass(3)
    await talk.hears("hôm nay tôi lại bị cán bộ một cửa đuổi về", confidence=0.95)
    assert talk.asks() == "another"
    await talk.hears("2")
    assert "đuổi về" in talk.slots["telling"]["paragraphs"][0]
    assert len(talk.slots["telling"]["paragraphs"]) == 1


async def test_no_consent_keeps_nothing_and_says_where_else_to_go():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("1")
    await talk.hears("bỏ qua")
    await talk.hears("không đồng ý", intent="deny")
    assert talk.responses() == ["utter_telling_refused"]
    assert talk.slots["telling"] is None
    assert talk.desk.told == []


async def test_consent_is_asked_anew_when_its_text_has_changed():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("1")
    await talk.hears("bỏ qua")
    talk.slots["telling"]["consent"] = "an older version"
    await talk.hears("gửi", intent="affirm")
    assert talk.responses()[-1] == "utter_telling_consent"
    assert talk.desk.told == []
    await talk.hears("gửi", intent="affirm")
    assert [told.consent_version for told in talk.desk.told] == ["1"]


async def test_pictures_go_into_the_case_and_leave_the_slot():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("1")
    await talk.hears("", attachments=["a1", "b2"])
    assert talk.responses()[0] == "utter_telling_evidence_kept"
    await talk.hears("gửi", intent="affirm")
    assert talk.desk.evidence == ["a1", "b2"]
    assert talk.slots["evidence"] is None


async def test_an_album_at_the_summary_tells_the_number_that_is_sent():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("1")
    await talk.hears("", attachments=["a1"], how={"album": "7"})
    assert "Ảnh, giấy tờ: 1" in talk.said.messages[1]["summary"]
    for number, picture in enumerate(["b2", "c3"], 2):
        await talk.hears("", attachments=[picture], how={"album": "7"})
        assert talk.responses() == ["utter_telling_evidence_counted"]
        assert talk.said.messages[0]["count"] == str(number)
    await talk.hears("gửi", intent="affirm")
    assert talk.desk.evidence == ["a1", "b2", "c3"]


async def test_an_album_before_the_summary_is_answered_once():
    talk = Talk()
    await a_full_story(talk)
    for picture in ("a1", "b2"):
        await talk.hears("", attachments=[picture], how={"album": "7"})
    assert talk.responses() == []


async def test_who_chooses_the_code_alone_is_not_written_to():
    talk = Talk()
    await a_full_story(talk)
    await talk.hears("3")
    await talk.hears("bỏ qua")
    await talk.hears("gửi", intent="affirm")
    assert talk.desk.told[0].conversation is None


async def test_money_asked_for_is_told_apart_from_a_denunciation_once():
    talk = Talk()
    bribe = {"name": "bribery", "ranking": [{"name": "bribery", "confidence": 0.9}]}
    await talk.hears("cán bộ đòi 500k mới nhận hồ sơ", feedback_category=bribe)
    assert "utter_telling_notice_bribery" in talk.responses()
    await talk.hears("cán bộ còn đòi thêm 200k nữa", feedback_category=bribe)
    assert "utter_telling_notice_bribery" not in talk.responses()


async def test_threats_point_to_the_police():
    talk = Talk()
    await talk.hears("tôi bị người ở đó dọa đánh khi nộp hồ sơ")
    assert "utter_telling_notice_danger" in talk.responses()


async def test_a_right_asked_by_somebody_who_was_wronged_opens_the_road_with_their_words():
    services = Services(a_catalogue(), now=lambda: NOW)
    rights = the_action("action_ask_rights", services)
    asked = await act(rights, "phường bắt tôi phải có vneid vậy có đúng không")
    assert [message["response"] for message in asked.messages] == [
        "utter_rights_vneid",
        "utter_telling_offer",
    ]
    button = asked.messages[1]["buttons"][0]["payload"]
    road = the_action("action_report_complaint", services)
    told = [("told", "story:offered")]
    begun = await act(road, button, entities=told, grievance=asked.slots["grievance"])
    assert begun.slots["telling"]["paragraphs"] == (
        "phường bắt tôi phải có vneid vậy có đúng không",
    )
    assert begun.slots["grievance"] is None


async def test_a_right_asked_out_of_interest_offers_a_button_alone():
    asked = await act(the_action("action_ask_rights"), "nộp trực tiếp có cần vneid không")
    assert asked.titles == ["Gửi phản ánh"]
