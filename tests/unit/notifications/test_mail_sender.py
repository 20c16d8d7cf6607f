"""Handing a message to a real mail server of the tests' own: TLS, refusals, silence."""

import ssl
import subprocess
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from bot.notifications.errors import Never, NotNow
from bot.notifications.mail import MailSender, MailServer, Security
from tests.fakes.letterbox import Letterbox, a_free_port, a_letterbox

SUBJECT, TEXT = (
    "Dân Hỏi: Đã quá hạn (số 7)",
    "Phản ánh số 7 · Trễ hạn\nhttps://hoi.vn/console/cases/7",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that nobody signed."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@pytest.fixture
def letterbox():
    with a_letterbox() as box:
        yield box


def sender(port: int, security: Security = Security.NONE) -> MailSender:
    return MailSender(MailServer("127.0.0.1", port, "Dân Hỏi <hoi@tinh.gov.vn>", security=security))


async def test_a_message_arrives_with_its_vietnamese_words(letterbox):
    await sender(letterbox.port).send("lan@tinh.gov.vn", SUBJECT, TEXT)
    ((to, content),) = letterbox.taken
    message = message_from_bytes(content, policy=policy.default)
    assert to == ["lan@tinh.gov.vn"]
    assert (message["Subject"], message["To"]) == (SUBJECT, "lan@tinh.gov.vn")
    assert message.get_content().replace("\r\n", "\n").strip() == TEXT
    assert message["Auto-Submitted"] == "auto-generated"


async def test_an_unknown_address_and_a_refused_message_are_permanent(letterbox):
    with pytest.raises(Never):
        await sender(letterbox.port).send("nobody@tinh.gov.vn", SUBJECT, TEXT)
    letterbox.answer = "554 looks like junk"
    with pytest.raises(Never):
        await sender(letterbox.port).send("lan@tinh.gov.vn", SUBJECT, TEXT)


async def test_a_full_box_and_a_server_that_is_not_there_pass(letterbox):
    letterbox.answer = "452 no room"
    with pytest.raises(NotNow):
        await sender(letterbox.port).send("lan@tinh.gov.vn", SUBJECT, TEXT)
    with pytest.raises(NotNow):
        await sender(9).send("lan@tinh.gov.vn", SUBJECT, TEXT)


async def test_without_tls_nothing_goes_out_unless_somebody_chose_so(letterbox):
    with pytest.raises(NotNow):
        await sender(letterbox.port, Security.STARTTLS).send("lan@tinh.gov.vn", SUBJECT, TEXT)
    assert letterbox.taken == []


async def test_a_server_with_a_certificate_that_nobody_signed_is_not_trusted(certificate):
    box = Letterbox()
    port = a_free_port()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, tls_context=certificate, require_starttls=True
    )
    controller.start()
    try:
        with pytest.raises(NotNow):
            await sender(port, Security.STARTTLS).send("lan@tinh.gov.vn", SUBJECT, TEXT)
    finally:
        controller.stop()
    assert box.taken == []
