"""Templates of answers: what they may hold, and how they are filled in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.errors import BadTemplate
from bot.feedback.templates import (
    UNKNOWN,
    Filling,
    Template,
    TemplateUse,
    built_in_templates,
    check,
    fill,
)

KNOWN = Filling(
    case_number=17,
    place="Phường Sài Gòn",
    office="Trung tâm Phục vụ hành chính công",
    category="đòi giấy tờ ngoài quy định",
    received_on=date(2026, 11, 16),
    due_on=date(2026, 11, 23),
    today=date(2026, 11, 18),
    name="Nguyễn Thị Lan",
    body="Công an Phường Sài Gòn",
)


def a_template(text: str = "Chào {name}", name: str = "Chào") -> Template:
    return Template(name, TemplateUse.MESSAGE, text)


def test_a_text_is_filled_in_with_what_is_known():
    text = "Chào {name}, số {case_number} ở {place}: hạn {deadline}."
    assert fill(text, KNOWN) == "Chào Nguyễn Thị Lan, số 17 ở Phường Sài Gòn: hạn 23/11/2026."


def test_what_is_not_known_becomes_words_with_which_the_sentence_still_reads_well():
    text = "Chào {name}, việc ở {place} được trả lời vào {deadline}."
    assert fill(text, Filling(17)) == (
        "Chào anh/chị, việc ở nơi được phản ánh được trả lời vào ngày đã hẹn."
    )


@pytest.mark.parametrize("use", TemplateUse)
def test_there_is_a_template_for_every_use(use):
    assert [each for each in built_in_templates() if each.use is use]


@pytest.mark.parametrize("template", built_in_templates(), ids=lambda each: each.name)
def test_the_templates_that_come_with_the_program_can_be_filled_in(template):
    for filling in (KNOWN, Filling(17)):
        assert "{" not in fill(template.text, filling)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("Chào {ten}", ("ten",)), ("{ name }", (" name ",)), ("{}", ("",)), ("{name!r}", ("name!r",))],
)
def test_a_placeholder_that_nothing_fills_in_is_named(text, unknown):
    for refuse in (lambda: check(a_template(text)), lambda: fill(text, KNOWN)):
        with pytest.raises(BadTemplate) as refused:
            refuse()
        assert refused.value.placeholders[:1] == unknown


@pytest.mark.parametrize(
    "template",
    [
        a_template("Chào {name"),
        a_template("Chào name}"),
        a_template("{{name}}"),
        a_template(" "),
        a_template("x" * 5001),
        a_template(name=" "),
        a_template(name="x" * 81),
    ],
)
def test_what_is_no_template_is_refused(template):
    with pytest.raises(BadTemplate):
        check(template)


@given(st.text(), st.sampled_from(sorted(UNKNOWN)))
def test_what_stands_in_a_case_is_put_in_as_it_is_and_never_read_as_a_template(words, placeholder):
    known = Filling(17, place=words, office=words, category=words, name=words, body=words)
    filled = fill("<{place}|{office}|{" + placeholder + "}>", known)
    assert filled.startswith(f"<{words or UNKNOWN['place']}|{words or UNKNOWN['office']}|")
