"""What reporters read about their cases, in Vietnamese."""

from datetime import datetime

from bot.feedback.category import Category
from bot.feedback.errors import Unfit
from bot.feedback.models import Case
from bot.feedback.notice import Notice, Offer
from bot.feedback.states import Move, Rejection, State
from bot.working_time.zone import VIETNAM

# What a case is about, as its reporter would call it.
ABOUT = {
    Category.HARASSMENT: "bị gây phiền hà",
    Category.BROKER: "cò mồi, môi giới",
    Category.IMPROPER_DEMAND: "bị đòi giấy tờ ngoài quy định",
    Category.REFUSAL_REORGANISATION: "bị từ chối vì lý do sắp xếp bộ máy",
    Category.DELAY: "hồ sơ trễ hạn",
    Category.ATTITUDE: "thái độ phục vụ",
    Category.BRIBERY: "bị đòi tiền",
    Category.TECHNICAL: "lỗi hệ thống",
    Category.PRAISE: "lời khen",
    Category.SUGGESTION: "góp ý",
    Category.OTHER: "việc khác",
}

REJECTED_SINCE = {
    Rejection.EMPTY: "nội dung còn trống nên chưa biết việc gì đã xảy ra",
    Rejection.JUNK: "nội dung không phải là phản ánh, kiến nghị",
    Rejection.UNINTELLIGIBLE: "đã hỏi lại mà vẫn chưa hiểu được nội dung",
}

# Why a picture or file is not taken; the reporter may be in the middle of anything.
NOT_TAKEN = {
    Unfit.EMPTY: "Tệp này trống. Bạn chọn lại giúp nhé.",
    Unfit.TOO_LARGE: "Tệp này lớn quá 12 MB. Bạn chụp lại nhỏ hơn, hoặc gửi ảnh chụp màn hình.",
    Unfit.KIND: "Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF. Bạn chụp ảnh lại giấy tờ rồi gửi nhé.",
    Unfit.HEIC: (
        "Chưa nhận được ảnh kiểu HEIC. Bạn chụp màn hình tấm ảnh rồi gửi ảnh chụp đó giúp nhé."
    ),
    Unfit.DAMAGED: "Ảnh này bị hỏng hoặc thiếu một phần. Bạn chụp hay chọn lại giúp nhé.",
    Unfit.PIXELS: "Ảnh này quá lớn để xử lý. Bạn chụp màn hình tấm ảnh rồi gửi ảnh chụp đó nhé.",
    Unfit.SLOW: "Chưa xử lý được ảnh này. Bạn thử lại, hoặc gửi ảnh chụp màn hình của nó.",
    Unfit.TOO_MANY: "Hôm nay bạn đã gửi nhiều tệp. Bạn gửi tiếp ngày mai, hoặc kể bằng lời nhé.",
    Unfit.FULL: "Hệ thống đang nhận quá nhiều tệp. Bạn thử lại sau, hoặc kể bằng lời nhé.",
}

ASKED = "{named}: người phụ trách cần hỏi thêm bạn:\n{words}\nViệc xử lý chờ tới khi bạn trả lời."
ANSWERED = "{named} đã có trả lời:\n{words}\nBạn xem đã ổn chưa rồi chấm điểm giúp nhé."
TRANSFERRED = "{named} đã được chuyển tới {body}, nơi có thẩm quyền giải quyết:\n{words}"
REJECTED = "{named} không được tiếp nhận vì {reason}:\n{words}"
BY_ITSELF = "{named}: {words}"
WROTE = "{named}: người phụ trách nhắn bạn:\n{words}"

WITHDRAWN_ELSEWHERE = (
    "{named} vừa được rút từ một cuộc trò chuyện khác, bởi người có mã tiếp nhận. "
    "Nếu không phải bạn, hãy gửi lại phản ánh và giữ kín mã mới."
)
ERASED_ELSEWHERE = (
    "{named} vừa được xóa nội dung từ một cuộc trò chuyện khác, bởi người có mã tiếp nhận. "
    "Nội dung đã xóa không lấy lại được. Nếu không phải bạn, hãy gửi lại và giữ kín mã mới."
)
PUBLISHED = (
    "{named}: kết quả đã được công khai, đã bỏ tên và số điện thoại:\n{address}\n"
    "Nếu có điều gì làm lộ bạn là ai, bạn nhắn lại để người phụ trách gỡ xuống."
)

REPLY, RATE, LOOK = "Trả lời", "Chấm điểm", "Xem phản ánh này"

