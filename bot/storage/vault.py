"""Sealing what is personal before it touches the disk: messages, names, phones, chat addresses."""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class CannotOpen(ValueError):
    """Sealed bytes that this key did not seal, or that were changed."""

    def __init__(self) -> None:
        super().__init__("the secret key does not open what is stored; was it replaced?")


class Vault:
    """AES-256-GCM for what must be read again, a keyed hash for what must only be found again."""

    def __init__(self, key: bytes) -> None:
        """Take the 32-byte master key; sealing and fingerprints use keys derived from it."""
        if len(key) != 32:
            raise ValueError("the key must be 32 bytes")
        self._cipher = AESGCM(hmac.digest(key, b"seal", hashlib.sha256))
        self._hash_key = hmac.digest(key, b"fingerprint", hashlib.sha256)

    def seal(self, plain: bytes) -> bytes:
        """Encrypt with a fresh nonce; the result is 28 bytes longer."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt what :meth:`seal` made; raises CannotOpen."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error

    def fingerprint(self, *parts: str) -> str:
        """Return 32 hex digits, always the same for these parts, that tell nothing of them."""
        joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._hash_key, joined, hashlib.sha256).hex()[:32]


def load_or_make_key(path: Path) -> bytes:
    """Read the master key, or make one that only its owner may read.

    Raises ValueError when the file holds anything but 64 hex digits: going on with another key
    would make everything sealed before unreadable.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    key = os.urandom(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError(f"{path} does not hold a key of 64 hex digits")
    return key
