"""Whom a note calls."""

import pytest

from bot.feedback.notes import called_in


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@lan xem giúp", ("lan",)),
        ("Nhờ @Lan, @minh.q và @lan.", ("lan", "minh.q")),
        ("(@to-1)", ("to-1",)),
        ("gửi lan@xa.gov.vn", ()),
        ("gửi @lan@xa.gov.vn", ()),
        ("a @ b", ()),
        ("@", ()),
        ("không gọi ai", ()),
    ],
)
def test_who_is_called(text, called):
    assert called_in(text) == called
