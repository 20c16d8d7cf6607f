"""The second factor: codes of an authenticator app (TOTP, RFC 6238), six digits, 30 seconds."""

import io
import re
from datetime import datetime

import pyotp
import segno
from pyotp.utils import strings_equal

ISSUER = "Dân Hỏi"
DRIFT = 1  # steps by which a phone's clock may be off, either way

_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """Make the secret that the app and we share: 160 random bits."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code it is; None when it is none of now.

    Whoever takes a code remembers its step and takes only later ones: nobody uses a code that was
    watched or sent twice.
    """
    typed = re.sub(r"[\s.-]", "", code)
    if not _CODE.fullmatch(typed):
        return None
    totp = pyotp.TOTP(secret)
    here = totp.timecode(now)
    steps = range(here - DRIFT, here + DRIFT + 1)
    fitting = [step for step in steps if strings_equal(typed, totp.generate_otp(step))]
    return fitting[-1] if fitting else None


def qr_code(secret: str, name: str) -> bytes:
    """Draw what the app scans, as an SVG with its own white ground: dark pages need it, too."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return drawn.getvalue()
