"""How entries of the journal become what the page draws."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Button, Entry, Reply
from bot.channels.web.view import (
    Card,
    Fact,
    Run,
    Section,
    Source,
    line,
    message_id,
    read_card,
    runs,
    update_id,
)

AT = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)


def an_answer(**reply):
    return Entry(id=7, at=AT, author="bot", text="…", reply=Reply(**reply))


def test_the_hour_is_that_of_vietnam():
    drawn = line(an_answer(text="Chào bạn"))
    assert (drawn.day, drawn.clock) == ("23/11/2026", "01:05")
    assert drawn.at == "2026-11-23T01:05:00+07:00"


def test_a_citizens_words_are_shown_as_typed_without_links():
    entry = Entry(id=1, at=AT, author="citizen", text="https://a.vn <b>", update_id="an:u-1")
    assert line(entry).text == (Run("https://a.vn <b>"),)
    assert line(entry).message_id == "u-1"


def test_the_page_gets_back_the_id_that_it_gave():
    assert message_id(update_id("address", "an-id-of-the-page")) == "an-id-of-the-page"


def test_a_card_stands_in_for_the_text():
    drawn = line(an_answer(text="dài dòng", custom={"card": {"heading": "Khai sinh"}}))
    assert drawn.text == ()
    assert drawn.card == Card(heading="Khai sinh")


@pytest.mark.parametrize("card", [None, "Khai sinh", [], {}, {"heading": ""}, {"facts": [None]}])
def test_without_a_card_to_draw_the_text_is_shown(card):
    drawn = line(an_answer(text="Không mất tiền", custom={"card": card}))
    assert drawn.text == (Run("Không mất tiền"),)
    assert drawn.card is None


def test_buttons_keep_their_payloads():
    buttons = (Button("Lệ phí", '/ask_procedure{"aspect": "fee"}'),)
    assert line(an_answer(buttons=buttons)).buttons == buttons


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/files/mau.png", "/files/mau.png"),
        ("https://a.vn/mau.png", "https://a.vn/mau.png"),
        ("//evil.vn/a.png", ""),
        ("/\\evil.vn/a.png", ""),
        ("javascript:alert(1)", ""),
        ("http://a.vn/a.png", ""),
    ],
)
def test_a_picture_comes_from_our_own_path_or_over_https(address, shown):
    assert line(an_answer(image=address)).image == shown


# -- links --


def links(text):
    return [run.href for run in runs(text) if run.href]


def test_an_address_in_a_sentence_becomes_a_link_without_the_full_stop():
    assert runs("Xem https://dichvucong.gov.vn/a?b=1.") == (
        Run("Xem "),
        Run("https://dichvucong.gov.vn/a?b=1", href="https://dichvucong.gov.vn/a?b=1"),
        Run("."),
    )


def test_a_bracket_belongs_to_the_address_only_when_it_was_opened_there():
    assert links("(xem https://a.vn/b)") == ["https://a.vn/b"]
    assert links("https://a.vn/b_(c)") == ["https://a.vn/b_(c)"]


@pytest.mark.parametrize(
    "text",
    [
        "http://a.vn",
        "javascript:alert(1)",
        "https://dichvucong.gov.vn@evil.vn/",
        "https://",
        "https://[",
        "data:text/html,x",
    ],
)
def test_what_is_not_plain_https_stays_text(text):
    assert links(text) == []


@given(st.text() | st.lists(st.sampled_from(["https://", "a.vn", "@", "[", ")", "."])).map("".join))
def test_cutting_at_links_loses_no_letter(text):
    assert "".join(run.text for run in runs(text)) == text


# -- cards --


def test_a_full_card_is_read_in_its_parts():
    card = read_card(
        {
            "heading": "Khai sinh",
            "lead": "Dành cho trẻ em.",
            "facts": [["Lệ phí", "Không"], ["Thời hạn", ""]],
            "paragraphs": ["Một.", "Hai."],
            "items": ["Tờ khai"],
            "sections": [{"heading": "Phải nộp", "items": ["Giấy chứng sinh"]}, {}],
            "source": {"name": "Cổng", "code": "1.001193", "date": "", "url": "https://a.vn"},
        }
    )
    assert card == Card(
        heading="Khai sinh",
        lead=(Run("Dành cho trẻ em."),),
        facts=(Fact("Lệ phí", (Run("Không"),)),),
        paragraphs=((Run("Một."),), (Run("Hai."),)),
        items=((Run("Tờ khai"),),),
        sections=(Section(heading="Phải nộp", items=((Run("Giấy chứng sinh"),),)),),
        source=Source("Cổng · 1.001193", "https://a.vn"),
    )


def test_facts_may_come_as_pairs_or_by_name():
    expected = (Fact("Lệ phí", (Run("Không"),)),)
    for facts in (
        [["Lệ phí", "Không"]],
        {"Lệ phí": "Không"},
        [{"term": "Lệ phí", "value": "Không"}],
    ):
        assert read_card({"facts": facts}).facts == expected


def test_text_under_an_unknown_key_is_not_lost():
    card = read_card({"note": "Mang bản chính.", "warnings": ["Một", "Hai"], "weight": True})
    assert card.paragraphs == ((Run("Mang bản chính."),),)
    assert card.items == ((Run("Một"),), (Run("Hai"),))


def test_an_unsafe_source_address_is_only_text():
    assert read_card({"source": {"name": "Cổng", "url": "javascript:x"}}).source == Source("Cổng")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
card_keys = st.sampled_from(
    ["heading", "lead", "facts", "paragraphs", "items", "sections", "source", "other"]
)


@given(st.dictionaries(card_keys, json_values))
def test_any_card_can_be_read(raw):
    assert isinstance(read_card(raw), Card | None)
