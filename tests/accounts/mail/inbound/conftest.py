"""Mail is taken in here, and a message of a kind of our own has gone out."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.clock import now
from accounts.mail import kinds
from accounts.mail.inbound import inboxes
from accounts.mail.kinds import Kind
from accounts.mail.models import MailLink, Message
from accounts.mail.models.link import new_token
from accounts.models import User
from tests.accounts.mail.conftest import TEA_NOTE, owed

ADDRESS = "post@in.harbor.example"


@pytest.fixture(autouse=True)
def inbound(settings: Settings) -> None:
    settings.INBOUND_ADDRESS = ADDRESS
    settings.INBOUND_AUTHSERV_ID = "mx.harbor.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Kind]:
    """As in tests/accounts/mail: only this kind is known."""
    known = {TEA_NOTE.name: TEA_NOTE}
    monkeypatch.setattr(kinds, "_kinds", known)
    return known


@pytest.fixture
def sent(outsider: User, registry: dict[str, Kind]) -> Message:
    at = now() - timedelta(minutes=1)
    return owed(outsider, state="sent", sending_at=at, sent_at=at)


@pytest.fixture
def stop_address(sent: Message) -> str:
    """To which an e-mail stops the kind that was sent: an inbox whose effect is easy to see."""
    token = MailLink.objects.issue(
        sent.person_id, MailLink.Purpose.STOP, now=now(), message_id=sent.pk, token=new_token()
    )
    return f"post+s-{token}@in.harbor.example"


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put an inbox of our own before the others."""
    monkeypatch.setattr(inboxes, "_inboxes", list(inboxes._inboxes))

    def put(receive: Any) -> None:
        inboxes._inboxes.insert(0, receive)

    return put


def mail(to: str, **headers: str) -> bytes:
    email = EmailMessage()
    email["From"] = "Otto <otto@elsewhere.example>"
    email["To"] = to
    email["Subject"] = "a private subject"
    email["Message-ID"] = "<one@elsewhere.example>"
    for name, value in headers.items():
        email[name.replace("_", "-")] = value
    email.set_content("private words")
    return email.as_bytes()


def report(
    to: str, *, action: str = "failed", status: str = "5.1.1", message_id: str = "<report-1@mx.example>"
) -> bytes:
    """As Postfix writes it (RFC 3464), with the beginning of what came back."""
    return "\r\n".join(
        [
            "Return-Path: <>",
            "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
            f"To: {to}",
            f"Message-ID: {message_id}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"',
            "",
            "--cut",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "--cut",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example",
            "X-Postfix-Queue-ID: 4F2A1",
            "",
            "Final-Recipient: rfc822; otto@elsewhere.example",
            f"Action: {action}",
            f"Status: {status}",
            "Diagnostic-Code: smtp; 550 5.1.1 <otto@elsewhere.example>: no such user",
            "",
            "--cut",
            "Content-Type: message/rfc822",
            "",
            "Subject: The tea is ready",
            "",
            "the tea is ready",
            "--cut--",
            "",
        ]
    ).encode()
