"""Following a case in chat, on real databases: by whom, what is told, what can be done."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions.following_memory import ASKED_FOR, MORE_FOR, SEEN_FOR
from actions.services import Services
from bot.feedback import evidence, services
from bot.feedback.category import Category
from bot.feedback.chain import Actor, verify_chain
from bot.feedback.deadlines import load_deadlines
from bot.feedback.errors import BadDetails
from bot.feedback.following import THROTTLE, Window
from bot.feedback.models import Case, CaseEvent, Kind, Media
from bot.feedback.receipts import new_code, shown
from bot.feedback.services import Desk, Step, Told
from bot.feedback.states import Move, Role, State, replay
from bot.storage.engine import open_sessions
from bot.storage.unit_of_work import current_session
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM
from tests.fakes.talk import Talk
from tests.unit.actions.acting import a_catalogue

LAN = Actor(Role.SUPERVISOR, "lan")
NOW = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)  # a Wednesday; the day before was a holiday
ANSWERED = (
    Step(Move.TRIAGE),
    Step(Move.ASSIGN, assignee="lan"),
    Step(Move.START),
    Step(Move.ANSWER, note="Đã nhắc nhở cán bộ."),
)


class House:
    """A desk with its clock, and the talks before it. ``told`` are notices, by conversation."""

    def __init__(self, engine, vault) -> None:
        self.engine, self.vault, self.at = engine, vault, NOW
        self.sessions = open_sessions(engine)
        self.told: list[tuple[str, str]] = []
        self.desk = Desk(vault, load_deadlines(), self._tell)
        window = Window(self.desk, current_session, lambda: self.at)
        self._services = Services(a_catalogue(), window=window, now=lambda: self.at)

    async def _tell(self, session, conversation, notice) -> None:
        self.told.append((conversation, notice.text))

    def talk(self, conversation: str = "người khác") -> Talk:
        return Talk(self._services, self.engine, conversation)

    async def opens(self, conversation: str | None = None) -> tuple[int, str]:
        told = Told(Category.DELAY, "Trễ hẹn hai tuần.", "web", "1", conversation=conversation)
        async with self.sessions() as session, session.begin():
            case, code = await services.open_case(session, self.desk, told, self.at)
        return case.id, code

    async def office(self, case_id: int, *steps: Step) -> None:
        for step in steps:
            async with self.sessions() as session, session.begin():
                await services.move(session, self.desk, case_id, step, LAN, self.at)

    async def writes(self, case_id: int, text: str) -> None:
        async with self.sessions() as session, session.begin():
            await services.add_to_case(session, self.desk, case_id, text, LAN, self.at)

    async def case(self, case_id: int) -> Case:
        async with self.sessions() as session:
            return await session.get_one(Case, case_id)

    async def messages(self, case_id: int) -> list[str]:
        async with self.sessions() as session:
            return [m.text for m in await services.messages_of(session, self.vault, case_id)]


@pytest.fixture
def house(engine, vault) -> House:
    return House(engine, vault)


@pytest.fixture
async def opened(house) -> tuple[int, str]:
    return await house.opens()


async def test_a_bare_code_is_enough_from_anywhere_and_is_not_remembered(house, opened):
    case_id, code = opened
    for typed in (shown(code), code.lower(), " ".join(code)):
        talk = house.talk()
        said = await talk.says(typed, "out_of_scope")
        assert f"Phản ánh số {case_id}" in said
        assert "đã được nhận và đang chờ người đọc, từ thứ Tư 25/11/2026" in said
        assert re.search(r"chậm nhất .*, còn \d+ ngày làm việc", said)
        assert "cam kết của dịch vụ này" in said
        assert talk.facts["case_id"] == case_id
        assert talk.facts["state"] == "new"
        assert code not in str(talk.slots).upper().replace("-", "")


async def test_a_code_amidst_other_words_and_one_that_is_spelt(house, opened):
    case_id, code = opened
    talk = house.talk()
    assert f"số {case_id}" in await talk.says(f"cho hỏi mã {shown(code)} tới đâu rồi ạ")


async def test_what_the_office_wrote_is_shown_once_and_can_be_read_again(house, opened):
    case_id, code = opened
    await house.writes(case_id, "Mai có kết quả.")
    talk = house.talk()
    assert "Mai có kết quả." in await talk.says(code)
    assert "Mai có kết quả." not in await talk.presses(f'/track_feedback{{"case_id": "{case_id}"}}')
    assert "Mai có kết quả." in await talk.taps("Xem trao đổi")


async def test_a_question_of_the_office_is_answered_and_the_case_goes_on(house, opened):
    case_id, code = opened
    await house.office(case_id, Step(Move.TRIAGE), Step(Move.ASK, note="Anh nộp ngày nào?"))
    talk = house.talk()
    said = await talk.says(code)
    assert "Anh nộp ngày nào?" in said
    assert "tạm dừng" in said
    await talk.taps("Trả lời")
    assert "được xử lý tiếp" in await talk.says("tôi nộp ngày 12/11 ở quầy 3", "check_dossier")
    assert (await house.messages(case_id))[-1] == "tôi nộp ngày 12/11 ở quầy 3"
    assert (await house.case(case_id)).state is State.TRIAGED


async def test_a_question_in_the_middle_is_answered_and_not_sent(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    await talk.says("đăng ký kết hôn cần giấy tờ gì?", "ask_procedure")
    assert await house.messages(case_id) == []
    await talk.says("Hôm qua họ lại hẹn tiếp")
    assert await house.messages(case_id) == ["Hôm qua họ lại hẹn tiếp"]


async def test_several_messages_in_a_row_all_go_to_the_case(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    for words in ("Tôi tới lần nữa", "họ vẫn chưa trả", "hẹn tuần sau"):
        await talk.says(words, "check_dossier", sure=0.5)
    assert "bất cứ lúc nào" in await talk.says("xong rồi ạ", "affirm")
    await talk.says("hẹn tuần sau nữa thì sao", "check_dossier", sure=0.5)
    assert await house.messages(case_id) == ["Tôi tới lần nữa", "họ vẫn chưa trả", "hẹn tuần sau"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("cảm ơn bạn", "thank"),
        ("đăng ký kết hôn cần giấy tờ gì", "ask_procedure"),
        ("làm căn cước mất bao lâu?", "ask_procedure"),
    ],
)
async def test_what_is_for_the_assistant_goes_to_no_case(house, opened, words, intent):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    await talk.says("Tôi tới lần nữa")
    await talk.says(words, intent)
    assert await house.messages(case_id) == ["Tôi tới lần nữa"]


async def test_after_a_while_nothing_more_is_taken_for_the_case(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    await talk.says("Tôi tới lần nữa")
    house.at += MORE_FOR
    await talk.says("Hồ sơ khác của tôi cũng trễ", "report_complaint")
    assert await house.messages(case_id) == ["Tôi tới lần nữa"]


async def test_whoever_changes_their_mind_sends_nothing(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    assert "không chuyển gì" in await talk.says("thôi", "cancel")
    await talk.says("xin chào", "greet")
    assert await house.messages(case_id) == []


async def test_an_old_open_question_catches_no_greeting(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Bổ sung")
    house.at += ASKED_FOR
    await talk.says("xin chào", "greet")
    assert await house.messages(case_id) == []


async def test_pictures_are_added_to_the_case(house, opened):
    case_id, code = opened
    talk = house.talk()
    async with house.sessions() as session, session.begin():
        picture = evidence.Cleaned(Media.JPEG, b"picture", b"small")
        file = await evidence.keep(session, house.vault, picture, talk.conversation, house.at)
    await talk.says(code)
    await talk.taps("Bổ sung")
    assert "Mình đã thêm 1 tệp" in await talk.says("", files=[file])
    async with house.sessions() as session:
        assert [each.id for each in await evidence.of_case(session, case_id)] == [file]
    assert talk.slots["evidence"] is None


async def test_withdrawing_is_asked_once(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Rút phản ánh")
    await talk.taps("Không, giữ nguyên")
    assert (await house.case(case_id)).state is State.NEW
    await talk.taps("Rút phản ánh")
    assert "đã rút" in await talk.says("đúng rồi", "affirm")
    assert (await house.case(case_id)).state is State.CLOSED


async def test_whoever_told_a_case_hears_that_it_was_withdrawn_elsewhere(house):
    case_id, code = await house.opens("người kể")
    talk = house.talk("người có mã")
    await talk.says(code)
    await talk.taps("Rút phản ánh")
    await talk.taps("Đúng, rút phản ánh")
    [(conversation, text)] = house.told
    assert conversation == "người kể"
    assert f"số {case_id}" in text
    assert "được rút từ một cuộc trò chuyện khác" in text


@pytest.mark.parametrize("said", ["4", "4 sao", "cho 4 điểm", "4, giải thích rõ ràng, nhanh"])
async def test_a_good_rating_closes_the_case(house, opened, said):
    case_id, code = opened
    await house.office(case_id, *ANSWERED)
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Chấm điểm")
    assert "4/5" in await talk.says(said)
    case = await house.case(case_id)
    assert (case.rating, case.state) == (4, State.CLOSED)
    assert ("giải thích rõ" in str(await house.messages(case_id))) == ("giải thích" in said)


async def test_a_low_rating_opens_it_again_once_and_takes_the_reason(house, opened):
    case_id, code = opened
    await house.office(case_id, *ANSWERED)
    talk = house.talk()
    await talk.says(code)
    await talk.taps("Chấm điểm")
    said = await talk.taps("2: không hài lòng")
    assert "mở lại được một lần" in said
    assert (await house.case(case_id)).state is State.REOPENED
    await talk.says("họ chưa trả tiền cho tôi")
    assert (await house.messages(case_id))[-1] == "họ chưa trả tiền cho tôi"
    await house.office(case_id, *ANSWERED[1:])
    await talk.says(code)
    await talk.taps("Chấm điểm")
    said = await talk.taps("1: rất không hài lòng")
    assert "không mở lại được nữa" in said
    case = await house.case(case_id)
    assert (case.rating, case.state) == (1, State.ANSWERED)


async def test_not_satisfied_in_words_opens_it_again(house, opened):
    case_id, code = opened
    await house.office(case_id, *ANSWERED)
    talk = house.talk()
    await talk.says(code)
    assert "mở lại" in await talk.says("tôi chưa hài lòng", "report_complaint")
    assert (await house.case(case_id)).state is State.REOPENED


async def test_what_is_not_answered_is_not_rated(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    assert "Chấm điểm" not in talk.offered
    payload = f'/track_feedback{{"case_id": "{case_id}", "act": "rate-5"}}'
    assert "chưa chấm điểm được" in await talk.presses(payload)
    assert (await house.case(case_id)).rating is None


async def test_a_number_opens_nothing_to_whom_it_does_not_concern(house, opened):
    case_id, _ = opened
    talk = house.talk()
    for act in ("", "talk", "withdraw-yes", "erase-yes", "rate-1", "reopen", "add", "stop"):
        said = await talk.presses(f'/track_feedback{{"case_id": "{case_id}", "act": "{act}"}}')
        unknown = await talk.presses(f'/track_feedback{{"case_id": "99999", "act": "{act}"}}')
        assert said == unknown
        assert "chỉ mở phản ánh khi bạn gửi mã" in said
        assert talk.facts == {}
    await talk.says("Trễ hẹn", "report_complaint")
    assert (await house.case(case_id)).state is State.NEW
    assert await house.messages(case_id) == []


async def test_the_talk_that_told_a_case_needs_no_code(house):
    case_id, _ = await house.opens("người kể")
    talk = house.talk("người kể")
    house.at += timedelta(days=20)
    payload = f'/track_feedback{{"case_id": "{case_id}", "act": "add"}}'
    await talk.presses(payload)
    await talk.says("Tôi bổ sung")
    assert await house.messages(case_id) == ["Tôi bổ sung"]


async def test_a_code_counts_for_a_day(house, opened):
    case_id, code = opened
    talk = house.talk()
    await talk.says(code)
    look = f'/track_feedback{{"case_id": "{case_id}"}}'
    house.at += SEEN_FOR - timedelta(minutes=1)
    assert f"số {case_id}" in await talk.presses(look)
    house.at += timedelta(minutes=1)
    assert "gửi mã" in await talk.presses(look)


async def test_several_cases_are_followed_side_by_side(house):
    cases = [await house.opens() for _ in range(3)]
    talk = house.talk()
    for _, code in cases:
        await talk.says(code)
    await talk.says("phản ánh của tôi đến đâu rồi", "track_feedback")
    assert len(talk.offered) == 3
    last = f"Phản ánh số {cases[0][0]} (hồ sơ trễ hạn)"
    assert f"số {cases[0][0]} " in await talk.says("cái thứ ba")
    assert last in talk.said
    await talk.taps("Thôi theo dõi")
    await talk.says("phản ánh của tôi đến đâu rồi", "track_feedback")
    assert len(talk.offered) == 2


async def test_a_slip_gets_a_hint_and_costs_nothing(house, opened):
    _, code = opened
    talk = house.talk()
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else code[:-1] + "0"
    for _ in range(THROTTLE.misses + 1):
        assert "nhầm một ký tự" in await talk.says(shown(swapped))
    await talk.says("phản ánh của tôi đâu", "track_feedback")
    assert "có 14" in await talk.says(shown(code)[:-1])
    assert "số" in await talk.says(code)


async def test_unknown_codes_all_sound_alike_and_guessing_is_slowed_down(house, opened):
    _, code = opened
    talk = house.talk()
    answers = {await talk.says(new_code()) for _ in range(THROTTLE.misses)}
    assert len(answers) == 1
    assert "không tìm thấy" in answers.pop()
    for typed in (new_code(), code):  # the right one is not told apart while it lasts
        assert "thử lại sau 15 phút" in await talk.says(typed)
    again = House(house.engine, house.vault)  # a restart forgets nothing
    assert "thử lại sau" in await again.talk().says(code)
    assert "Phản ánh số" in await again.talk("ai khác").says(code)
    again.at += THROTTLE.wait
    assert "Phản ánh số" in await again.talk().says(code)


async def test_codes_of_the_national_portal_are_sent_there(house):
    assert "dichvucong.gov.vn" in await house.talk().says("PAKN.20261008.0001", "track_feedback")


async def test_a_lost_code_is_told_as_it_is(house):
    said = await house.talk().says("tôi mất mã tiếp nhận rồi", "track_feedback")
    assert "không cấp lại được" in said


async def test_erasing_says_what_goes_and_what_stays_and_needs_an_end(house, opened):
    case_id, code = opened
    talk = house.talk()
    assert "gửi mã tiếp nhận" in await talk.says("xóa dữ liệu của tôi", "out_of_scope")
    await talk.says(code)
    assert "rút phản ánh trước" in (await talk.says("xóa dữ liệu của tôi")).lower()
    await talk.taps("Rút phản ánh")
    await talk.taps("Đúng, rút phản ánh")
    said = await talk.taps("Xóa nội dung")
    assert "lời kể" in said
    assert "Giữ lại để thống kê" in said
    assert (await house.case(case_id)).story
    assert "Mình đã xóa" in await talk.taps("Đúng, xóa hẳn")
    assert not (await house.case(case_id)).story
    said = await talk.says(code)
    assert "đã được xóa theo yêu cầu" in said
    assert list(talk.offered) == ["Thôi theo dõi"]
    async with house.sessions() as session:
        assert (await verify_chain(session, house.vault)).whole


async def test_late_is_said_as_late(house, opened):
    _, code = opened
    house.at += timedelta(days=20)
    said = await house.talk().says(code)
    assert re.search(r"Lẽ ra đã có người đọc trước hết .*, đã quá \d+ ngày làm việc", said)
    assert "xin lỗi" in said


async def test_a_day_that_holidays_may_move_is_told_as_provisional(house):
    house.at = datetime(2026, 12, 30, 9, tzinfo=VIETNAM)
    case_id, code = await house.opens()
    await house.office(case_id, *ANSWERED[:3])
    assert "dự kiến" in await house.talk().says(code)


async def test_a_rating_out_of_range_is_refused(house, opened):
    case_id, _ = opened
    await house.office(case_id, *ANSWERED)
    for rating in (0, 6):
        with pytest.raises(BadDetails):
            async with house.sessions() as session:
                await services.rate(session, house.desk, case_id, rating, "", NOW)


ACTS = [
    "add",
    "talk",
    "rate",
    "rate-1",
    "rate-5",
    "reopen",
    "withdraw",
    "withdraw-yes",
    "erase",
    "erase-yes",
    "stop",
    "",
]
WORDS = ["thôi", "đúng rồi", "chưa hài lòng", "4", "xóa dữ liệu của tôi", "tôi nộp hôm 12/11", "hi"]
INTENTS = ["cancel", "affirm", "deny", "greet", "track_feedback", "nlu_fallback"]
DOING = st.one_of(
    st.tuples(st.just("taps"), st.sampled_from(ACTS)),
    st.tuples(st.just("says"), st.sampled_from(WORDS), st.sampled_from(INTENTS)),
    st.tuples(st.just("office"), st.sampled_from(
        [*ANSWERED, Step(Move.ASK, note="Hỏi"), Step(Move.TRANSFER, body="Sở", note="Đã chuyển")])),
    st.tuples(st.just("waits"), st.sampled_from([timedelta(hours=1), timedelta(days=2)])),
    st.tuples(st.just("shows")),
)  # fmt: skip


@given(st.lists(DOING, max_size=12))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_done_in_whatever_order_stays_legal_and_loses_nothing(engine, doings):
    """The case is where its moves lead, each message stays, and the chain is whole."""
    house = House(engine, Vault(bytes(range(32))))
    case_id, code = await house.opens("người kể")
    talk, written = house.talk(), 0
    for doing in doings:
        match doing:
            case ("taps", act):
                await talk.presses(f'/track_feedback{{"case_id": "{case_id}", "act": "{act}"}}')
            case ("says", words, intent):
                await talk.says(words, intent)
            case ("office", step):
                await _tries(house.office(case_id, step))
            case ("waits", time):
                house.at += time
            case ("shows",):
                await talk.says(code)
        assert talk.messages or doing[0] in {"office", "waits"}, "nobody is left without an answer"
        now_written = len(await house.messages(case_id))
        assert now_written >= written
        written = now_written
    async with house.sessions() as session:
        events = await session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.number)
        )
        moves = [event.move for event in events if event.kind is Kind.MOVED]
        assert replay(moves) == (await house.case(case_id)).status
        assert (await verify_chain(session, house.vault)).whole


async def _tries(doing) -> None:
    """Let the office do what it may; what is illegal changes nothing."""
    from bot.feedback.errors import IllegalMove

    try:
        await doing
    except IllegalMove:
        return
