"""Rights at the counter: the right one for the words, each with its source."""

import pytest

from actions.rights import Spoken, find_topic, load_topics, topic_payload
from tests.unit.actions.acting import act, the_action

TOPICS = load_topics()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("nộp hồ sơ trực tiếp có bắt buộc phải có vneid không", "vneid"),
        ("khong co dien thoai thi nop ho so duoc khong, ho bat cai vneid", "vneid"),
        ("phường từ chối nhận hồ sơ vì đang sắp xếp bộ máy", "refusal"),
        ("họ đòi thêm giấy tờ ngoài quy định có đúng không", "extra_papers"),
        ("sao lại bắt tôi đi xác nhận địa chỉ cũ và địa chỉ mới", "place_names"),
        ("giấy tờ cũ còn dùng được không hay phải đổi", "old_papers"),
        ("nộp hồ sơ có được lấy giấy hẹn không", "receipt"),
        ("hồ sơ quá hạn có được xin lỗi không", "late"),
        ("thu lệ phí không có biên lai", "fees"),
        ("có cò giấy tờ ở cổng ủy ban", "broker"),
        ("nộp ở xã khác được không", "anywhere"),
    ],
)
def test_the_words_of_a_question_lead_to_its_right(question, topic):
    found = find_topic(TOPICS, question)
    assert found is not None
    assert found.id == topic


def test_words_that_only_look_alike_without_marks_do_not_lead_anywhere():
    assert not Spoken("có cần phương tiện gì không").has("tiền")
    assert Spoken("dong tien o dau").has("tiền")
    assert find_topic(TOPICS, "hôm nay trời đẹp") is None


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
async def test_every_right_is_one_button_or_number_away(topic):
    rights = the_action("action_ask_rights")
    said = await act(rights, topic_payload(topic), entities=[("rights_topic", topic.id)])
    assert said.response == topic.response
    listed = await act(rights, "/ask_rights")
    place = [t.id for t in TOPICS].index(topic.id) + 1
    picked = await act(rights, str(place), choices=listed.slots["choices"])
    assert picked.pressed == topic_payload(topic)


async def test_an_unknown_right_is_answered_with_the_known_ones():
    said = await act(the_action("action_ask_rights"), "tôi có quyền bầu cử không")
    assert said.response == "utter_rights_known_topics"
    assert "1. " + TOPICS[0].title in said.messages[0]["topics"]
    assert len(said.titles) == 6
