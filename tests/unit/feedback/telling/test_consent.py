"""What people agree to is what is written, and a text that was in use never changes."""

import re

import pytest

from bot.feedback.telling.consent import THIS_SERVICE, Consent, consent, consents


@pytest.mark.parametrize("written", consents(), ids=lambda one: one.version)
def test_each_version_is_the_text_that_its_hash_was_taken_of(written: Consent):
    assert written.fingerprint == written.sha256, "write a new version instead of changing a text"


def test_versions_are_unique_and_the_newest_comes_first():
    versions = [one.version for one in consents()]
    days = [one.in_force_from for one in consents()]
    assert len(set(versions)) == len(versions)
    assert days == sorted(days, reverse=True)


def test_the_text_names_who_answers_for_the_data():
    assert "UBND tỉnh Đắk Lắk" in consent().said_by("UBND tỉnh Đắk Lắk")
    assert THIS_SERVICE in consent().said_by("")


def test_the_text_tells_purpose_data_time_rights_and_that_it_may_be_refused():
    text = consent().text
    for told in ("chỉ để", "tên", "số điện", "2 năm", "xóa", "rút lại", "khiếu nại", "91/2025"):
        assert told in text
    assert "Không đồng ý cũng được" in text


def test_the_text_promises_the_time_that_is_kept():
    years = int(re.search(r"chậm nhất (\d+) năm", consent().text).group(1))
    assert consent().keep_days == years * 365
