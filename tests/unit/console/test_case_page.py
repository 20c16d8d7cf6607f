"""The page of a case: what it shows and to whom, what can be done there, and what is refused."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.feedback import services
from bot.feedback.category import Category, Subtype
from bot.feedback.evidence import Cleaned, bind, keep
from bot.feedback.models import Case, CaseEvent, Kind, Media
from bot.feedback.notes import count_unread_mentions
from bot.feedback.services import REPORTER, Actor, Step, Told
from bot.feedback.states import Move, Role, State
from bot.feedback.versions import version_of
from bot.staff.models import StaffRole
from tests.fakes.console import signed_in

STORY = """Sáng nay cán bộ Trần Văn Tuấn đòi 500k, số tôi 0912345678.
<b>Xem</b> <script>alert(1)</script>"""
TOLD = Told(
    category=Category.BRIBERY,
    story=STORY,
    channel="web",
    consent_version="2026-11",
    province_code="79",
    commune_code="26740",
    place_words="phường Bến Nghé",
    office_words="Trung tâm Phục vụ hành chính công",
    conversation="web:người-4711",
    identity="Nguyễn Thị Lan, 0912345678",
)
LAN = Actor(Role.SUPERVISOR, "lan")
ANSWER = "Chúng tôi đã nhắc nhở cán bộ và trả lại tiền."


@pytest.fixture
def opens(console):
    """Keep a case."""

    async def open_case(told=TOLD):
        async with console.sessions() as session, session.begin():
            case, _ = await services.open_case(session, console.desk, told, console.now())
        return case.id

    return open_case


@pytest.fixture
async def case_id(opens):
    return await opens()


@pytest.fixture
async def lan(client):
    return await signed_in(client, name="lan", provinces=frozenset({"79"}))


@pytest.fixture
async def minh(client):
    return await signed_in(client, role=StaffRole.LEAD, name="minh")


@pytest.fixture
def stored(console):
    """Return a case as it is now."""

    async def find(case_id: int) -> Case:
        async with console.sessions() as session:
            return await session.get_one(Case, case_id)

    return find


@pytest.fixture
def moves(console):
    """Move a case past the page."""

    async def go(case_id: int, *steps: Step, by: Actor = LAN):
        for step in steps:
            async with console.sessions() as session, session.begin():
                await services.move(session, console.desk, case_id, step, by, console.now())

    return go


@pytest.fixture
def does(console):
    """Post a form of the page, at the version that the case has now unless told otherwise."""

    async def post(somebody, case_id: int, act: str, *, version=None, **fields):
        if version is None:
            async with console.sessions() as session:
                version = await version_of(session, case_id)
        return await somebody.posts(f"/console/cases/{case_id}/{act}", version=version, **fields)

    return post


async def counted(console, kind: Kind) -> int:
    async with console.sessions() as session:
        return await session.scalar(select(func.count()).where(CaseEvent.kind == kind)) or 0


def to_answer() -> tuple[Step, ...]:
    return (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"), Step(Move.START))


# -- showing ---------------------------------------------------------------------------------------


async def test_it_shows_story_facts_clocks_and_what_happened(lan, case_id):
    page = await lan.reads(f"/console/cases/{case_id}")
    for words in (
        "Vòi vĩnh, đòi tiền",
        "Phường Sài Gòn, Thành phố Hồ Chí Minh",
        "phường Bến Nghé",
        "Trung tâm Phục vụ hành chính công",
        "Nguyễn Thị Lan, 0912345678",
        "gửi phản ánh",
        "Căn cứ: Nghị định 20/2008/NĐ-CP, Điều 9",
    ):
        assert words in page, words
    assert "người-4711" not in page


async def test_html_of_a_story_is_text(lan, case_id):
    answer = await lan.opens(f"/console/cases/{case_id}")
    page = await answer.text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<b>Xem" not in page


async def test_the_likely_next_act_stands_open_and_the_others_behind_it(lan, case_id, moves):
    def forms(page):
        return re.findall(r'<form class="fields act" id="(\w+)"', page)

    page = await lan.reads(f"/console/cases/{case_id}")
    assert forms(page) == ["message", "note", "triage", "ask", "merge", "reject"]
    await moves(case_id, *to_answer())
    page = await lan.reads(f"/console/cases/{case_id}")
    assert forms(page) == ["message", "note", "answer", "assign", "ask", "transfer", "merge"]


async def test_opening_it_is_one_event_however_often_it_is_loaded(lan, case_id, console, clock):
    for _ in range(3):
        await lan.reads(f"/console/cases/{case_id}")
        clock.at += timedelta(minutes=1)
    assert await counted(console, Kind.READ) == 1


@pytest.mark.parametrize("path", ["", "/print", "/version", "/fresh"])
async def test_a_case_of_another_area_is_like_none(client, case_id, console, path):
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    theirs = await elsewhere.opens(f"/console/cases/{case_id}{path}")
    none = await elsewhere.opens(f"/console/cases/999{path}")
    assert theirs.status == none.status == 404
    assert await theirs.text() == await none.text()
    assert await counted(console, Kind.READ) == 0


@pytest.mark.parametrize("path", ["0", "-1", "x", "1e3", "9" * 30, "1/nope"])
async def test_an_address_that_names_no_case_is_refused(lan, path):
    assert (await lan.opens(f"/console/cases/{path}")).status == 404


@pytest.mark.parametrize("role", [StaffRole.VOLUNTEER, StaffRole.ADMIN])
async def test_cases_are_not_for_everybody(client, case_id, role, does):
    somebody = await signed_in(client, role=role)
    assert (await somebody.opens(f"/console/cases/{case_id}")).status == 403
    assert (await does(somebody, case_id, "triage", category="delay")).status == 403


# -- doing -----------------------------------------------------------------------------------------


async def test_from_triage_to_the_answer_and_the_end(lan, case_id, does, stored, console):
    acts = [
        ("triage", {"category": "improper_demand", "subtype": "forced_vneid"}),
        ("assign", {"assignee": "lan"}),
        ("start", {}),
        ("answer", {"words": ANSWER}),
        ("close", {}),
    ]
    for act, fields in acts:
        answer = await does(lan, case_id, act, **fields)
        assert answer.status == 303, act
        assert answer.headers["Location"].startswith(f"/console/cases/{case_id}?notice=")
    case = await stored(case_id)
    assert (case.state, case.assignee) == (State.CLOSED, "lan")
    assert (case.category, case.subtype) == (Category.IMPROPER_DEMAND, Subtype.FORCED_VNEID)
    assert ANSWER in await lan.reads(f"/console/cases/{case_id}", notice="closed")


async def test_asking_waiting_and_going_on(lan, case_id, does, stored):
    await does(lan, case_id, "ask", words="Việc xảy ra lúc mấy giờ?")
    assert (await stored(case_id)).state is State.NEED_INFO
    assert "Thời hạn đang dừng" in await lan.reads(f"/console/cases/{case_id}")
    await does(lan, case_id, "resume")
    assert (await stored(case_id)).state is State.NEW


async def test_a_case_goes_to_a_body_with_a_name_and_comes_back(lan, case_id, does, moves, stored):
    await moves(case_id, Step(Move.TRIAGE))
    page = await lan.reads(f"/console/cases/{case_id}")
    assert "Thanh tra Thành phố Hồ Chí Minh" in page
    await does(lan, case_id, "transfer", body="Công an Phường Sài Gòn", words="Đã chuyển công an.")
    assert (await stored(case_id)).transferred_to == "Công an Phường Sài Gòn"
    await does(lan, case_id, "take_back", words="Công an trả lại.")
    assert (await stored(case_id)).state is State.TRIAGED


async def test_a_rejection_is_shown_with_its_reason(lan, case_id, does):
    await does(lan, case_id, "reject", rejection="junk", words="Tin này là quảng cáo.")
    assert "không tiếp nhận (quảng cáo, thử máy, đùa)" in await lan.reads(
        f"/console/cases/{case_id}"
    )


async def test_a_duplicate_follows_and_both_pages_say_so(lan, case_id, opens, does, moves, stored):
    twin = await opens()
    page = await lan.reads(f"/console/cases/{twin}")
    assert f"Gộp phản ánh này vào phản ánh {case_id}" in page
    assert "cùng xã, phường, cùng cơ quan, cùng loại, cùng ngày" in page
    await does(lan, twin, "merge", original=case_id, words="Được xử lý chung.")
    assert (await stored(twin)).duplicate_of == case_id
    page = await lan.reads(f"/console/cases/{case_id}")
    assert "Phản ánh đã gộp vào đây" in page
    assert f"/console/cases/{twin}" in page
    await moves(case_id, *to_answer())
    await does(lan, case_id, "answer", words=ANSWER, followers_words="Việc chung đã xong.")
    page = await lan.reads(f"/console/cases/{twin}")
    assert "Việc chung đã xong." in page
    assert ANSWER not in page


@pytest.mark.parametrize("number", ["", "x", "0", "999", "9" * 30, "٣"])
async def test_there_is_nothing_to_merge_into(lan, case_id, does, stored, number):
    answer = await does(lan, case_id, "merge", original=number, words="Được xử lý chung.")
    assert answer.status == 422
    assert "Không gộp được vào số đó" in await answer.text()
    assert (await stored(case_id)).state is State.NEW


async def test_nobody_merges_into_a_case_of_another_area(client, lan, opens, does, stored):
    mine, theirs = (
        await opens(),
        await opens(Told(**vars(TOLD) | {"province_code": "01", "commune_code": "00070"})),
    )
    answer = await does(lan, mine, "merge", original=theirs, words="Được xử lý chung.")
    assert answer.status == 422
    assert (await stored(mine)).state is State.NEW


async def test_a_note_stays_inside_and_calls_a_colleague(lan, minh, case_id, does, console):
    await does(lan, case_id, "note", words="@minh xem giúp")
    async with console.sessions() as session:
        assert await count_unread_mentions(session, "minh") == 1
    assert "1 lần nhắc chưa xem" in await minh.reads("/console/mau-tra-loi")
    assert "@minh xem giúp" in await minh.reads(f"/console/cases/{case_id}")
    async with console.sessions() as session:
        assert await count_unread_mentions(session, "minh") == 0
    assert "lần nhắc chưa xem" not in await minh.reads("/console/mau-tra-loi")


async def test_a_note_that_calls_somebody_who_may_not_see_the_case_is_kept_on_the_page(
    client, lan, case_id, does, console
):
    await signed_in(client, name="hoa", provinces=frozenset({"01"}))
    answer = await does(lan, case_id, "note", words="@hoa xem giúp")
    page = await answer.text()
    assert answer.status == 422
    assert "Không có ai tên hoa phụ trách địa bàn này" in page
    assert ">@hoa xem giúp</textarea>" in page
    assert await counted(console, Kind.NOTE) == 0


async def test_nobody_is_given_a_case_that_they_may_not_see(client, lan, case_id, does, moves):
    await signed_in(client, name="hoa", provinces=frozenset({"01"}))
    await moves(case_id, Step(Move.TRIAGE))
    answer = await does(lan, case_id, "assign", assignee="hoa")
    assert answer.status == 422
    assert "không phụ trách địa bàn này" in await answer.text()


async def test_a_text_with_an_unwritten_place_is_not_sent(lan, case_id, does, stored):
    answer = await does(lan, case_id, "ask", words="Việc xảy ra […]?")
    assert answer.status == 422
    assert "chỗ để trống" in await answer.text()
    assert (await stored(case_id)).state is State.NEW


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("ask", {"words": " "}),
        ("ask", {"words": "x" * 20_001}),
        ("triage", {"category": "nonsense"}),
        ("reject", {"rejection": "not_ours", "words": "Không phải việc của chúng tôi"}),
        ("reject", {"words": "Không phải việc của chúng tôi"}),
        ("answer", {"words": ANSWER}),
        ("start", {}),
        ("publish", {}),
        ("draft", {"matter": "a", "outcome": "b"}),
    ],
)
async def test_what_cannot_be_done_changes_nothing(lan, case_id, does, console, act, fields):
    answer = await does(lan, case_id, act, **fields)
    assert answer.status == 422
    async with console.sessions() as session:
        changes = select(func.count()).where(CaseEvent.kind != Kind.READ)
        assert await session.scalar(changes) == 1


async def test_the_address_of_a_form_leads_to_the_case(lan, case_id):
    answer = await lan.opens(f"/console/cases/{case_id}/ask")
    assert answer.status == 303
    assert answer.headers["Location"] == f"/console/cases/{case_id}"


async def test_an_act_that_there_is_not_is_not_found(lan, case_id, does):
    assert (await does(lan, case_id, "delete")).status == 404


async def test_a_form_without_its_token_or_its_version_is_refused(lan, case_id, stored):
    path = f"/console/cases/{case_id}/triage"
    assert (await lan.posts(path, version=1, category="delay", token="")).status == 403
    for version in ("", "x", "-1", "9" * 20):
        assert (await lan.posts(path, version=version, category="delay")).status == 400
    assert (await stored(case_id)).state is State.NEW


# -- two at once -----------------------------------------------------------------------------------


async def test_words_are_not_lost_when_what_they_were_for_cannot_be_done_any_more(
    lan, minh, case_id, does, console
):
    async with console.sessions() as session:
        seen = await version_of(session, case_id)
    junk = {"rejection": "junk", "words": "Quảng cáo."}
    assert (await does(lan, case_id, "reject", version=seen, **junk)).status == 303
    late = await does(minh, case_id, "ask", version=seen, words="Giấy hẹn ghi ngày nào?")
    page = await late.text()
    assert late.status == 409
    assert 'id="ask"' not in page
    assert "Giấy hẹn ghi ngày nào?" in page


async def test_of_two_who_act_on_the_same_version_one_is_told_what_happened(
    lan, minh, case_id, does, moves, stored, console
):
    async with console.sessions() as session:
        seen = await version_of(session, case_id)
    first = await does(lan, case_id, "ask", version=seen, words="Lúc mấy giờ?")
    second = await does(minh, case_id, "reject", version=seen, rejection="junk", words="Quảng cáo.")
    assert (first.status, second.status) == (303, 409)
    page = await second.text()
    assert "Phản ánh đã thay đổi trong lúc bạn viết" in page
    assert "Lúc mấy giờ?" in page
    assert ">Quảng cáo.</textarea>" in page
    assert (await stored(case_id)).state is State.NEED_INFO
    again = re.search(r'action="[^"]*/reject">.*?name="version" value="(\d+)"', page, re.DOTALL)
    third = await does(
        minh, case_id, "reject", version=again[1], rejection="junk", words="Quảng cáo."
    )
    assert third.status == 303


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("ask", {"words": "Lúc mấy giờ?\r\nỞ đâu?"}),
        ("note", {"words": "đã gọi"}),
        ("message", {"words": "Chúng tôi đang xem."}),
        ("reject", {"rejection": "junk", "words": "Quảng cáo."}),
        ("triage", {"category": "delay"}),
    ],
)
async def test_a_form_posted_twice_does_nothing_twice(lan, case_id, does, console, act, fields):
    async with console.sessions() as session:
        seen = await version_of(session, case_id)
    answers = [await does(lan, case_id, act, version=seen, **fields) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    async with console.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(CaseEvent)) == 2


async def test_a_page_learns_that_the_case_moved_on(lan, case_id, console):
    before = await (await lan.opens(f"/console/cases/{case_id}/version")).json()
    async with console.sessions() as session, session.begin():
        await services.add_to_case(
            session, console.desk, case_id, "Tôi nhớ ra rồi", REPORTER, console.now()
        )
    after = await (await lan.opens(f"/console/cases/{case_id}/version")).json()
    assert after["version"] > before["version"]
    assert "Tôi nhớ ra rồi" in await lan.reads(f"/console/cases/{case_id}/fresh")


# -- templates, print, evidence, publishing --------------------------------------------------------


async def test_a_template_is_filled_in_and_put_into_the_form_without_script(lan, case_id):
    page = await lan.reads(
        f"/console/cases/{case_id}", form="ask", template="Hỏi thời gian và nơi xảy ra"
    )
    assert re.search(
        r'id="ask-words"[^>]*>Chào anh/chị Nguyễn Thị Lan, để xác minh phản ánh số', page
    )
    assert 'data-form="ask" open' in page


async def test_the_print_holds_no_personal_data_unless_asked(lan, case_id):
    page = await lan.reads(f"/console/cases/{case_id}/print")
    assert "⟨tên⟩ đòi 500k" in page
    for secret in ("Trần Văn Tuấn", "0912345678", "Nguyễn Thị Lan,"):
        assert secret not in page
    page = await lan.reads(f"/console/cases/{case_id}/print", personal="yes")
    for secret in ("Trần Văn Tuấn", "0912345678", "Nguyễn Thị Lan,"):
        assert secret in page


@pytest.fixture
async def picture(console, case_id):
    async with console.sessions() as session, session.begin():
        file = Cleaned(Media.JPEG, b"whole picture", b"small picture")
        id = await keep(session, console.vault, file, TOLD.conversation, console.now())
        await bind(session, console.vault, [id], case_id, TOLD.conversation, console.now())
    return id


async def test_evidence_is_shown_small_and_opened_as_an_event(lan, case_id, picture, console):
    at = f"/console/cases/{case_id}/evidence/{picture}"
    assert f"{at}/small" in await lan.reads(f"/console/cases/{case_id}")
    assert await (await lan.opens(f"{at}/small")).read() == b"small picture"
    before = await counted(console, Kind.READ)
    answer = await lan.opens(at)
    assert (await answer.read(), answer.content_type) == (b"whole picture", "image/jpeg")
    assert await counted(console, Kind.READ) == before + 1


async def test_a_file_is_only_ever_a_download_that_runs_nothing(lan, case_id, console):
    async with console.sessions() as session, session.begin():
        file = Cleaned(Media.PDF, b"%PDF-1.4 a letter")
        id = await keep(session, console.vault, file, TOLD.conversation, console.now())
        await bind(session, console.vault, [id], case_id, TOLD.conversation, console.now())
    at = f"/console/cases/{case_id}/evidence/{id}"
    answer = await lan.opens(at)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="bang-chung-{id[:8]}.pdf"'
    )
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await lan.opens(f"{at}/small")).status == 404


async def test_evidence_is_opened_only_through_its_own_case(lan, client, case_id, picture, opens):
    other = await opens()
    elsewhere = await signed_in(client, provinces=frozenset({"01"}))
    for somebody, case in ((lan, other), (elsewhere, case_id)):
        for ending in ("", "/small"):
            at = f"/console/cases/{case}/evidence/{picture}{ending}"
            assert (await somebody.opens(at)).status == 404


async def test_an_outcome_is_proposed_without_names_drafted_and_published_by_another(
    lan, minh, case_id, does, moves
):
    await moves(
        case_id, *to_answer(), Step(Move.ANSWER, note="Chị Nguyễn Thị Lan đã nhận lại tiền")
    )
    page = await lan.reads(f"/console/cases/{case_id}")
    assert re.search(r'id="draft-matter"[^>]*>Sáng nay cán bộ ⟨tên⟩ đòi 500k, số tôi ⟨số⟩', page)
    assert re.search(r'id="draft-outcome"[^>]*>Chị ⟨tên⟩ đã nhận lại tiền', page)
    texts = {"matter": "Người dân bị đòi tiền.", "outcome": "Tiền đã được trả lại."}
    assert (await does(lan, case_id, "draft", **texts)).status == 303
    assert "Người soạn không tự công bố" in await lan.reads(f"/console/cases/{case_id}")
    answer = await does(lan, case_id, "publish")
    assert answer.status == 422
    assert (await does(minh, case_id, "publish")).status == 303
    assert "Nguyễn Thị Lan công bố" in await lan.reads(f"/console/cases/{case_id}")
    assert (await does(lan, case_id, "unpublish", words="sửa lại")).status == 303


async def test_passages_that_seem_personal_are_shown_before_publishing(
    lan, minh, case_id, does, moves
):
    await moves(case_id, *to_answer(), Step(Move.ANSWER, note=ANSWER))
    await does(lan, case_id, "draft", matter="Bị đòi tiền.", outcome="Chợ Bà Chiểu có quầy mới.")
    assert "<li><mark>Chiểu</mark></li>" in await minh.reads(f"/console/cases/{case_id}")
    answer = await does(minh, case_id, "publish")
    assert answer.status == 422
    assert "giống dữ liệu cá nhân: Chiểu" in await answer.text()
    assert (await does(minh, case_id, "publish", nothing_personal="yes")).status == 303
