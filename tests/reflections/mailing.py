"""Somebody answers an e-mail of ours from their own mail program."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from allauth.account.models import EmailAddress

from accounts.mail.inbound import addresses
from accounts.mail.models import MailLink, Message
from accounts.models import User
from reflections.mail_in import Outcome
from reflections.models import Round
from reflections.reply_by_mail import receive
from tests.conftest import NOW

OURS = "mx.harbor.example"
MAILBOX = "post@in.harbor.example"
LINE = "Ayo found the mistake before I did."


def confirmed(person: User) -> None:
    EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )


def sent(person: User, kind: str, subject_id: int, at: datetime = NOW) -> Message:
    """An e-mail of ours that went out to them."""
    message, _made = Message.objects.get_or_create(
        person=person,
        kind=kind,
        subject_id=subject_id,
        defaults={
            "due_at": at,
            "next_attempt_at": at,
            "expires_at": at + timedelta(days=7),
            "state": "sent",
            "sending_at": at,
            "sent_at": at,
            "message_id": f"{kind}-{person.pk}-{subject_id}@harbor.example",
        },
    )
    return message


def address_of(message: Message, *, until: datetime = NOW + timedelta(days=20)) -> str:
    """Where a reply to it goes."""
    token = MailLink.objects.issue(
        message.person_id, "reply", now=NOW - timedelta(days=1), message_id=message.pk, lives=until - NOW
    )
    return addresses.address(addresses.Purpose.REPLY, token)


def asked(person: User, round: Round, kind: str = "ask") -> str:
    """They were asked, and a reply goes there."""
    confirmed(person)
    return address_of(sent(person, kind, round.pk))


def mail(sender: str, body: str = LINE, *, results: str = "", html: str = "", **headers: str) -> bytes:
    email = EmailMessage()
    domain = sender.rpartition("@")[2].strip(">")
    email["Authentication-Results"] = results or f"{OURS}; dmarc=pass header.from={domain}"
    email["From"] = sender
    email["Message-ID"] = "<one@mail.example>"
    for name, value in headers.items():
        del email[name.replace("_", "-")]
        email[name.replace("_", "-")] = value
    email.set_content(body)
    if html:
        email.add_alternative(html, subtype="html")
    return email.as_bytes()


def comes(content: bytes, recipient: str, now: datetime = NOW) -> Outcome:
    outcomes = receive(content, recipient, now)
    assert outcomes is not None
    return outcomes[0]
