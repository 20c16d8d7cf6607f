"""Whatever is said, and in whatever order: the draft stays whole, and the questions stay few."""

from datetime import date, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback.services import LONGEST_TEXT
from bot.feedback.telling import hearing
from bot.feedback.telling.draft import LONGEST_STORY, Draft
from bot.feedback.telling.outcome import Noted, Then
from bot.feedback.telling.question import UNCOUNTED, Candidate, Question
from bot.feedback.telling.road import MOST_QUESTIONS
from bot.feedback.telling.said import Answer, DaySaid, PlaceSaid, Said
from bot.feedback.telling.wording import options
from tests.unit.feedback.telling.tellings import NOW, TODAY

WORDS = (
    *("thôi", "không", "có", "gửi", "ok gửi đi", "bỏ qua", "không nhớ", "sửa", "ẩn danh", "vâng"),
    *("tôi không đồng ý", "kể tiếp", "à nhầm", "thế thôi ạ", "alo", "1", "???", "tôi ghi tên"),
    *("không phải phường A, phường B cơ mà", "sửa lại ngày", "phản ánh chuyện khác", "hôm qua"),
    *("Nguyễn Văn An 0912345678", "cán bộ bắt tôi về ba lần mà không nói lý do gì", "ở Hà Nội"),
    *("để mai kể tiếp nhé", "thế có mất phí không?", "làm khai sinh cần gì?", "chuyện là thế này"),
)
PLACES = (
    PlaceSaid("phường A", 0, "79", "26737", "Phường A"),
    PlaceSaid("phường B", 20, "01", "00070", "Phường B"),
    PlaceSaid("Hà Nội", 0, "01"),
    PlaceSaid("cũ", 0, None, None, "", (Candidate("1", "A", "79"), Candidate("2", "B", "01"))),
)
KINDS = ("bribery", "delay", "praise", "improper_demand/forced_vneid", "other")

VALUES = (
    *("skip", "today", "yesterday", "anonymous", "named", "silent", "send", "edit", "stop", "yes"),
    *("no", "new", "old", "again", "1", "2", "bribery", "where", "when", "kind", "identity"),
    *("story", "summary", "nonsense"),
)
answers = st.builds(Answer, st.sampled_from(Question), st.sampled_from(VALUES))
days = st.builds(
    DaySaid,
    st.just("hôm ấy"),
    st.just(0),
    st.none() | st.dates(TODAY - timedelta(days=30), TODAY),
)
messages = st.builds(
    Said,
    today=st.just(TODAY),
    text=st.sampled_from(WORDS) | st.text(max_size=80),
    intent=st.sampled_from(["report_complaint", "ask_procedure", "deny", "goodbye", "help"]),
    complaint=st.floats(0, 1),
    elsewhere=st.floats(0, 1),
    about=st.sampled_from(["", "", "cost"]),
    guesses=st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 1)), max_size=3).map(tuple),
    places=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
    days=st.lists(days, max_size=1).map(tuple),
    phone=st.sampled_from(["", "", "0912345678"]),
    evidence=st.lists(st.sampled_from("ab"), max_size=1).map(tuple),
)
buttons = st.builds(Said, today=st.just(TODAY), answer=answers)
turns = st.lists(messages | buttons, max_size=25)


def is_over(then: Then) -> bool:
    return then in (Then.SEND, Then.ERASE, Then.REFUSED)


@settings(max_examples=400, deadline=None)
@given(messages, turns)
def test_any_talk_leaves_a_draft_that_can_be_kept_and_few_questions(
    opening: Said, talk: list[Said]
):
    heard = hearing.begin(opening, NOW)
    for said in talk:
        draft = heard.draft
        assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft
        assert len(draft.asked) <= draft.budget <= MOST_QUESTIONS
        assert not UNCOUNTED & set(draft.asked)
        assert len(draft.story) <= LONGEST_STORY < LONGEST_TEXT
        assert len(options(draft, draft.open)) <= 6
        assert draft.where is None or not draft.where.commune_code or draft.where.province_code
        heard = hearing.take(draft, said, NOW)
        if is_over(heard.then):
            break


@settings(max_examples=300, deadline=None)
@given(messages, turns)
def test_nothing_is_asked_twice_in_a_row_in_the_same_words(opening: Said, talk: list[Said]):
    heard = hearing.begin(opening, NOW)
    asked = [(heard.draft.open, heard.draft.repeats % 2)]
    for said in talk:
        heard = hearing.take(heard.draft, said, NOW)
        if is_over(heard.then):
            break
        if heard.then is not Then.LATER:
            asked.append((heard.draft.open, heard.draft.repeats % 2))
    assert all(before != after for before, after in pairwise(asked))


@settings(max_examples=300, deadline=None)
@given(messages, turns)
def test_the_story_only_grows_until_somebody_chooses_to_tell_it_anew(
    opening: Said, talk: list[Said]
):
    heard = hearing.begin(opening, NOW)
    for said in talk:
        before = heard.draft
        heard = hearing.take(before, said, NOW)
        if is_over(heard.then):
            break
        anew = said.answer in (
            Answer(Question.STORY, "again"),
            Answer(Question.ANOTHER, "new"),
        ) or (before.open is Question.ANOTHER and Noted.OPENED in heard.noted)
        another = before.open is Question.ANOTHER and not heard.draft.paragraphs
        told = heard.draft.paragraphs[: len(before.paragraphs)] == before.paragraphs
        assert told or anew or another


stories = st.text("abcdeghiklmnopqrstuvxy ", min_size=40, max_size=120).map(
    lambda text: f"cán bộ bắt tôi chờ {text}".strip()
)


@settings(max_examples=200, deadline=None)
@given(messages, st.lists(messages | buttons, max_size=8), stories)
def test_a_story_told_at_any_question_is_in_the_draft(opening: Said, talk: list[Said], story: str):
    heard = hearing.begin(opening, NOW)
    for said in talk:
        heard = hearing.take(heard.draft, said, NOW)
        if is_over(heard.then):
            return
    told = Said(today=TODAY, text=story, complaint=0.95)
    after = hearing.take(heard.draft, told, NOW)
    assert after.then in (Then.ASK, Then.AGAIN)
    kept = (after.draft.kept.text if after.draft.kept else "", after.draft.story)
    assert story in kept[0] or story in kept[1]


@settings(max_examples=200, deadline=None)
@given(messages, turns)
def test_nothing_is_sent_but_from_the_summary_and_by_a_clear_word(opening: Said, talk: list[Said]):
    heard = hearing.begin(opening, NOW)
    for said in talk:
        before = heard.draft
        heard = hearing.take(before, said, NOW)
        if heard.then is Then.SEND:
            asked = (Question.SUMMARY, Question.EDIT, Question.STOP)
            assert before.open in asked
            assert Question.SUMMARY in before.asked
            assert before.paragraphs
        if is_over(heard.then):
            break


@given(st.dates(date(2020, 1, 1), TODAY))
def test_a_day_that_was_told_is_kept(day: date):
    said = Said(today=TODAY, text="cán bộ bắt tôi chờ", days=(DaySaid("hôm ấy", 0, day),))
    when = hearing.begin(said, NOW).draft.when
    assert when is not None
    assert when.day == day
