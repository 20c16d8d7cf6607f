"""Every setting of the program: environment variables ``BOT_…`` turned into one frozen object."""

import os
import re
import socket
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from bot.hotline import Hotline

PREFIX = "BOT_"


class BadSetting(Exception):
    """A setting that cannot be understood; the message names it and never shows its value."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings; ``docs/settings.md`` is made from these descriptions and held to them."""

    data: Annotated[str, Meta(description="Folder of database, model, keys and uploads.")] = "var"
    host: Annotated[
        str,
        Meta(description="Address to listen on. Keep loopback and put a TLS proxy before it."),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen on.")] = 8080
    database_url: Annotated[
        str,
        Meta(
            description="`postgresql://…` for PostgreSQL, or another `sqlite:///…`. "
            "Empty: SQLite in the data folder."
        ),
    ] = ""
    brains: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Brain processes, each holding the trained model (about 300 MB). "
            "0: one per core, less a fifth of the cores for the gateway, at least one.",
        ),
    ] = 0
    node: Annotated[
        str,
        Meta(
            max_length=64,
            description="Name of this node among those that share a PostgreSQL database. It must "
            "stay the same over restarts. Empty: host name and port.",
        ),
    ] = ""
    token: Annotated[
        str,
        Meta(
            description="Bearer token for `/webhooks/rest/webhook`, `/model/parse` and `/metrics`. "
            "Empty: these are served to loopback callers only."
        ),
    ] = ""
    secret_key: Annotated[
        str,
        Meta(
            pattern=r"^([0-9a-fA-F]{64})?$",
            description="Master key, 64 hex digits, that seals personal data. Every node needs "
            "the same. Empty: made once and kept in the data folder.",
        ),
    ] = ""
    public_origin: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^/]+)?$",
            description="How citizens reach this program, `https://hoi.example.gov.vn`. With https "
            "the chat's cookie is Secure. Empty: host and port, for trying it out.",
        ),
    ] = ""
    hotline_name: Annotated[
        str, Meta(description="Whose hotline is offered to citizens, in Vietnamese.")
    ] = ""
    hotline_number: Annotated[
        str,
        Meta(
            pattern=r"^[0-9. +]{0,20}$",
            description="The hotline's number. Empty: the bot names no number.",
        ),
    ] = ""
    hotline_checked_on: Annotated[
        str,
        Meta(
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            description="Day on which somebody last called that number, `2026-11-22`.",
        ),
    ] = ""
    controller: Annotated[
        str,
        Meta(
            description="Who runs this service and answers for personal data, in Vietnamese; named "
            "to whoever agrees to the handling of a report, and at the head of the periodic report "
            "of the console. Empty: “đơn vị vận hành dịch vụ này”, and a line to fill in."
        ),
    ] = ""
    contact: Annotated[
        str,
        Meta(
            description="E-mail or address of the operator, named to the national portal when "
            "its catalogue is fetched (`procedures sync`)."
        ),
    ] = ""
    dossier_sources: Annotated[
        str,
        Meta(
            description="File that names the systems in which dossiers are looked up, see "
            "docs/operate.md. Empty: what `dossiers import` took in, at first a sample."
        ),
    ] = ""
    apology_template: Annotated[
        str,
        Meta(
            description="Word document (.docx) from which letters of apology for overdue dossiers "
            "are made, see docs/operate.md. Empty: the built-in one."
        ),
    ] = ""
    telegram_token: Annotated[
        str,
        Meta(
            description="Token of the Telegram bot. Empty: none; nobody is notified by it either."
        ),
    ] = ""
    telegram_mode: Annotated[
        str,
        Meta(
            pattern="^(webhook|polling|off)$",
            description="How citizens' messages come: `webhook` (Telegram calls), `polling` (they "
            "are fetched, without a public address), or `off`: the bot only notifies the staff.",
        ),
    ] = "off"
    telegram_secret: Annotated[
        str,
        Meta(
            pattern="^([A-Za-z0-9_-]{16,256})?$",
            description="What Telegram shows at the webhook: 16 or more letters and digits by lot.",
        ),
    ] = ""
    telegram_api: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/]+$",
            description="Origin of Telegram's Bot API; another than Telegram's own where an "
            "operator runs one.",
        ),
    ] = "https://api.telegram.org"
    messenger_page_token: Annotated[
        str, Meta(description="Access token of the Facebook page. Empty: no Messenger.")
    ] = ""
    messenger_app_secret: Annotated[
        str, Meta(description="Secret of the Facebook app, which signs what Messenger delivers.")
    ] = ""
    messenger_verify_token: Annotated[
        str,
        Meta(description="A word of your own, shown by Facebook when the webhook is connected."),
    ] = ""
    messenger_api: Annotated[
        str,
        Meta(pattern=r"^https?://[^?#]+$", description="Origin and version of the Graph API."),
    ] = "https://graph.facebook.com/v23.0"
    messenger_file_hosts: Annotated[
        str,
        Meta(description="Hosts from which files of Messenger are fetched, with commas between."),
    ] = "fbcdn.net,fbsbx.com"
    zalo_oa_app_id: Annotated[
        str,
        Meta(
            pattern="^[0-9]{0,32}$",
            description="App ID of the Zalo app that is linked to the Official Account. "
            "Empty: no Official Account.",
        ),
    ] = ""
    zalo_oa_app_secret: Annotated[
        str,
        Meta(description="The app's secret key (Khóa bí mật của ứng dụng): tokens are got by it."),
    ] = ""
    zalo_oa_secret: Annotated[
        str,
        Meta(
            description="The OA Secret Key of the app's Webhook page: events are signed by it. "
            "Another value than the app's secret key."
        ),
    ] = ""
    zalo_oa_api: Annotated[
        str, Meta(pattern=r"^https?://[^/]+$", description="Origin of Zalo's OpenAPI.")
    ] = "https://openapi.zalo.me"
    zalo_oa_oauth: Annotated[
        str, Meta(pattern=r"^https?://[^/]+$", description="Origin of Zalo's OAuth.")
    ] = "https://oauth.zaloapp.com"
    zalo_bot_token: Annotated[
        str,
        Meta(description="Token of a bot on the Zalo Bot Platform. Empty: none."),
    ] = ""
    zalo_bot_mode: Annotated[
        str,
        Meta(
            pattern="^(webhook|polling|off)$",
            description="How its messages come: `webhook` (Zalo calls), `polling` (they are "
            "fetched, without a public address), or `off`.",
        ),
    ] = "off"
    zalo_bot_secret: Annotated[
        str,
        Meta(
            pattern="^([A-Za-z0-9_-]{16,256})?$",
            description="What Zalo shows at the bot's webhook: 16 or more letters and digits by "
            "lot.",
        ),
    ] = ""
    zalo_bot_api: Annotated[
        str, Meta(pattern=r"^https?://[^/]+$", description="Origin of the Zalo Bot Platform.")
    ] = "https://bot-api.zaloplatforms.com"
    zalo_file_hosts: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9.:-]+(,[A-Za-z0-9.:-]+)*$",
            description="Hosts, with all below them, from which pictures and files of Zalo are "
            "fetched, with commas between. One with a port stands for exactly that, also in a "
            "private network.",
        ),
    ] = "zdn.vn"
    smtp_host: Annotated[
        str, Meta(description="Mail server that takes notifications. Empty: none are mailed.")
    ] = ""
    smtp_port: Annotated[int, Meta(ge=1, le=65535, description="Port of the mail server.")] = 587
    smtp_security: Annotated[
        str,
        Meta(
            pattern="^(starttls|tls|none)$",
            description="`starttls`, `tls` from the start (usually port 465), or `none`, which is "
            "for a mail server on the same machine only.",
        ),
    ] = "starttls"
    smtp_user: Annotated[str, Meta(description="As whom to sign in to the mail server.")] = ""
    smtp_password: Annotated[str, Meta(description="The password for it.")] = ""
    smtp_from: Annotated[
        str, Meta(description="Sender of notifications, `Dân Hỏi <hoi@example.gov.vn>`.")
    ] = ""
    history_days: Annotated[
        int,
        Meta(ge=1, description="Days after which what was said in a conversation is deleted."),
    ] = 90
    case_days: Annotated[
        int,
        Meta(
            ge=30,
            le=730,  # bot/feedback/data/consent.yml
            description="Days after which what is personal of a finished case is erased: story, "
            "name, messages, notes, pictures. Its kind, place, times and moves stay for reports. "
            "At most two years, as the text that reporters consent to promises.",
        ),
    ] = 730
    session_idle_minutes: Annotated[
        int,
        Meta(ge=5, le=1440, description="Minutes without a visit that end a session of staff."),
    ] = 60
    session_hours: Annotated[
        int,
        Meta(ge=1, le=168, description="Hours after which a session of staff ends anyhow."),
    ] = 12
    log_level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="How much is logged.")
    ] = "info"

    def __repr__(self) -> str:
        """Show nothing: some of the settings are secrets."""
        return "Settings(…)"

    @property
    def data_folder(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data).absolute()

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data_folder / 'danhoi.db'}"

    @property
    def origin(self) -> str:
        """The address under which links to this program are given."""
        return self.public_origin or f"http://{self.host}:{self.port}"

    @property
    def hotline(self) -> Hotline | None:
        """The hotline, where one is configured."""
        if not self.hotline_number:
            return None
        checked_on = date.fromisoformat(self.hotline_checked_on)
        return Hotline(self.hotline_name, self.hotline_number, checked_on)

    @property
    def node_name(self) -> str:
        """The name of this node in force."""
        return self.node or f"{socket.gethostname()}:{self.port}"[:64]

    @property
    def brain_count(self) -> int:
        """How many brain processes to keep."""
        # A gateway needs about a quarter of what its brains need (docs/decisions/0001).
        return self.brains or max(1, round(len(os.sched_getaffinity(0)) * 0.8))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises BadSetting for an unknown name or a value of the wrong kind."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value != ""
    }
    unknown = sorted(given.keys() - set(Settings.__struct_fields__))
    if unknown:
        raise BadSetting(f"unknown setting {PREFIX}{unknown[0].upper()}; see docs/settings.md")
    for name, value in given.items():
        _check_one(name, value)
    settings: Settings = msgspec.convert(given, Settings, strict=False)
    _check_hotline(settings)
    if settings.messenger_page_token:
        for name in ("messenger_app_secret", "messenger_verify_token"):
            if not getattr(settings, name):
                raise BadSetting(f"{PREFIX}{name.upper()}: Messenger cannot do without it")
    _check_telegram(settings)
    _check_zalo(settings)
    if settings.smtp_host and not settings.smtp_from:
        raise BadSetting("BOT_SMTP_FROM: notifications by mail need a sender")
    return settings


