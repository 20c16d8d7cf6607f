"""The words of the pages about cases leave nothing unsaid."""

import pytest

from bot.console import case_texts, texts
from bot.console.case_acts import ACTS
from bot.feedback.category import Category, Subtype
from bot.feedback.clocks import Urgency
from bot.feedback.deadlines import Clock, load_deadlines
from bot.feedback.errors import Forbidden, Obstacle
from bot.feedback.models import OF_THE_HOUSE, Kind
from bot.feedback.similar import Reason
from bot.feedback.states import RULES, Move, Rejection, Role, State
from bot.feedback.templates import UNKNOWN, TemplateUse
from tests.fakes.console import NOW


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (texts.CATEGORIES, Category),
        (texts.SUBTYPES, Subtype),
        (texts.STATES, State),
        (texts.CLOCKS, Clock),
        (texts.URGENCIES, Urgency),
        (case_texts.REJECTIONS, Rejection),
        (case_texts.REASONS, Reason),
        (case_texts.FORBIDDEN, Forbidden),
        (case_texts.OBSTACLES, Obstacle),
        (case_texts.USES, TemplateUse),
        (case_texts.HAPPENED, {*Kind, *Move} - OF_THE_HOUSE - {Kind.MOVED}),
    ],
)
def test_there_are_words_for_each(words, meant):
    assert set(words) == set(meant)


def test_every_move_of_the_staff_has_a_button_a_form_and_words_when_it_is_done():
    theirs = {move for move, rule in RULES.items() if {Role.SUPERVISOR, Role.LEAD} & rule.roles}
    assert set(case_texts.MOVES) == theirs
    assert {act.did for act in ACTS.values() if isinstance(act.did, Move)} == theirs
    assert {act.notice for act in ACTS.values()} <= set(texts.NOTICES)


def test_every_placeholder_of_a_template_is_explained():
    assert set(case_texts.ANSWER_TEMPLATES["explained"]) == set(UNKNOWN)


@pytest.mark.parametrize("clock", Clock)
@pytest.mark.parametrize("category", Category)
def test_every_deadline_says_on_what_it_rests_in_vietnamese(clock, category):
    rule = load_deadlines().rule(clock, category, None, NOW)
    assert rule.basis.words
