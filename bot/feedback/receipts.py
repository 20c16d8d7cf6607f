"""The receipt code (mã tiếp nhận): whoever holds it may follow the case and add to it.

15 characters of an alphabet of 23: fourteen are random (63 bits), the last is a check character.
The alphabet is made to be said on the phone and copied by hand: the digits, and the consonants
that neither look like a digit or each other (no B, D, G, I, J, L, O, Q, S, U, Z) nor together
could spell a word (no A, E, I, O, U).

23 is a prime, and each place weighs another power of 5, which generates every remainder: so the
weighted sum changes with any one wrong character, and with any two swapped ones.
"""

import re
import secrets
from collections.abc import Iterator, Sequence

from bot.feedback.errors import BadReceipt, Misread
from bot.storage.vault import Vault
from bot.vietnamese import fold, words

ALPHABET = "0123456789CFHKMNPRTVWXY"
LENGTH = 15
GROUP = 5  # characters said in one breath
RANDOM_STATES = len(ALPHABET) ** (LENGTH - 1)

_WEIGHTS = tuple(pow(5, place, len(ALPHABET)) for place in range(LENGTH))
# What people type for the characters that they see; none of these is in the alphabet.
_LOOK_ALIKES = str.maketrans("OQDIJLZSGBU", "0001112568V")
# What is taken for one another by eye or by ear, two by two.
_PAIRS = re.findall("..", "1727383556686908494HMNVYKXPRFPTPCKHKRNVW")
_CONFUSED = {
    character: "".join(others.replace(character, "") for others in _PAIRS if character in others)
    for character in ALPHABET
}
# How the characters are called in Vietnamese, without diacritics.
_NAMES = {
    "0": ("khong", "linh"),
    "1": ("mot",),
    "2": ("hai",),
    "3": ("ba",),
    "4": ("bon", "tu"),
    "5": ("nam", "lam"),
    "6": ("sau",),
    "7": ("bay",),
    "8": ("tam",),
    "9": ("chin",),
    "C": ("xe", "co"),
    "F": ("ep", "ep pho"),
    "H": ("hat", "ho"),
    "K": ("ca",),
    "M": ("em", "em mo", "mo"),
    "N": ("en", "en no", "no"),
    "P": ("pe", "po"),
    "R": ("e ro", "ro"),
    "T": ("te", "to"),
    "V": ("ve", "vo"),
    "W": ("ve kep", "ve dup"),
    "X": ("ich", "ich xi", "xo"),
    "Y": ("y dai", "i dai", "i go ret", "y go ret"),
}
# How a character is said on the phone; `read` understands it.
_SAID = {
    **{"0": "không", "1": "một", "2": "hai", "3": "ba", "4": "bốn", "5": "năm", "6": "sáu"},
    **{"7": "bảy", "8": "tám", "9": "chín", "C": "xê", "F": "ép", "H": "hát", "K": "ca"},
    **{"M": "em", "N": "en", "P": "pê", "R": "e rờ", "T": "tê", "V": "vê", "W": "vê kép"},
    **{"X": "ích", "Y": "y dài"},
}
CALLED = {name: character for character, names in _NAMES.items() for name in names}
_ANY_NAME = re.compile(rf"\b(?:{'|'.join(sorted(CALLED, key=len, reverse=True))})\b")


def new_code() -> str:
    """Make a code that nobody can guess, without blanks; :func:`shown` makes it readable.

    One without any digit (one in four thousand) is drawn again: it could pass for words.
    """
    while True:
        number = secrets.randbelow(RANDOM_STATES)
        chosen = []
        for _ in range(LENGTH - 1):
            number, place = divmod(number, len(ALPHABET))
            chosen.append(ALPHABET[place])
        code = "".join(chosen) + _check_character(chosen)
        if any(map(str.isdigit, code)):
            return code


def shown(code: str) -> str:
    """Write a code in groups, as it is read to people: ``7K2M0-…``."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def spoken(code: str) -> str:
    """Write how a code is said on the phone, in the groups of :func:`shown`: "bảy ca hai …"."""
    groups = (code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    return ", ".join(" ".join(_SAID[character] for character in group) for group in groups)


def read(text: str) -> str:
    """Return the code that somebody typed or spelt; raises BadReceipt.

    Forgiven are case, blanks, dashes and other signs between, look-alikes (O for 0, I and L for
    1 …) and Vietnamese names of the characters ("bảy ca hai").
    """
    said = " ".join(words(fold(text)))
    typed = _joined(said)
    if _problem(typed) is None:  # first as it stands: "co" may be C and 0, or the name of C
        return typed
    spelt = _joined(_ANY_NAME.sub(lambda name: CALLED[name.group()], said))
    problem = _problem(spelt)
    if problem is not None:
        raise BadReceipt(problem)
    return spelt


def likely_slip(text: str) -> int | None:
    """Return in which group, from 1, one likely slip would explain a code that fails its check.

    Likely are characters that look or sound alike, and two neighbours in the wrong order. None
    when no such slip explains it, or slips in several groups do.
    """
    typed = _joined(" ".join(words(fold(text))))
    if _problem(typed) is not Misread.CHECK:
        return None
    groups = {at // GROUP + 1 for at, meant in _meant(typed) if _problem(meant) is None}
    return groups.pop() if len(groups) == 1 else None


def _meant(typed: str) -> Iterator[tuple[int, str]]:
    """Write a code as it may have been meant, with the place of the slip."""
    for at, character in enumerate(typed):
        for other in _CONFUSED.get(character, ""):
            yield at, typed[:at] + other + typed[at + 1 :]
        swapped = typed[at : at + 2][::-1]
        if at + 1 < len(typed) and swapped[0] != character:
            yield at, typed[:at] + swapped + typed[at + 2 :]


def _joined(said: str) -> str:
    return "".join(filter(str.isalnum, said.upper())).translate(_LOOK_ALIKES)


def _problem(code: str) -> Misread | None:
    if any(character not in ALPHABET for character in code):
        return Misread.CHARACTER
    if len(code) != LENGTH:
        return Misread.LENGTH
    return None if _check_character(code[:-1]) == code[-1] else Misread.CHECK


def _check_character(chosen: Sequence[str]) -> str:
    """Return the character that makes the weighted sum of all fifteen zero."""
    base = len(ALPHABET)
    total = sum(
        weight * ALPHABET.index(character)
        for weight, character in zip(_WEIGHTS, chosen, strict=False)
    )
    return ALPHABET[-total * pow(_WEIGHTS[-1], -1, base) % base]


def fingerprint(vault: Vault, code: str) -> str:
    """Return the keyed hash under which a case keeps its code, which itself is kept nowhere."""
    return vault.fingerprint("receipt", code)
