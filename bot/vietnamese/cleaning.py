"""Characters that look right and are not: what keyboards, copying and pranks leave behind."""

import re
import unicodedata

# Invisible in a chat window: soft hyphen, joiners, directions, fillers, variation selectors,
# language tags, private use (bullets out of Word), halves of surrogate pairs, control characters
# other than white space.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff"
)
_LOOK_ALIKES = {
    look_alike: meant
    for look_alikes, meants in (
        ("аеорсухіјѕһԁԛԝѵкмт", "aeopcyxijshdqwvkmt"),  # Cyrillic
        ("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"),
        ("οαινρυκ", "oaivpuk"),  # Greek
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
        ("ðÐɖƉƌıİ", "đĐđĐđiI"),  # Icelandic, African, Turkish
        ("‐‑‒–—―−", "-------"),
        ("‘’‚“”„", "'''\"\"\""),
    )
    for look_alike, meant in zip(look_alikes, meants, strict=True)
}
# Letters in fancy dress: full width, mathematical alphabets, circled, ligatures.
_COSTUMES = "\uff01-\uff5e\U0001d400-\U0001d7ff\u2460-\u24ff\ufb00-\ufb06"

_ODD = re.compile(f"[{_INVISIBLE}{''.join(map(re.escape, _LOOK_ALIKES))}{_COSTUMES}]")
_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]")
_TONE_BEFORE_SHAPE = re.compile("([\u0300\u0301\u0303\u0309\u0323])([\u0302\u0306\u031b])")
# Not an outcry: an annex III, VIII, XIII; the identity card's CCCD; www.
_LETTER_RUN = re.compile(
    r"(?<![^\W\d_])((?:[xv]*iii|www|ccc[dđ])(?![^\W\d_]))|([A-Za-zÀ-ɏḀ-ỿ])\2{2,}", re.IGNORECASE
)
# A vowel drawn out behind its marks ("gìi"): no word is spelled so.
_DRAWN_OUT = re.compile(
    "|".join(
        f"(?<=[{marked}]){vowel}+(?![^\\W\\d_])"
        for vowel, marked in (
            ("a", "àáảãạ"), ("e", "èéẻẽẹ"), ("i", "ìíỉĩị"),
            ("o", "òóỏõọ"), ("u", "ùúủũụ"), ("y", "ỳýỷỹỵ"),
        )
    ),
    re.IGNORECASE,
)  # fmt: skip


def clean(text: str) -> str:
    """The same words in composed Unicode (NFC), without invisible characters and look-alikes.

    A letter repeated more than twice stands once ("khônggg" → "không"), and so does a vowel drawn
    out behind its marks ("gìi" → "gì"); white space becomes
    single spaces; case is kept. Any string is accepted, lone surrogates are dropped.
    """
    if text.isascii():
        text = _ODD.sub("", text)
    else:
        text = _without_stray_marks(_plain_characters(unicodedata.normalize("NFC", text)))
        text = _DRAWN_OUT.sub("", text)
    return " ".join(_LETTER_RUN.sub(_first_of_run, text).split())


def _plain_characters(text: str) -> str:
    if not _ODD.search(text):
        return text
    return unicodedata.normalize("NFC", _ODD.sub(_plain_character, text))


def _plain_character(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character else ""


def _without_stray_marks(text: str) -> str:
    """Compose what some keyboards send as letter + tone + shape (é + ˆ → ế); drop the rest."""
    if not _MARK.search(text):
        return text
    ordered = _TONE_BEFORE_SHAPE.sub(r"\2\1", unicodedata.normalize("NFD", text))
    composed = unicodedata.normalize("NFC", ordered)
    return unicodedata.normalize("NFC", _MARK.sub("", composed))


def _first_of_run(match: re.Match[str]) -> str:
    return match[1] or match[2]
