"""How replies look on Zalo, within what it takes."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Button, Parcel, Reply
from bot.channels.zalo_oa.letters import LONGEST_TEXT, cut, has_buttons, letter
from tests.fakes.zalo_oa_api import FakeZaloOa

ORIGIN = "https://hoi.example.gov.vn"
CHOICES = (Button("Lệ phí", "/fee"), Button("Nộp ở đâu", "/place"))


def written(reply: Reply, *, buttons: bool = True, again: bool = False) -> dict:
    """Return the last message of a reply."""
    return letter(Parcel(12, cut(reply)[-1], again), ORIGIN, buttons=buttons)


def test_a_text_is_a_text():
    assert written(Reply("xin chào")) == {"text": "xin chào"}


def test_choices_are_buttons_whose_taps_stay_out_of_sight():
    payload = written(Reply("Bạn cần gì?", CHOICES))["attachment"]["payload"]
    assert payload["buttons"] == [
        {"title": "Lệ phí", "type": "oa.query.hide", "payload": "#dh:12.0"},
        {"title": "Nộp ở đâu", "type": "oa.query.hide", "payload": "#dh:12.1"},
    ]


def test_without_buttons_choices_are_numbered():
    message = written(Reply("Bạn cần gì?", CHOICES), buttons=False)
    assert message == {"text": "Bạn cần gì?\n\n1. Lệ phí\n2. Nộp ở đâu"}


def test_what_no_button_takes_is_numbered():
    many = tuple(Button(f"Việc {n}", f"/{n}") for n in range(6))
    long = (Button("x" * 101, "/x"),)
    for choices in (many, long):
        message = written(Reply("Bạn cần gì?", choices))
        assert "attachment" not in message
        assert message["text"].startswith("Bạn cần gì?\n\n1. ")


def test_a_picture_goes_by_its_public_address_or_not_at_all():
    def element(image: str) -> dict:
        return written(Reply("ảnh", image=image))["attachment"]["payload"]["elements"][0]

    assert element("/forms/a.png") == {"media_type": "image", "url": f"{ORIGIN}/forms/a.png"}
    assert element("https://elsewhere.vn/a.png")["url"] == "https://elsewhere.vn/a.png"
    inside = letter(Parcel(1, Reply("ảnh", image="/a.png")), "http://127.0.0.1:8080", buttons=True)
    assert inside == {"text": "ảnh"}


def test_text_is_composed_before_it_is_counted():
    decomposed = unicodedata.normalize("NFD", "Thủ tục đăng ký khai sinh " * 70)
    assert len(decomposed) > LONGEST_TEXT
    (only,) = cut(Reply(decomposed))
    assert written(only)["text"] == unicodedata.normalize("NFC", decomposed).strip()


texts = st.text(st.sampled_from("aễ̀\n .,đ🙂👨‍👩‍👧क़"), max_size=5000)
buttons = st.lists(
    st.builds(Button, st.text(st.sampled_from("aệ̃b"), min_size=1, max_size=120), st.just("/x")),
    max_size=8,
)


@given(texts, buttons, st.sampled_from(["", "https://a.vn/b.png"]), st.booleans(), st.booleans())
def test_zalo_takes_every_message_that_has_words(text, choices, image, as_buttons, again):
    reply = Reply(text, tuple(choices), image)
    zalo = FakeZaloOa()
    for part in cut(reply):
        message = letter(Parcel(2**40, part, again), ORIGIN, buttons=as_buttons)
        if message["text"].strip():
            zalo._check_message(message)
    assert cut(reply)[-1].buttons == reply.buttons


@given(texts, buttons)
def test_refused_buttons_always_find_room_as_numbers(text, choices):
    last = cut(Reply(text, tuple(choices)))[-1]
    numbered = letter(Parcel(1, last, again=True), ORIGIN, buttons=False)["text"]
    assert len(numbered) <= LONGEST_TEXT
    if has_buttons(last):
        assert "1. " in numbered
