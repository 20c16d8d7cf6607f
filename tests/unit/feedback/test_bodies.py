"""To whom a case can go."""

import re

import pytest

from bot.feedback.bodies import all_bodies, bodies_for
from bot.feedback.category import Category

COMMUNE, PROVINCE = "Phường Sài Gòn", "Thành phố Hồ Chí Minh"


@pytest.mark.parametrize("category", Category)
def test_there_is_somewhere_to_go_for_every_kind_of_case(category):
    found = bodies_for(category, COMMUNE, PROVINCE)
    assert found
    assert not [body for body in found if "{" in body.name or not body.since]


def test_those_for_its_kind_come_first_and_are_named_after_its_place():
    names = [body.name for body in bodies_for(Category.BRIBERY, COMMUNE, PROVINCE)]
    assert names == [
        "Thanh tra Thành phố Hồ Chí Minh",
        "Công an Phường Sài Gòn",
        "Ủy ban nhân dân Thành phố Hồ Chí Minh",
    ]


def test_a_body_of_a_place_that_nobody_knows_is_not_offered():
    assert [body.name for body in bodies_for(Category.TECHNICAL, "", "")] == [
        "Cổng Dịch vụ công quốc gia"
    ]


def test_nobody_is_sent_to_a_district():
    gone = re.compile(r"\b(huyện|quận|thị xã)\b", re.IGNORECASE)
    assert not [body for body in all_bodies() if gone.search(body.name)]
