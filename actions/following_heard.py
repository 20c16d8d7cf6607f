"""What somebody who follows a case may say with no button: short words, read by rule."""

import re

from actions.heard import Heard
from bot.vietnamese import fold, words

_LONGEST_SHORT = 7  # words; a longer message tells a story of its own
_ERASE = re.compile(
    r"\bxoa (?:het |toan bo |giup |gium |ho )*(?:cac |nhung )?"
    r"(?:du lieu|thong tin|noi dung|phan anh|moi thu)\b"
)
_LOST = re.compile(
    r"\b(?:mat|quen|khong nho|ko nho|khong con|lam mat|that lac|xin lai|cap lai)\b.*\bma\b"
)
_DISSATISFIED = re.compile(r"\b(?:chua|khong|ko|k|hong|chang) (?:duoc )?(?:he )?hai long\b")
_RATING = re.compile(
    r"^(?:toi |minh |em )?(?:cham |cho |danh gia )?([1-5])(?:\s*/\s*5| sao| diem)?\b"
)
_DONE = re.compile(r"^(?:da |vang |ok )*(?:xong|het roi|vay thoi|the thoi|chi vay thoi|du roi)\b")
_SMALL_TALK = frozenset({"greet", "thank", "goodbye", "help", "ask_human", "track_feedback"})
_ASIDE = frozenset({"ask_procedure", "check_dossier", "ask_place", "ask_rights", "help"})
_SURE = 0.6  # of what a question in the middle wants
_VERY_SURE = 0.9  # without a question mark


def wants_erasure(heard: Heard) -> bool:
    """Tell whether somebody asks for their data to be erased."""
    return bool(_ERASE.search(fold(heard.text))) and len(words(heard.text)) <= _LONGEST_SHORT * 2


def lost_the_code(heard: Heard) -> bool:
    """Tell whether somebody has no receipt code any more."""
    return bool(_LOST.search(fold(heard.text)))


def is_dissatisfied(heard: Heard) -> bool:
    """Tell whether a message says that an answer did not satisfy, and no more."""
    short = len(words(heard.text)) <= _LONGEST_SHORT
    return short and bool(_DISSATISFIED.search(fold(heard.text)))


def rating(heard: Heard) -> tuple[int, str] | None:
    """Read a rating and the words that came with it: "4, giải thích rõ"."""
    match = _RATING.match(" ".join(fold(heard.text).split()))
    if match is None:
        return None
    return int(match[1]), "" if len(words(heard.text)) <= 3 else heard.text


def stops(heard: Heard) -> bool:
    """Tell whether somebody would rather not."""
    return heard.intent in {"cancel", "deny"} and len(words(heard.text)) <= _LONGEST_SHORT


def is_done(heard: Heard) -> bool:
    """Tell whether somebody has nothing more to write."""
    short = len(words(heard.text)) <= _LONGEST_SHORT
    return stops(heard) or (short and bool(_DONE.match(fold(heard.text))))


def goes_on(heard: Heard) -> bool:
    """Tell whether words that follow others belong to them, and are not for the assistant."""
    if heard.attachments or is_done(heard):
        return True
    sure = bool(heard.readings) and heard.readings[0].confidence >= _VERY_SURE
    small_talk = heard.intent in _SMALL_TALK and len(words(heard.text)) <= _LONGEST_SHORT
    elsewhere = small_talk or asks_aside(heard) or (sure and heard.intent in _ASIDE)
    return heard.has_words and not elsewhere


def asks_aside(heard: Heard) -> bool:
    """Tell whether a message asks the assistant something, in the middle of a question of ours."""
    sure = bool(heard.readings) and heard.readings[0].confidence >= _SURE
    return sure and heard.intent in _ASIDE and heard.text.rstrip().endswith("?")
