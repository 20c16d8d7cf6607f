"""How choices and the summary are worded; whole sentences are in nlu/domain/feedback.yml."""

from collections.abc import Iterator

from bot.feedback.category import Category, Subtype
from bot.feedback.telling.draft import SHORTER, Draft, Kind, When, ranked_kinds
from bot.feedback.telling.question import Question
from bot.feedback.telling.road import MOST_CHOICES

Option = tuple[str, str]  # title, value

CATEGORIES = {
    Category.HARASSMENT: "Nhũng nhiễu, gây phiền hà",
    Category.BROKER: "Cò giấy tờ",
    Category.IMPROPER_DEMAND: "Đòi giấy tờ ngoài quy định",
    Category.REFUSAL_REORGANISATION: "Từ chối vì sắp xếp bộ máy",
    Category.DELAY: "Trễ hạn",
    Category.ATTITUDE: "Thái độ, đùn đẩy",
    Category.BRIBERY: "Vòi vĩnh, đòi tiền",
    Category.TECHNICAL: "Lỗi hệ thống, lỗi kỹ thuật",
    Category.PRAISE: "Lời khen",
    Category.SUGGESTION: "Góp ý",
    Category.OTHER: "Chuyện khác",
}
SUBTYPES = {
    Subtype.FORCED_VNEID: "Bắt phải có VNeID",
    Subtype.ADDRESS_CONFIRMATION: "Bắt xác nhận địa chỉ cũ, mới",
    Subtype.EXTRA_PAPERS: "Đòi thêm giấy tờ",
    Subtype.PAPER_COPY_OF_ONLINE: "Bắt nộp bản giấy cho hồ sơ điện tử",
}
MOST_KINDS = 3
SHOWN_OF_STORY = 400  # characters in the summary

_NOT_SAID = [("Không nhớ, không muốn nói", "skip")]
_FIXED: dict[Question, list[Option]] = {
    Question.WHERE: _NOT_SAID,
    Question.WHEN: [
        ("Hôm nay", "today"),
        ("Hôm qua", "yesterday"),
        ("Không nhớ rõ ngày", "skip"),
    ],
    Question.IDENTITY: [
        ("Ẩn danh, trả lời mình ở đây", "anonymous"),
        ("Ghi tên, số điện thoại", "named"),
        ("Ẩn danh, tự xem bằng mã", "silent"),
    ],
    Question.EVIDENCE: [("Bỏ qua", "skip")],
    Question.SUMMARY: [
        ("Đồng ý và gửi", "send"),
        ("Sửa", "edit"),
        ("Thôi, không gửi", "stop"),
    ],
    Question.EDIT: [
        ("Lời kể", "story"),
        ("Loại phản ánh", "kind"),
        ("Nơi xảy ra", "where"),
        ("Thời gian", "when"),
        ("Người gửi", "identity"),
        ("Không sửa gì", "summary"),
    ],
    Question.STOP: [("Thôi, xóa đi", "yes"), ("Kể tiếp", "no")],
    Question.ANOTHER: [("Kể tiếp chuyện cũ", "old"), ("Bỏ chuyện cũ, kể chuyện mới", "new")],
}


def kind_name(kind: Kind) -> str:
    """Name what it is about."""
    return SUBTYPES[kind.subtype] if kind.subtype else CATEGORIES[kind.category]


def options(draft: Draft, question: Question) -> list[Option]:
    """Return the choices that a question offers, at most six."""
    match question:
        case Question.STORY:
            told = draft.paragraphs and Question.SUMMARY in draft.asked
            return [("Kể lại từ đầu", "again")] if told else []
        case Question.WHICH:
            candidates = draft.where.candidates if draft.where else ()
            several = len({each.province for each in candidates}) > 1
            return [
                (f"{each.name}, {_short(each.province)}" if several else each.name, each.code)
                for each in candidates[:MOST_CHOICES]
            ] + [("Mình không rõ", "skip")]
        case Question.KIND:
            kinds = [(kind_name(kind), label(kind)) for kind in _likely_kinds(draft)]
            return [*kinds, (CATEGORIES[Category.OTHER], Category.OTHER.value)]
    return list(_FIXED.get(question, ()))


def _likely_kinds(draft: Draft) -> list[Kind]:
    """The likeliest kinds; praise is no reading of a complaint, nor the other way round."""
    ranked = ranked_kinds(draft)
    praises = bool(ranked) and ranked[0].category in SHORTER
    return [
        kind
        for kind in ranked
        if kind.category is not Category.OTHER and (kind.category in SHORTER) == praises
    ][:MOST_KINDS]


def _short(province: str) -> str:
    return province.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def label(kind: Kind) -> str:
    """Write a kind as a button sends it."""
    return kind.category.value + (f"/{kind.subtype.value}" if kind.subtype else "")


def summary(draft: Draft) -> str:
    """Write what would be sent, line by line."""
    return "\n".join(f"• {line}" for line in _lines(draft))


def _lines(draft: Draft) -> Iterator[str]:
    yield f"Chuyện: {beginning(draft.story, SHOWN_OF_STORY)}"
    doubt = " (mình chưa chắc)" if draft.doubtful else ""
    yield f"Loại: {kind_name(draft.likely)}{doubt}"
    yield f"Nơi: {where_words(draft) or 'chưa rõ'}"
    if draft.when is not None or not draft.short:
        yield f"Thời gian: {when_words(draft.when)}"
    if draft.evidence:
        yield f"Ảnh, giấy tờ: {len(draft.evidence)}"
    yield f"Người gửi: {identity_words(draft)}"


def beginning(story: str, characters: int = 80) -> str:
    """Return the beginning of a story, up to a whole word."""
    if len(story) <= characters:
        return story
    return f"{story[:characters].rpartition(' ')[0] or story[:characters]}…"


def where_words(draft: Draft) -> str:
    """Name the place: as it is called today where that is known, else as the citizen did."""
    where = draft.where
    place = (where.name if where.settled else where.words) if where else ""
    office = "" if draft.office and draft.office in place else draft.office
    return ", ".join(filter(None, (office, place)))


def when_words(when: When | None) -> str:
    """Name the day, else the citizen's words."""
    if when is None:
        return "không rõ"
    return f"{when.day:%d/%m/%Y}" if when.day else when.words


def identity_words(draft: Draft) -> str:
    """Say who tells and whether there is an answer here."""
    identity = draft.identity
    if identity is None or not identity.named:
        silent = identity is not None and not identity.write_back
        return "ẩn danh, tự xem bằng mã" if silent else "ẩn danh, trả lời tại đây"
    return identity.contact or "có ghi tên"
