"""Text that is sealed before it touches the disk; nothing at all where it was erased."""

from bot.storage.vault import Vault


def seal(vault: Vault, text: str) -> bytes:
    """Seal any text, also one with lone surrogates from a broken app."""
    return vault.seal(text.encode("utf-8", "surrogatepass"))


def unseal(vault: Vault, sealed: bytes) -> str:
    """Read what was sealed, empty when it was erased; raises CannotOpen."""
    if not sealed:
        return ""
    return vault.open(sealed).decode("utf-8", "surrogatepass")
