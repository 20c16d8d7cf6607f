"""Who signed an event, and when: one SHA-256 over the bytes as they came.

It is no HMAC. The OA secret key is the one of the console's webhook page, another value than the
app's secret key.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from bot.channels.webhook import same

# Zalo delivers again for about two hours; what is older than a day was kept back and replayed.
WINDOW = timedelta(days=1)


def sign(app_id: str, body: bytes, timestamp: str, oa_secret: str) -> str:
    """Return the value of ``X-ZEvent-Signature`` for a body, without ``mac=``."""
    signed = app_id.encode() + body + timestamp.encode() + oa_secret.encode()
    return hashlib.sha256(signed).hexdigest()


def is_signed(header: str, app_id: str, body: bytes, timestamp: str, oa_secret: str) -> bool:
    """Tell whether the header, with or without ``mac=``, signs the body; in constant time."""
    shown = header.strip().removeprefix("mac=")
    return same(shown, sign(app_id, body, timestamp, oa_secret))


def is_stale(timestamp: str, now: datetime) -> bool:
    """Tell whether an event's own time (epoch milliseconds) lies outside of a day around now."""
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 14:
        return True
    at = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    return abs(now - at) > WINDOW
