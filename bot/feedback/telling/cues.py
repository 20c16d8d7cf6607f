"""The small words of an answer: yes, no, skip, stop, "à nhầm", "ẩn danh", and what is a question.

Read without diacritics, whole words only.
"""

import re

from bot.feedback.telling.question import Question
from bot.vietnamese import fold, normalise, words

_POLITE = frozenset(
    words(
        "a ah ak oi u uh um da nhe nha nhi ha em anh chi co chu bac chau con minh toi tui tao ban "
        "ma thi la roi luon di do day nua"
    )
)
_YES = frozenset(
    {
        *("vang", "u", "uh", "ok", "oke", "okay", "yes", "dung", "dung vay", "chinh xac", "chuan"),
        *("dong y", "toi dong y", "nhat tri", "xac nhan", "duoc", "duoc roi", "co", "phai"),
    }
)
_SEND = re.compile(
    r"^(ok |oke |vang |dung |duoc |roi |dong y |va |cu )*(gui|chot|nop)"
    r"( di| luon| ngay| nhe| giup| ho| nha| a)*$"
)
_NO = frozenset({"khong", "khong phai", "chua", "sai", "khong dung", "hong", "ko", "k", "no"})
_SKIP = frozenset(
    {
        *("bo qua", "khong co", "chua co", "khong", "khoi", "thoi khoi", "khong can", "het"),
        *("thoi khong co", "khong co gi", "khong co anh", "toi khong co", "de sau", "khong giu"),
    }
)
_FEW = 6  # words
_HAS_NOTHING = re.compile(
    r"^(khong|chua|chang|hong|ko|k|kg) (co|giu|chup|luu|kip chup|quay|ghi am)"
    r"( (duoc|anh|hinh|giay to|bang chung|chung cu|gi|cai|tam|nao|ca|het|chi))*$"
)
_UNKNOWN = re.compile(
    r"\b(khong (nho|biet|ro|muon noi|noi duoc|tien noi|khai|dam noi)|quen roi|quen mat"
    r"|chang nho|hong nho|bo qua|khoi noi|mien noi)\b"
)
_STOP = re.compile(
    r"^(thoi|huy|dung lai|bo di|thoi bo|thoi bo di|thoi khoi|thoi khoi gui|thoi de sau|huy bo"
    r"|(thoi )?(toi )?khong (gui|phan anh|khai|ke|lam|muon gui|muon phan anh|muon ke)( nua)?"
    r"|(thoi )?xoa (het|di)|thoi khong gui|thoi dep|thoi dep di|thoi ke di|(toi )?doi y)$"
)
_REFUSES = re.compile(r"\b(khong|chang|hong|chua) (he )?(dong y|chap nhan|cho phep)\b|^tu choi$")
_MISTAKEN = re.compile(
    r"\b(nham|lon roi|noi lai|sua lai|dinh chinh|dung ra|chu khong phai|co ma|moi dung)\b"
    r"|^(a |ay |o )?khong phai\b|\bchu$"
)
_NOT = re.compile(r"\b(khong phai|chu khong|dau phai|khong o)( la| o)? *$")
_ANONYMOUS = re.compile(
    r"\b(an danh|nac danh|giau ten|giau danh tinh|khong (muon )?(ghi|de|lo|neu|khai|xung|noi) ten"
    r"|so (bi )?lo|khong ten|dung (ghi|de|lo|neu) ten|giu kin ten)\b"
)
_NAMED = re.compile(r"\b(ghi ten|co ten|de ten|cong khai ten|neu ten|khai ten|ten that|xung ten)\b")
_NAMES_ONESELF = re.compile(r"\b(toi|minh|em|tui|chau|con) (ten|la [A-ZĐ])|\bten (toi|minh|em)\b")
_END_OF_STORY = frozenset(
    {"het", "het roi", "xong", "xong roi", "the thoi", "vay thoi", "co the thoi", "chi vay thoi"}
)
_GREETING = frozenset({"alo", "xin chao", "chao", "hello", "hi", "e", "con do khong", "ban oi"})
_GO_ON = re.compile(r"\b(ke tiep|tiep tuc|quay lai phan anh|gui tiep|noi tiep)\b")
_EDIT = re.compile(r"^(toi )?(muon |can )?(sua|chinh|doi)\b")
# What people say to open the road, and whom it is about, without saying what happened.
_OPENING = _POLITE | frozenset(
    words(
        "phan anh anh khieu nai to cao giac kien nghi gop y bao cao muon can xin cho gui viet noi "
        "ke mot viec chuyen nay ve viec cai tai o phuong xa quan huyen thanh pho uy ban nhan "
        "can bo cong chuc mot cua trung tam hanh chinh cong phuc vu an danh nac danh khen ngoi "
        "duoc khong moi tao lap ghi nhan giup gium ho voi day gap buc xuc lam qua tuc "
        "len cap co quan nha nuoc nguoi"
    )
)
_ASKS = re.compile(
    r"\b(gi|sao|nao|o dau|bao nhieu|bao lau|may ngay|khi nao|the nao|co phai|ai)\b|\bdau$"
    r"|\b(khong|chua|ha|hay khong|chang)$|\bco .{1,60} khong\b"
)
_LATER = re.compile(
    r"\b(de|mai|lat nua|hom sau|bua sau|khi khac|toi ve)\b.*"
    r"\b(ke|noi|lam|gui|khai) (tiep|not|sau)\b"
)
_ANOTHER = re.compile(r"\b(phan anh|chuyen|viec|vu) (moi|khac)\b")
_THREATENS = re.compile(
    r"\b(de doa|ham doa|doa (danh|giet|dam|chem|xu|cho biet tay)|hanh hung|uy hiep|khung bo"
    r"|danh (toi|minh|em|tui|nguoi)|dam (toi|chet)|chem|giang ho|xa hoi den)\b|\bbi danh\b(?! gia)"
)
_WRONGED = re.compile(
    r"\b(bat|doi|doa|duoi|quat|mang|hach|ngam|hanh|lam kho|vi tri|bi (tu choi|tra|lam|hanh|ep)"
    r"|(khong|chua) (chu|chiu|nhan|cho|giai quyet|tra|duoc nhan)|tu choi|tre hen|qua hen)\b"
)
_FIELDS = (
    (Question.WHEN, re.compile(r"\b(ngay|thoi gian|hom|gio)\b")),
    (Question.WHERE, re.compile(r"\b(noi|dia chi|dia diem|cho|phuong|xa|co quan)\b")),
    (Question.KIND, re.compile(r"\b(loai|muc|nhom)\b")),
    (Question.IDENTITY, re.compile(r"\b(ten|sdt|so dien thoai|nguoi gui|an danh|lien he)\b")),
    (Question.STORY, re.compile(r"\b(chuyen|noi dung|loi ke|ke lai)\b")),
)


