"""What staff do with a case beside moving it: notes, reading, comparing, templates, publishing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.feedback import audit, merging, notes, publishing, services
from bot.feedback.area import Area
from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.errors import (
    BadDetails,
    BadTemplate,
    CaseChanged,
    NoSuchCase,
    NotPublishable,
    Obstacle,
    UnknownAccount,
)
from bot.feedback.evidence import Cleaned, bind, keep, open_evidence
from bot.feedback.models import CaseEvent, Kind, Media, Side
from bot.feedback.own_templates import drop_template, save_template, templates
from bot.feedback.presence import be_present
from bot.feedback.publishing import Filter, Texts
from bot.feedback.services import REPORTER, Actor, Desk, Step
from bot.feedback.similar import Reason, shared_words, similar_cases
from bot.feedback.states import Move, Role, State
from bot.feedback.templates import Template, TemplateUse
from bot.feedback.timeline import SAME_OPENING, open_file
from bot.feedback.versions import hold_at, is_done, version_of
from bot.questions.stripping import strip
from tests.integration.test_cases import LAN, NOW, ROAD, STORY, TOLD

MINH = Actor(Role.LEAD, "minh")
STAFF = {"lan", "minh", "hoa"}
ANSWER = "Đã nhắc nhở cán bộ và trả lại tiền."


@pytest.fixture
def told():
    """What reporters were told, in order."""
    return []


@pytest.fixture
def desk(vault, told) -> Desk:
    async def tell(session, conversation_id, notice):
        told.append(notice)

    return Desk(vault, load_deadlines(), tell)


@pytest.fixture
async def case(doing, desk):
    opened, _ = await doing(services.open_case, desk, TOLD, NOW)
    return opened


@pytest.fixture
def answered(doing, desk):
    """Open a case and answer it."""

    async def answer(told=TOLD, at=NOW):
        opened, _ = await doing(services.open_case, desk, told, at)
        for hour, step in enumerate(ROAD, start=1):
            await doing(services.move, desk, opened.id, step, LAN, at + timedelta(hours=hour))
        return opened

    return answer


# -- notes and who is called ---------------------------------------------------------------------


async def test_a_note_stays_inside_and_calls_whom_it_names(case, doing, desk):
    text = "Nhờ @minh xem, @lan gọi lại chị Hoa."
    await doing(notes.add_note, desk, case.id, text, LAN, STAFF, NOW)
    assert await doing(services.messages_of, desk.vault, case.id) == []
    (called,) = await doing(notes.unread_mentions, "minh")
    assert (called.case_id, called.called_by, called.called_at) == (case.id, "lan", NOW)
    assert await doing(notes.count_unread_mentions, "lan") == 0  # nobody calls themselves
    last = (await doing(open_file, desk, case.id, LAN, NOW)).entries[-2]
    assert (last.kind, last.text, last.content.mentions) == (Kind.NOTE, text, ("minh", "lan"))
    assert last.side is None


async def test_a_note_that_calls_nobody_we_know_is_not_kept(case, doing, desk):
    before = await doing(version_of, case.id)
    with pytest.raises(UnknownAccount) as refused:
        await doing(notes.add_note, desk, case.id, "@lan @tuan @mai", LAN, STAFF, NOW)
    assert refused.value.names == ("tuan", "mai")
    for text in (" ", "x" * (services.LONGEST_TEXT + 1)):
        with pytest.raises(BadDetails):
            await doing(notes.add_note, desk, case.id, text, LAN, STAFF, NOW)
    with pytest.raises(NoSuchCase):
        await doing(notes.add_note, desk, 10**9, "@minh", LAN, STAFF, NOW)
    assert await doing(version_of, case.id) == before
    assert await doing(notes.count_unread_mentions, "minh") == 0


async def test_a_call_is_unread_until_the_case_is_seen(case, doing, desk):
    await doing(notes.add_note, desk, case.id, "@minh", LAN, STAFF, NOW)
    await doing(notes.add_note, desk, case.id, "@hoa", LAN, STAFF, NOW)
    await doing(notes.see_mentions, case.id, "minh", NOW)
    counted = [await doing(notes.count_unread_mentions, name) for name in ("minh", "hoa")]
    assert counted == [0, 1]


# -- reading -------------------------------------------------------------------------------------


async def readings(doing, case_id: int) -> list[str]:
    async def find(session):
        of_case = CaseEvent.case_id == case_id
        query = select(CaseEvent.actor).where(of_case, CaseEvent.kind == Kind.READ)
        return list(await session.scalars(query.order_by(CaseEvent.number)))

    return await doing(find)


async def test_the_timeline_tells_everything_in_order_and_who_did_it(case, doing, desk):
    for step in ROAD:
        await doing(services.move, desk, case.id, step, LAN, NOW)
    await doing(services.add_to_case, desk, case.id, "Cảm ơn", REPORTER, NOW)
    file = await doing(open_file, desk, case.id, MINH, NOW)
    told = [(each.kind, each.move, each.by.account, each.side, each.text) for each in file.entries]
    assert told == [
        (Kind.OPENED, None, "", Side.REPORTER, STORY),
        (Kind.MOVED, Move.TRIAGE, "lan", None, ""),
        (Kind.MOVED, Move.ASSIGN, "lan", None, ""),
        (Kind.MOVED, Move.START, "lan", None, ""),
        (Kind.MOVED, Move.ANSWER, "lan", Side.OFFICE, ANSWER),
        (Kind.MESSAGE, None, "", Side.REPORTER, "Cảm ơn"),
        (Kind.READ, None, "minh", None, ""),
    ]
    assert (file.story, file.identity) == (STORY, TOLD.identity)


async def test_that_somebody_read_it_is_kept_once_an_opening(case, doing, desk):
    for minutes in (0, 1, 14):
        await doing(open_file, desk, case.id, LAN, NOW + timedelta(minutes=minutes))
    assert await readings(doing, case.id) == ["lan"]
    await doing(open_file, desk, case.id, MINH, NOW)
    await doing(open_file, desk, case.id, LAN, NOW + SAME_OPENING)
    assert await readings(doing, case.id) == ["lan", "minh", "lan"]


async def test_what_was_written_since_is_read_anew(case, doing, desk):
    await doing(open_file, desk, case.id, LAN, NOW)
    await doing(services.add_to_case, desk, case.id, "Tôi nhớ ra rồi", REPORTER, NOW)
    await doing(open_file, desk, case.id, LAN, NOW)
    await doing(notes.add_note, desk, case.id, "đã gọi", LAN, STAFF, NOW)  # by themselves
    await doing(open_file, desk, case.id, LAN, NOW)
    assert await readings(doing, case.id) == ["lan", "lan"]


async def test_who_opened_a_picture_has_not_read_what_was_written_meanwhile(case, doing, desk):
    pixels = Cleaned(Media.JPEG, b"pixels")
    picture = await doing(keep, desk.vault, pixels, TOLD.conversation, NOW)
    await doing(bind, desk.vault, [picture], case.id, TOLD.conversation, NOW)
    await doing(open_file, desk, case.id, LAN, NOW)
    await doing(services.add_to_case, desk, case.id, "Tôi nhớ ra rồi", REPORTER, NOW)
    await doing(open_evidence, desk.vault, case.id, picture, LAN, NOW)
    await doing(open_file, desk, case.id, LAN, NOW)
    assert await readings(doing, case.id) == ["lan", "lan", "lan"]


async def test_there_is_nothing_to_open_of_no_case(doing, desk):
    with pytest.raises(NoSuchCase):
        await doing(open_file, desk, 10**9, LAN, NOW)


# -- versions ------------------------------------------------------------------------------------


async def test_a_case_that_moved_on_is_not_held_at_the_version_of_before(case, doing, desk):
    seen = await doing(version_of, case.id)
    await doing(open_file, desk, case.id, MINH, NOW)  # that somebody read it changes nothing
    assert (await doing(hold_at, desk.vault, case.id, seen)).id == case.id
    await doing(services.move, desk, case.id, Step(Move.TRIAGE), MINH, NOW)
    with pytest.raises(CaseChanged):
        await doing(hold_at, desk.vault, case.id, seen)
    with pytest.raises(NoSuchCase):
        await doing(hold_at, desk.vault, 10**9, seen)


async def test_the_same_form_posted_twice_is_recognised(case, doing, desk):
    seen = await doing(version_of, case.id)

    async def done(by, did, text):
        return await doing(is_done, desk.vault, case.id, seen, by, did, [text, ""])

    assert not await done(LAN, Move.ASK, "Lúc mấy giờ?")
    await doing(services.move, desk, case.id, Step(Move.ASK, note="Lúc mấy giờ?"), LAN, NOW)
    assert await done(LAN, Move.ASK, "Lúc mấy giờ?")
    assert not await done(LAN, Move.ASK, "Ngày nào?")
    assert not await done(MINH, Move.ASK, "Lúc mấy giờ?")
    assert not await done(LAN, Move.TRIAGE, "Lúc mấy giờ?")


# -- similar cases -------------------------------------------------------------------------------


async def test_the_likest_case_comes_first_with_the_reasons(case, doing, desk):
    async def opened(**other):
        made, _ = await doing(services.open_case, desk, replace(TOLD, **other), NOW)
        return made.id

    twin = await opened(office_words="trung tam phuc vu hanh chinh cong")
    neighbour = await opened(office_words="Công an phường", happened_on=date(2026, 11, 12))
    await opened(province_code="01", commune_code="00070")
    await opened(category=Category.PRAISE, happened_on=date(2026, 1, 1), office_words="")
    found = await doing(similar_cases, case)
    assert [(each.case.id, each.reasons) for each in found] == [
        (twin, (Reason.COMMUNE, Reason.OFFICE, Reason.CATEGORY, Reason.DAY)),
        (neighbour, (Reason.COMMUNE, Reason.CATEGORY, Reason.WEEK)),
    ]


async def test_common_words_lift_a_case_and_find_one_from_elsewhere(case, doing, desk):
    far, _ = await doing(
        services.open_case, desk, replace(TOLD, province_code="01", commune_code="00070"), NOW
    )
    (found,) = await doing(similar_cases, case, {far.id: 0.8})
    assert found.case.id == far.id
    assert Reason.WORDS in found.reasons


async def test_stories_that_share_rare_words_are_found_by_the_blind_index(doing, vault):
    desk = Desk(vault, load_deadlines(), strip=strip)
    stories = (
        "máy quét mã vạch hỏng, bắt photocopy bảng điểm",
        "bắt photocopy bảng điểm vì máy quét mã vạch hỏng",
        "thái độ bảo vệ khó chịu khi gửi xe",
    )
    ids = []
    for story in stories:
        told = replace(TOLD, story=story, place_words="", office_words="")
        made, _ = await doing(services.open_case, desk, told, NOW)
        ids.append(made.id)
    shared = await doing(shared_words, ids[0])
    assert set(shared) == {ids[1]}
    assert shared[ids[1]] == 1.0


async def test_only_what_the_asker_may_see_is_found(case, doing, desk):
    await doing(services.open_case, desk, TOLD, NOW)
    elsewhere = Area(provinces=frozenset({"01"}))
    assert await doing(similar_cases, case, None, elsewhere.where()) == []


async def test_what_repeats_another_case_or_is_half_a_year_away_is_not_similar(case, doing, desk):
    other, _ = await doing(services.open_case, desk, TOLD, NOW)
    await doing(services.move, desk, other.id, Step(Move.MERGE, original=case.id), LAN, NOW)
    await doing(services.open_case, desk, TOLD, NOW + timedelta(days=181))
    assert await doing(similar_cases, case) == []


# -- templates -----------------------------------------------------------------------------------


async def test_a_lead_writes_templates_and_takes_them_away_again(doing, desk):
    before = [each.name for each in await doing(templates, TemplateUse.ASK)]
    mine = Template(" Hỏi  tên ", TemplateUse.ASK, "Chào {name}\n")
    await doing(save_template, desk.vault, mine, MINH, NOW)
    await doing(
        save_template,
        desk.vault,
        Template("Hỏi tên", TemplateUse.ASK, "Xin chào {name}"),
        MINH,
        NOW,
    )
    after = await doing(templates, TemplateUse.ASK)
    assert [each.name for each in after] == [*before, "Hỏi tên"]
    assert "Xin chào {name}" in [each.text for each in after]
    await doing(drop_template, desk.vault, "Hỏi tên", MINH, NOW)
    assert [each.name for each in await doing(templates, TemplateUse.ASK)] == before
    with pytest.raises(BadTemplate):
        await doing(drop_template, desk.vault, "Hỏi tên", MINH, NOW)
    told = await doing(audit.events, audit.Sought(account="minh"))
    assert [(each.kind, audit.note_of(desk.vault, each)) for each in told] == [
        (Kind.TEMPLATE_DROPPED, "Hỏi tên"),
        (Kind.TEMPLATE_SAVED, "Hỏi tên\nXin chào {name}"),
        (Kind.TEMPLATE_SAVED, "Hỏi tên\nChào {name}"),
    ]


async def test_a_template_of_a_lead_hides_its_namesake_of_the_program(doing, desk):
    (theirs, *_) = await doing(templates)
    await doing(save_template, desk.vault, Template(theirs.name, theirs.use, "Ngắn gọn"), MINH, NOW)
    assert (await doing(templates))[0].text == "Ngắn gọn"
    await doing(drop_template, desk.vault, theirs.name, MINH, NOW)
    assert (await doing(templates))[0] == theirs


async def test_a_template_with_an_unknown_placeholder_is_not_saved(doing, desk):
    with pytest.raises(BadTemplate):
        await doing(
            save_template, desk.vault, Template("Sai", TemplateUse.ASK, "Chào {ten}"), MINH, NOW
        )
    assert "Sai" not in [each.name for each in await doing(templates)]


# -- publishing ----------------------------------------------------------------------------------

CLEAN = Texts("Người dân bị đòi tiền khi nộp hồ sơ.", "Tiền đã được trả lại, cán bộ bị nhắc nhở.")


async def published_now(doing, desk, wanted=None) -> list[str]:
    found = await doing(publishing.outcomes, desk.vault, wanted or Filter())
    return [each.texts.outcome for each in found]


async def test_nothing_is_public_before_a_second_person_has_looked(answered, doing, desk):
    case = await answered()
    await doing(publishing.draft, desk, case.id, CLEAN, LAN, NOW)
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.publish, desk, case.id, strip, LAN, NOW)
    assert refused.value.obstacle is Obstacle.SAME_PERSON
    assert await published_now(doing, desk) == []
    later = NOW + timedelta(days=1)
    await doing(publishing.publish, desk, case.id, strip, MINH, later)
    assert await published_now(doing, desk) == [CLEAN.outcome]
    with pytest.raises(NotPublishable):
        await doing(publishing.publish, desk, case.id, strip, MINH, later)


async def test_only_what_was_answered_is_published(case, doing, desk):
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.draft, desk, case.id, CLEAN, LAN, NOW)
    assert refused.value.obstacle is Obstacle.UNFINISHED
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.publish, desk, case.id, strip, MINH, NOW)
    assert refused.value.obstacle is Obstacle.NO_DRAFT


async def test_what_seems_personal_is_published_only_when_somebody_says_that_it_is_none(
    answered, doing, desk
):
    case = await answered()
    texts = Texts(CLEAN.matter, "Chợ Bà Chiểu đã có quầy mới.")
    await doing(publishing.draft, desk, case.id, texts, LAN, NOW)
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.publish, desk, case.id, strip, MINH, NOW)
    assert (refused.value.obstacle, refused.value.found) == (Obstacle.PERSONAL, ("Chiểu",))
    assert "Chiểu" not in str(refused.value)
    later = NOW + timedelta(days=1)
    await doing(publishing.publish, desk, case.id, strip, MINH, later, nothing_personal=True)
    assert await published_now(doing, desk) == [texts.outcome]


async def test_the_reporter_is_never_named_whatever_anybody_says(answered, doing, desk):
    case = await answered()
    texts = Texts(CLEAN.matter, "Chị nguyen thi lan đã nhận lại tiền.")
    await doing(publishing.draft, desk, case.id, texts, LAN, NOW)
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.publish, desk, case.id, strip, MINH, NOW, nothing_personal=True)
    assert refused.value.obstacle is Obstacle.REPORTER


async def test_one_person_takes_it_down_at_once_and_it_is_a_draft_again(answered, doing, desk):
    case = await answered()
    later = NOW + timedelta(days=1)
    await doing(publishing.draft, desk, case.id, CLEAN, LAN, NOW)
    with pytest.raises(NotPublishable):
        await doing(publishing.unpublish, desk, case.id, "sai", LAN, NOW)
    await doing(publishing.publish, desk, case.id, strip, MINH, later)
    with pytest.raises(BadDetails):
        await doing(publishing.unpublish, desk, case.id, " ", LAN, later)
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.draft, desk, case.id, CLEAN, LAN, later)
    assert refused.value.obstacle is Obstacle.PUBLISHED
    await doing(publishing.unpublish, desk, case.id, "còn tên người", LAN, later)
    assert await published_now(doing, desk) == []
    assert (await doing(services.verify_chain, desk.vault)).whole


async def test_a_case_that_is_opened_again_is_public_only_with_its_new_outcome(
    answered, doing, desk
):
    case = await answered()
    later = NOW + timedelta(days=1)
    await doing(publishing.draft, desk, case.id, CLEAN, LAN, later)
    await doing(publishing.publish, desk, case.id, strip, MINH, later)
    await doing(services.move, desk, case.id, Step(Move.REOPEN), REPORTER, later)
    assert await published_now(doing, desk) == []
    much_later = NOW + timedelta(days=2)
    for step in ROAD[1:]:
        await doing(services.move, desk, case.id, step, LAN, much_later)
    assert await published_now(doing, desk) == []
    with pytest.raises(NotPublishable) as refused:
        await doing(publishing.publish, desk, case.id, strip, MINH, much_later)
    assert refused.value.obstacle is Obstacle.NO_DRAFT
    anew = Texts(CLEAN.matter, "Đã bố trí người khác tiếp nhận.")
    await doing(publishing.draft, desk, case.id, anew, LAN, much_later)
    await doing(publishing.publish, desk, case.id, strip, MINH, much_later)
    assert await published_now(doing, desk) == [anew.outcome]


async def test_outcomes_are_filtered_and_read_page_by_page(answered, doing, desk):
    made = []
    for number in range(5):
        told = replace(TOLD, commune_code="26740" if number % 2 else "26743")
        case = await answered(told, NOW + timedelta(days=number))
        texts = Texts(CLEAN.matter, f"Kết quả thứ {number}")
        await doing(publishing.draft, desk, case.id, texts, LAN, NOW)
        at = NOW + timedelta(days=number // 2 + 5)  # two at the same instant
        await doing(publishing.publish, desk, case.id, strip, MINH, at)
        made.append(texts.outcome)
    read, after = [], None
    while page := await doing(publishing.outcomes, desk.vault, Filter(), after, 2):
        read += [each.texts.outcome for each in page]
        after = (page[-1].published_at, page[-1].id)
    assert read == made[::-1]
    here = Filter(province_code="79", commune_code="26740", category=Category.BRIBERY)
    assert await published_now(doing, desk, here) == [made[3], made[1]]
    month = Filter(answered_from=NOW + timedelta(days=1), answered_until=NOW + timedelta(days=3))
    assert await published_now(doing, desk, month) == [made[2], made[1]]
    for other in (Filter(province_code="01"), Filter(category=Category.PRAISE)):
        assert await published_now(doing, desk, other) == []


async def test_one_outcome_is_read_by_its_own_number_while_it_is_public(answered, doing, desk):
    case = await answered()
    later = NOW + timedelta(days=1)
    draft = await doing(publishing.draft, desk, case.id, CLEAN, LAN, NOW)
    assert await doing(publishing.outcome, desk.vault, draft.id) is None
    await doing(publishing.publish, desk, case.id, strip, MINH, later)
    assert (await doing(publishing.outcome, desk.vault, draft.id)).texts == CLEAN


async def test_what_is_erased_is_gone_from_the_timeline(answered, doing, desk):
    case = await answered()
    await doing(notes.add_note, desk, case.id, "ghi chú", LAN, STAFF, NOW)
    await doing(publishing.draft, desk, case.id, CLEAN, LAN, NOW)
    await doing(be_present, case.id, "lan", NOW)
    await doing(services.erase, desk, case.id, MINH, NOW)
    assert await doing(be_present, case.id, "minh", NOW) == []
    assert await doing(publishing.publication_of, case.id) is None
    file = await doing(open_file, desk, case.id, LAN, NOW)
    assert {each.text for each in file.entries} == {""}
    assert (file.story, file.identity, file.case.state) == ("", "", State.ANSWERED)


# -- cases that follow another one -----------------------------------------------------------------

MERGED = "Phản ánh này được xử lý chung với một phản ánh đã có."


async def test_who_told_a_duplicate_hears_so_and_then_what_became_of_the_original(
    case, doing, desk, told
):
    twin, _ = await doing(services.open_case, desk, TOLD, NOW)
    await doing(merging.merge, desk, twin.id, case.id, MERGED, LAN, NOW)
    (follower,) = await doing(merging.followers, case.id)
    assert (follower.id, follower.state) == (twin.id, State.DUPLICATE)
    for step in ROAD:
        await doing(services.move, desk, case.id, step, LAN, NOW)
    assert await doing(merging.tell_followers, desk, case.id, "Việc chung đã xong.", LAN, NOW) == 1
    written = [each.text for each in await doing(services.messages_of, desk.vault, twin.id)]
    assert written == [MERGED, "Việc chung đã xong."]
    assert [notice.case_id for notice in told] == [twin.id, case.id, twin.id]


async def test_a_duplicate_that_is_taken_back_follows_nobody(case, doing, desk):
    twin, _ = await doing(services.open_case, desk, TOLD, NOW)
    await doing(merging.merge, desk, twin.id, case.id, MERGED, LAN, NOW)
    back = Step(Move.TAKE_BACK, note="Không phải cùng một việc")
    await doing(services.move, desk, twin.id, back, LAN, NOW)
    assert await doing(merging.followers, case.id) == []
    assert await doing(merging.tell_followers, desk, case.id, "Xong", LAN, NOW) == 0


async def test_merging_without_words_for_the_reporter_changes_nothing(case, doing, desk):
    twin, _ = await doing(services.open_case, desk, TOLD, NOW)
    with pytest.raises(BadDetails):
        await doing(merging.merge, desk, twin.id, case.id, " ", LAN, NOW)
    assert await doing(merging.followers, case.id) == []