_OF_MOVE = {
    Move.ASK: ASKED,
    Move.ANSWER: ANSWERED,
    Move.TRANSFER: TRANSFERRED,
    Move.REJECT: REJECTED,
}


def named(case_id: int, category: Category) -> str:
    """Name a case so that its reporter knows which one is meant."""
    return f"Phản ánh số {case_id} ({ABOUT[category]})"


def payload(case_id: int, act: str = "") -> str:
    """Write what a button about a case sends; the case is opened only to whoever may see it."""
    wish = f', "act": "{act}"' if act else ""
    return f'/track_feedback{{"case_id": "{case_id}"{wish}}}'


def notice_of_move(case: Case, move: Move, words: str) -> Notice:
    """Tell a move whose note is for the reporter; ``case`` is as the move left it."""
    reason = REJECTED_SINCE[case.rejection] if case.rejection else ""
    text = _OF_MOVE[move].format(
        named=named(case.id, case.category), words=words, body=case.transferred_to, reason=reason
    )
    first = (REPLY, "add") if move is not Move.ANSWER else (RATE, "rate")
    return Notice(case.id, case.state, text, _offers(case.id, *first))


def notice_of_message(case: Case, words: str) -> Notice:
    """Tell a message of the office."""
    text = WROTE.format(named=named(case.id, case.category), words=words)
    return Notice(case.id, case.state, text, _offers(case.id, REPLY, "add"))


def notice(case: Case, words: str) -> Notice:
    """Tell something of a case that nobody can answer."""
    return Notice(case.id, case.state, words.format(named=named(case.id, case.category)))


def notice_of_publication(case: Case, address: str) -> Notice:
    """Tell that everybody can read what became of the case, and how to object."""
    text = PUBLISHED.format(named=named(case.id, case.category), address=address)
    return Notice(case.id, case.state, text, _offers(case.id, REPLY, "words"))


def notice_of_clock(case: Case, words: str) -> Notice:
    """Tell what the program says by itself."""
    text = BY_ITSELF.format(named=named(case.id, case.category), words=words)
    return Notice(case.id, case.state, text, _offers(case.id, REPLY, "add"))


def _offers(case_id: int, title: str, act: str) -> tuple[Offer, ...]:
    return (Offer(title, payload(case_id, act)), Offer(LOOK, payload(case_id)))


_WHERE_IT_STANDS = {
    State.NEW: "Phản ánh chưa có người nhận xử lý; cán bộ phụ trách đã được nhắc.",
    State.TRIAGED: "Phản ánh đã được đọc nhưng chưa có người nhận xử lý; "
    "cán bộ phụ trách đã được nhắc.",
}
_AT_WORK = "Phản ánh đang được xử lý nhưng chưa xong; cán bộ phụ trách đã được nhắc."


def late(state: State, missed: datetime | None, expected: datetime | None) -> str:
    """Own up that the answer is late: an apology, where the case stands, and the new date."""
    sentences = [
        f"Xin lỗi bạn: phản ánh của bạn chưa được trả lời đúng hạn{_in_brackets(missed)}.",
        _WHERE_IT_STANDS.get(state, _AT_WORK),
    ]
    if expected is not None:
        sentences.append(
            f"Dự kiến có trả lời trước {moment(expected)}. Đây là dự kiến, chưa phải lời hứa chắc "
            "chắn; bạn xem tình trạng bất cứ lúc nào bằng mã tiếp nhận."
        )
    return " ".join(sentences)


def reminder() -> str:
    """Remind of the question that the case waits for."""
    return (
        "Nhắc bạn: phản ánh đang chờ bạn bổ sung thông tin theo câu hỏi ở trên. Bạn chỉ cần nhắn "
        "thêm vào phản ánh này. Nếu bạn không có gì thêm, cán bộ sẽ xử lý tiếp với những gì đã có."
    )


def goes_on() -> str:
    """Say that the case waits no longer."""
    return (
        "Chưa nhận được thông tin bổ sung, nên phản ánh được xử lý tiếp với những gì bạn đã kể. "
        "Bạn vẫn có thể nhắn thêm bất cứ lúc nào."
    )


def closed() -> str:
    """Say that the case ends, and how it can go on."""
    return (
        "Phản ánh được khép lại vì đã có trả lời và bạn không nêu thêm ý kiến. Nếu bạn chưa hài "
        "lòng, bạn có thể mở lại một lần bằng mã tiếp nhận."
    )


def moment(at: datetime) -> str:
    """Write an instant as people read it: ``17:00 ngày 04/12/2026``."""
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def _in_brackets(at: datetime | None) -> str:
    return f" (hạn là {moment(at)})" if at is not None else ""