def _plain(text: str) -> str:
    return " ".join(words(fold(normalise(text))))


def _bare(text: str) -> str:
    """The words without those of politeness around them."""
    spoken = words(fold(normalise(text)))
    told = [word for word in spoken if word not in _POLITE]
    return " ".join(told or spoken)


def says_yes(text: str) -> bool:
    """Hear "vâng", "đồng ý", "gửi đi ạ"."""
    return _plain(text) in _YES or _bare(text) in _YES


def sends(text: str) -> bool:
    """Hear "gửi đi ạ", "ok gửi luôn"."""
    return bool(_SEND.match(_plain(text)) or _SEND.match(_bare(text)))


def says_no(text: str) -> bool:
    """Hear "không", "không phải ạ"."""
    return _bare(text) in _NO


def skips(text: str) -> bool:
    """Hear "bỏ qua", "không có ạ", "em chưa chụp được cái nào"."""
    plain, bare = _plain(text), _bare(text)
    return plain in _SKIP or bare in _SKIP or _HAS_NOTHING.match(bare) is not None


def does_not_know(text: str) -> bool:
    """Hear "không nhớ", "không muốn nói", "bỏ qua"; a longer sentence tells something."""
    return length(text) <= _FEW and _UNKNOWN.search(_plain(text)) is not None


def stops(text: str) -> bool:
    """Hear "thôi", "không gửi nữa"; not "vậy thôi", which only ends a story."""
    return bool(_STOP.match(_plain(text)) or _STOP.match(_bare(text)))


def refuses(text: str) -> bool:
    """Hear "tôi không đồng ý"."""
    return _REFUSES.search(_plain(text)) is not None


def corrects(text: str) -> bool:
    """Hear "à nhầm, hôm qua chứ", "không phải phường A, phường B cơ mà"."""
    return _MISTAKEN.search(_plain(text)) is not None


def denied_before(text: str, start: int) -> bool:
    """Tell whether "không phải" stands just before what begins at ``start``."""
    return _NOT.search(_plain(text[:start])) is not None


def anonymous(text: str) -> bool:
    """Hear "ẩn danh", "không muốn lộ tên"."""
    return _ANONYMOUS.search(_plain(text)) is not None


def named(text: str) -> bool:
    """Hear "tôi ghi tên"."""
    return _NAMED.search(_plain(text)) is not None and not anonymous(text)


def names_oneself(text: str) -> bool:
    """Hear "tôi tên là …", or nothing but a name of two to five words, each with a capital."""
    spoken = text.split()
    a_name = 2 <= len(spoken) <= 5 and all(word[:1].isupper() and word.isalpha() for word in spoken)
    return a_name or _NAMES_ONESELF.search(_plain(text)) is not None


def ends_story(text: str) -> bool:
    """Hear "thế thôi ạ", "hết rồi"."""
    return _plain(text) in _END_OF_STORY or _bare(text) in _END_OF_STORY


def greets(text: str) -> bool:
    """Hear "alo", "em ơi"."""
    return _plain(text) in _GREETING or _bare(text) in _GREETING


def goes_on(text: str) -> bool:
    """Hear "kể tiếp"."""
    return _GO_ON.search(_plain(text)) is not None


def edits(text: str) -> bool:
    """Hear "sửa lại giúp tôi"."""
    return _EDIT.search(_plain(text)) is not None


def field_named(text: str) -> Question | None:
    """Hear what is to be corrected: "sửa lại ngày"."""
    plain = _plain(text)
    return next((question for question, words in _FIELDS if words.search(plain)), None)


def later(text: str) -> bool:
    """Hear "để mai kể tiếp"."""
    return _LATER.search(_plain(text)) is not None


def threatens(text: str) -> bool:
    """Hear of threats and violence."""
    return _THREATENS.search(_plain(text)) is not None


def wronged(text: str) -> bool:
    """Hear in a question that something was done: "họ bắt … vậy có đúng không"."""
    return _WRONGED.search(_plain(text)) is not None


def another(text: str) -> bool:
    """Hear "tôi muốn phản ánh chuyện khác"."""
    return _ANOTHER.search(_plain(text)) is not None


def asks(text: str) -> bool:
    """Tell whether it is worded as a question."""
    return text.rstrip().endswith("?") or _ASKS.search(_plain(text)) is not None


def length(text: str) -> int:
    """Count the words."""
    return len(words(text))


def telling(text: str) -> int:
    """Count the words that tell something, beside "tôi muốn phản ánh" and the like."""
    return sum(word not in _OPENING for word in words(fold(normalise(text))))
