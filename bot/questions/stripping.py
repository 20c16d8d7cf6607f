"""Taking out of a question what could tell who asked it. Pure; rather too much than too little.

What goes: telephone, identity and account numbers, codes of dossiers (mã hồ sơ) and receipts,
number plates, dates of birth, e-mail, links, names on other networks, names of people, addresses
of houses and land. What stays: words, procedure codes (1.001193), years, numbers of three digits
or less. A name without a capital letter is only found behind words that announce one, or when it
is a family name with the middle name văn or thị.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from bot.vietnamese import clean, fold, words

NUMBER = "⟨số⟩"
DATE = "⟨ngày⟩"
NAME = "⟨tên⟩"
PLACE = "⟨địa chỉ⟩"
MAIL = "⟨thư điện tử⟩"
LINK = "⟨liên kết⟩"
CONTACT = "⟨liên hệ⟩"
PLACEHOLDERS = (NUMBER, DATE, NAME, PLACE, MAIL, LINK, CONTACT)

_LONGEST_NAME = 5  # words
_FEWEST_DIGITS = 4  # four are what a dossier is opened with; three are a room or a price

Span = tuple[int, int, str]  # from, to, what stands there instead


def strip(text: str) -> str:
    """Return the text with placeholders where personal data stood; doing it again changes nothing.

    Any string is accepted. Invisible and look-alike characters are made plain first, so that
    nothing hides behind them.
    """
    while (stripped := _strip_once(text)) != text:
        text = stripped
    return text


def _strip_once(text: str) -> str:
    text = _plain(text)
    for start, end, placeholder in reversed(_joined(sorted(_personal(text)))):
        text = f"{text[:start]}{placeholder}{text[end:]}"
    return " ".join(text.split())


def tells_anything(stripped: str) -> bool:
    """Tell whether anything but placeholders is left to be labelled."""
    for placeholder in PLACEHOLDERS:
        stripped = stripped.replace(placeholder, " ")
    return any(character.isalpha() for character in stripped)


def _plain(text: str) -> str:
    """Clean text in which every digit is a digit, and shouting is lowered: there all is capital."""
    text = clean(unicodedata.normalize("NFKC", clean(text)))
    text = "".join(_plain_digit(character) for character in text)
    letters = [character for character in text if character.isalpha()]
    shouted = sum(character.isupper() for character in letters) * 2 > len(letters)
    return text.lower() if shouted and len(letters) > _LONGEST_NAME * 4 else text


def _plain_digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


def _joined(spans: list[Span]) -> list[Span]:
    """Make one of those that overlap; the first says what it was."""
    joined: list[Span] = []
    for start, end, placeholder in spans:
        if joined and start < joined[-1][1]:
            before = joined.pop()
            start, end, placeholder = before[0], max(before[1], end), before[2]
        joined.append((start, end, placeholder))
    return joined


def _personal(text: str) -> Iterator[Span]:
    # Some patterns want the text without diacritics, place for place; some its capital letters.
    bare = "".join(_bare_letter(character) for character in text)
    for pattern, placeholder in _IN_TEXT:
        for match in pattern.finditer(text):
            yield *match.span("it"), placeholder
    for pattern, placeholder in _IN_BARE:
        for match in pattern.finditer(bare):
            yield *match.span("it"), placeholder
    yield from _numbers(bare)
    yield from _announced(text, bare)


def _bare_letter(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character


# Links, mail and accounts elsewhere

_LINK = re.compile(
    r"(?P<it>(?:https?:|www\.)\S+|"
    r"(?<![\w@])(?:[\w-]+\.)+(?:vn|com|net|org|info|me|io|edu|gov)\b(?:/\S*)?)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?P<it>\S*@\s?\S*)")
_CONTACT = re.compile(
    r"\b(?:zalo|facebook|fb|face|nick|telegram|viber|tiktok|instagram)\b"
    r"(?: (?:cua )?(?:toi|em|minh|chau|con))?\s?(?:la\b|:)\s?(?P<it>(?![⟨?])\S+(?: [^\s⟨,.?]+)?)"
)

# Numbers. Neighbours are taken together: "0912 345 678", "29A 123.45", "H29.16 - 250721 - 0001".

_GAP = r"[\s.,:;/_()+\-]{1,3}"
_DIGITED = r"[^\W_]*\d[^\W_]*"
_NUMBERS = re.compile(rf"\+?{_DIGITED}(?:{_GAP}{_DIGITED})*")
_PROCEDURE = re.compile(r"[1-3]\.0\d{5}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"\d{1,2}[\s./-]{1,3}\d{1,2}[\s./-]{1,3}(?:19|20)?\d\d")
_SPOKEN_DIGIT = r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|linh|le|muoi|\d{1,3})"
_SPOKEN = re.compile(rf"\b(?P<it>{_SPOKEN_DIGIT}(?:[\s,.-]+{_SPOKEN_DIGIT}){{5,}})\b")
_BORN = re.compile(
    r"(?<!khai )\b(?:sinh|sn|ns)\b(?:\s?(?:ngay|thang|nam|vao|la|:))*\s?"
    r"(?P<it>(?:\d{2,4}|\d(?=\s?[./-]\s?\d|\sthang\s\d))"
    r"(?:(?:\s?[./-]\s?|\s(?:thang|nam)\s|\s)\d{1,4}){0,2})\b"
)
_WRITTEN_DAY = re.compile(
    r"\b(?:ngay|mung|mong)\s(?P<it>\d{1,2}\s?(?:thang|[./-])\s?\d{1,2}(?:\s?(?:nam|[./-])?\s?\d{2,4})?)\b"
)


def _numbers(bare: str) -> Iterator[Span]:
    for match in _NUMBERS.finditer(bare):
        run = match[0]
        if sum(character.isdigit() for character in run) < _FEWEST_DIGITS:
            continue
        if not (_PROCEDURE.fullmatch(run) or _YEAR.fullmatch(run)):
            yield *match.span(), DATE if _DAY.fullmatch(run) else NUMBER


# Addresses

_HOUSE = r"\d+[a-z]?(?:\s?[/-]\s?\d+[a-z]?)*"
_STREET = r"(?:duong|pho(?! thong)|ngo|ngach|hem|kiet)"
_HOUSE_NUMBER = re.compile(
    r"\b(?P<it>(?:so nha|nha so|can ho|can so|chung cu|toa nha|phong|ngo|ngach|hem|kiet|to|"
    rf"to dan pho|khu pho|khu|thon|xom|ap|buon|lo|thua dat|thua|to ban do)(?:\s?so)?\s{_HOUSE})\b"
)
_STREET_NUMBER = re.compile(
    rf"\b(?P<it>(?:so\s)?{_HOUSE},?\s{_STREET}\s[a-z]+(?:\s(?!phuong|xa|quan|tinh|o|thi)[a-z]+)?)\b"
)
_UPPER = "".join(filter(str.isupper, map(chr, (*range(0x250), *range(0x1E00, 0x1F00)))))
_CAPITALS = rf"[{_UPPER}][^\W\d_]*(?:\s[{_UPPER}][^\W\d_]*){{0,4}}"
_NAMED_STREET = re.compile(
    rf"(?<!\w)(?P<it>(?i:(?:số\s)?(?:{_HOUSE},?\s)?(?:đường|phố|ngõ|ngách|hẻm|kiệt|thôn|xóm|ấp|"
    rf"buôn|chung cư|khu đô thị|tòa nhà))\s{_CAPITALS})"
)
_NUMBERED_NAME = re.compile(rf"(?<!\w)(?P<it>(?i:số(?: nhà)?)\s{_HOUSE},?\s{_CAPITALS})")

_GIVEN_ADDRESS = re.compile(
    rf"(?i:địa chỉ|dia chi|đ/c|nhà (?:tôi|em|mình) ở)(?i: [^\W\d_]+){{0,3}}"
    rf"\s?(?i:là|la|ở|o|tại|tai|:)\s?(?P<it>(?:\d|[{_UPPER}])[^.!?;\n⟨]{{0,80}})"
)

_IN_TEXT = (
    (_LINK, LINK),
    (_MAIL, MAIL),
    (_GIVEN_ADDRESS, PLACE),
    (_NAMED_STREET, PLACE),
    (_NUMBERED_NAME, PLACE),
)
_IN_BARE = (
    (_CONTACT, CONTACT),
    (_BORN, DATE),
    (_WRITTEN_DAY, DATE),
    (_SPOKEN, NUMBER),
    (_HOUSE_NUMBER, PLACE),
    (_STREET_NUMBER, PLACE),
)


# Names

_NO_NAMES = set(
    words(  # even with a capital letter
        "muốn hỏi cần xin ở sinh năm có là và đang bị cho nhờ quê hiện nay nên nhưng mà thì đã sẽ "
        "chưa không được rồi giúp gửi nộp làm đăng đến tôi em mình gì nào sao khác mới cũ trong "
        "trên sai với của tại từ vào ra để nếu hay hoặc cũng nhiêu ai đây đó phường xã tỉnh thành "
        "phố quận huyện ơi ạ vâng nhé nha nhỉ ubnd ủy uỷ việt vneid cccd cmnd"
    )
)
_NO_BARE_NAMES = {fold(word) for word in _NO_NAMES}  # of a text without diacritics; Nam is one
_NO_BARE_NAMES -= {"nam", "hien", "thanh", "dang", "thi", "que", "xa", "minh"}
_WORD = re.compile(r"\s*(?P<it>[^\W\d_]+)")
_SURE_FAMILIES = "nguyen|tran|pham|hoang|huynh|phan|vu|bui|dinh|trinh"  # also without diacritics
_INTRODUCED = re.compile(  # also a name in small letters
    rf"\b(?:(?:ten|ong|ba|anh|chi|co|chu|bac|em|chau|be)(?=\s(?:{_SURE_FAMILIES})\b)|"
    r"(?:toi|tui|em|minh|chau|con|to) ten(?: la)?|"
    r"ten (?:(?:cua|day|du|that|con|chau|toi|tui|em|minh|vo|chong|bo|me|be) ){0,3}la|ten\s?:|"
    r"ho (?:va )?ten(?: la|\s?:))(?![a-z])"
)
_TITLED = re.compile(
    r"\b(?:tên|ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cậu|dì|mợ|thím|bé|con|vợ|chồng|bố|ba|mẹ|cha|má|"
    r"cán bộ|đồng chí|chủ tịch|chuyên viên|ten|ong|chi|chu|bac|chau|thay|cau|be|vo|chong|bo|me|"
    r"can bo|dong chi|chu tich|chuyen vien)(?!\w)",
    re.IGNORECASE,
)
_FAMILIES = words(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Ngô Dương Lý Đinh Trịnh Đoàn Trương "
    "Lương Phùng Tạ Quách Kiều Vương Đào Đàm Tống Hứa Mạc Nông Triệu"
)
_FULL_NAME = re.compile(
    rf"\b(?:{'|'.join({*_FAMILIES, *map(str.title, map(fold, _FAMILIES))})}|"
    rf"{'|'.join(map(str.upper, _FAMILIES))})\s{_CAPITALS}"
)
_SMALL_NAME = re.compile(
    rf"\b(?:{'|'.join(map(str.lower, _FAMILIES))}|nguyen|tran|le|pham|hoang|huynh|phan|vu|bui|ngo|"
    r"dinh|trinh|truong|luong)\s(?:văn|thị|van|thi)\b",
    re.IGNORECASE,
)


def _announced(text: str, bare: str) -> Iterator[Span]:
    """Names behind words that announce one, and full names that stand by themselves."""
    stops = _NO_BARE_NAMES if bare == text.lower() else _NO_NAMES
    for match in _INTRODUCED.finditer(bare):
        yield from _name(text, match.end(), stops, small=True)
    for match in _TITLED.finditer(text):
        yield from _name(text, match.end(), stops, small=False)
    for match in _FULL_NAME.finditer(text):
        yield *match.span(), NAME
    for match in _SMALL_NAME.finditer(text):
        for _, end, _ in _name(text, match.end(), stops, small=True):
            yield match.start(), end, NAME


def _name(text: str, at: int, stops: Collection[str], *, small: bool) -> Iterator[Span]:
    """Yield the name that stands at a place; ``small``: even without capital letters."""
    begin = end = None
    for _ in range(_LONGEST_NAME):
        word = _WORD.match(text, at)
        if word is None or word["it"].lower() in stops:
            break
        capital = word["it"].istitle()  # VNeID and CCCD are no names
        if not capital and not small:
            break
        begin, end = word.start("it") if begin is None else begin, word.end("it")
        small = small and not capital
        at = end
    if begin is not None and end is not None:
        yield begin, end, NAME