def _check_telegram(settings: Settings) -> None:
    if settings.telegram_token and not re.fullmatch(r"\d+:[\w-]+", settings.telegram_token):
        raise BadSetting("BOT_TELEGRAM_TOKEN: a token is a number, a colon and letters")
    if settings.telegram_mode == "off":
        return
    if not settings.telegram_token:
        raise BadSetting("BOT_TELEGRAM_TOKEN: the mode of Telegram needs the token of a bot")
    if settings.telegram_mode == "webhook" and not settings.telegram_secret:
        raise BadSetting("BOT_TELEGRAM_SECRET: a webhook without a secret would be open to anybody")


def _check_zalo(settings: Settings) -> None:
    """Refuse what is set up by half: it would look as if nobody wrote."""
    if settings.zalo_oa_app_id:
        for name in ("zalo_oa_app_secret", "zalo_oa_secret"):
            if not getattr(settings, name):
                raise BadSetting(f"{PREFIX}{name.upper()}: the Official Account needs it")
        if settings.zalo_oa_secret == settings.zalo_oa_app_secret:
            raise BadSetting("BOT_ZALO_OA_SECRET: it is another key than the app's secret")
    if settings.zalo_bot_mode == "off":
        return
    if not settings.zalo_bot_token:
        raise BadSetting("BOT_ZALO_BOT_TOKEN: the mode of the Zalo bot needs a token")
    if settings.zalo_bot_mode == "webhook" and not settings.zalo_bot_secret:
        raise BadSetting("BOT_ZALO_BOT_SECRET: a webhook without a secret would be open to anybody")


def _check_hotline(settings: Settings) -> None:
    """A number that nobody is known to have called is not given to citizens."""
    try:
        _ = settings.hotline
    except ValueError:
        raise BadSetting(
            "BOT_HOTLINE_CHECKED_ON: a hotline needs the day of its last call"
        ) from None


def _check_one(name: str, value: str) -> None:
    try:
        msgspec.convert({name: value}, Settings, strict=False)
    except msgspec.ValidationError as error:
        reason = str(error).split(" - at ")[0]
        raise BadSetting(f"{PREFIX}{name.upper()}: {reason}") from None


def describe() -> list[tuple[str, str, str]]:
    """List every setting as (environment variable, default, description)."""
    rows = []
    for field in msgspec.inspect.type_info(Settings).fields:  # type: ignore[attr-defined]
        default: object | UnsetType = field.default
        text = field.type.extra_json_schema["description"]
        shown = "" if default in (UNSET, "") else str(default)
        rows.append((PREFIX + field.name.upper(), shown, text))
    return rows
