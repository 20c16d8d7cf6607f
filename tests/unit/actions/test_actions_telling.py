"""The road from a story to a receipt, as the actions speak it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

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

    async def open(self, told: Told, evidence: Sequence[str], conversation: str) -> Opened:
        self.told.append(told)
        return Opened(len(self.told), CODE, NOW, NOW, len(evidence))


class Talk:
    """A conversation with the telling: every message goes to the action of its intent."""

    def __init__(self) -> None:
        self.desk = Desk()
        services = Services(a_catalogue(), open_case=self.desk.open, now=lambda: NOW)
        self._complaint = the_action("action_report_complaint", services)
        self.slots: dict[str, Any] = {}
        self.said: Said

    async def hears(self, text: str, **heard: Any) -> Said:
        heard = {"intent": "report_complaint", "ranking": ["report_complaint"], **heard}
        self.said = await act(self._complaint, text, **heard, **self.slots)
        self.slots |= self.said.slots
        return self.said

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
