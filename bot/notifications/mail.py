"""Sending by e-mail (SMTP), over TLS unless somebody chose otherwise."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum

import aiosmtplib

from bot.notifications.errors import Never, NotNow, Unsure

TIMEOUT = 30.0  # seconds


class Security(Enum):
    """How the connection is kept from being read."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: Security = Security.STARTTLS


class MailSender:
    """Hands notifications to a mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, address: str, subject: str, text: str) -> None:
        """Send one message of plain text. Raises NotNow, Never or Unsure."""
        server = self._server
        try:
            await aiosmtplib.send(
                _message(server.sender, address, subject, text),
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=server.password or None,
                use_tls=server.security is Security.TLS,
                start_tls=server.security is Security.STARTTLS,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0].code, "the address was refused") from None
        except aiosmtplib.SMTPResponseException as error:
            raise _judged(error.code, "the mail server refused") from None
        except (aiosmtplib.SMTPReadTimeoutError, aiosmtplib.SMTPServerDisconnected):
            raise Unsure("the mail server did not answer") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotNow(f"the mail server: {type(error).__name__}") from None

    async def close(self) -> None:
        """Do nothing: each message has a connection of its own."""


def _judged(code: int, reason: str) -> NotNow | Never:
    """Tell by SMTP's code whether trying again can help; wrong credentials may be put right."""
    credentials = code in (530, 534, 535)
    failure = NotNow if code < 500 or credentials else Never
    return failure(f"{reason} (code {code})")


def _message(sender: str, address: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
