"""What an operator knows of the bot on Telegram; read without loading Telegram's library."""

from msgspec import Struct

from bot.settings import Settings


class TelegramSettings(Struct, frozen=True):
    """With a ``secret`` Telegram delivers to our webhook, without one its updates are fetched."""

    token: str
    api: str  # origin of the Bot API
    secret: str = ""
    origin: str = ""  # our own, under which pictures are found

    def __repr__(self) -> str:
        """Show nothing: two of these are secrets."""
        return "TelegramSettings(…)"

    @classmethod
    def read(cls, settings: Settings) -> "TelegramSettings | None":
        """Take what concerns Telegram out of the program's settings; None where it is off."""
        if settings.telegram_mode == "off":
            return None
        secret = settings.telegram_secret if settings.telegram_mode == "webhook" else ""
        return cls(settings.telegram_token, settings.telegram_api, secret, settings.origin)
