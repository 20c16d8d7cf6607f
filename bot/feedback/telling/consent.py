"""The words that a reporter agrees to, with their version (``data/consent.yml``)."""

from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

THIS_SERVICE = "đơn vị vận hành dịch vụ này"  # where nobody is configured
CONSENT = Path(__file__).parents[1] / "data" / "consent.yml"


class Consent(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the text; ``keep_days`` after a case is finished its personal data goes."""

    version: str
    in_force_from: date
    keep_days: int
    sha256: str
    text: str

    def said_by(self, controller: str) -> str:
        """Return the text with the name of who answers for the data."""
        return self.text.format(controller=controller or THIS_SERVICE)

    @property
    def fingerprint(self) -> str:
        """Return the hash of the text, which must be the one written beside it."""
        return sha256(self.text.encode()).hexdigest()


@cache
def consents() -> tuple[Consent, ...]:
    """Read every version, newest first."""
    return msgspec.yaml.decode(CONSENT.read_bytes(), type=tuple[Consent, ...])


def consent() -> Consent:
    """Return the version that is shown now."""
    return consents()[0]
