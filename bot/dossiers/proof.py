"""How an applicant is recognised: by the last four digits of a number that stands on the dossier.

Kept are keyed hashes, each bound to its dossier, so that two dossiers of one person cannot be
told to be so. A telephone number is kept as one more, to find a person's dossiers without a code.
"""

import hmac
import re

from bot.storage.vault import Vault

DIGITS = 4
_NOT_DIGITS = re.compile(r"\D")


def last_digits(number: str) -> str:
    """Return the last four digits of a telephone or identity number; empty when it has fewer."""
    digits = _NOT_DIGITS.sub("", number)
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""


def national(phone: str) -> str:
    """Write a telephone number as people dial it at home, 0…; empty when it is none."""
    digits = _NOT_DIGITS.sub("", phone)
    if digits.startswith("84") and len(digits) > 9:
        digits = digits[2:]
    digits = digits.lstrip("0")
    return f"0{digits}" if 9 <= len(digits) <= 10 else ""


def fact(vault: Vault, key: str, number: str) -> str | None:
    """Return the hash of a number's last digits for one dossier; None when there are too few."""
    digits = last_digits(number)
    return vault.fingerprint("dossier fact", key, digits) if digits else None


def phone_print(vault: Vault, phone: str) -> str | None:
    """Return the hash by which a telephone number finds its dossiers; None when it is none."""
    whole = national(phone)
    return vault.fingerprint("dossier phone", whole) if whole else None


def proves(given: str | None, known: tuple[str | None, ...]) -> bool:
    """Tell whether a hash is one of those known, in the same time whichever it is or is not."""
    shown = (given or "").encode()
    matches = [hmac.compare_digest(shown, (each or "-").encode()) for each in known]
    return bool(given) and any(matches)
