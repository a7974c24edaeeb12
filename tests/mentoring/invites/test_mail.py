"""The e-mail around a calendar message, on its way out and in."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from django.core.mail import EmailMultiAlternatives

from accounts.mail.letters import UTF_8
from mentoring.invites.mail import CalendarPart, calendar_in, invitation
from mentoring.invites.messages import Method, request
from mentoring.invites.replies import Answer, read

from .cast import NOW, meeting
from .samples import EXCHANGE, GMAIL

ICS = request(meeting(summary="Grüße aus Kraków", description=("ü" * 200,)), now=NOW)
PART = CalendarPart(ICS, Method.REQUEST)


def shape(email: EmailMessage) -> object:
    kind = email.get_content_type()
    return (kind, [shape(part) for part in email.iter_parts()]) if email.is_multipart() else kind


def sent(email: EmailMessage) -> EmailMessage:
    """As it arrives."""
    wire = email.as_bytes(policy=SMTP)
    assert all(len(line) <= 998 for line in wire.split(b"\r\n"))
    assert wire.isascii()
    arrived = message_from_bytes(wire, policy=default)
    assert isinstance(arrived, EmailMessage)
    return arrived


def test_an_invitation_is_the_last_of_the_alternatives_and_a_file_besides() -> None:
    email = sent(invitation("Hello", "<p>Hello</p>", PART))
    assert shape(email) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    alternatives, attached = email.iter_parts()
    *_, part = alternatives.iter_parts()
    assert part.get_param("method") == "REQUEST"
    assert part.get_param("charset") == "utf-8"
    assert part["Content-Disposition"] is None
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part.get_payload(decode=True) == ICS
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == ICS


def test_without_a_file_there_are_the_alternatives_alone() -> None:
    email = sent(invitation("Hello", "<p>Hello</p>", PART, attach=False))
    assert shape(email) == ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_the_method_of_the_part_is_said_outside_too(method: Method) -> None:
    part = CalendarPart(ICS, method)
    assert part.content_type == f"text/calendar; method={method.value}; charset=utf-8"
    *_, calendar = invitation("x", "<p>x</p>", part, attach=False).iter_parts()
    assert calendar.get_param("method") == method.value


def test_the_letters_of_the_outbox_can_carry_it() -> None:
    email = EmailMultiAlternatives(subject="x", body="x", from_email="a@x.example", to=["b@x.example"])
    email.encoding = UTF_8  # type: ignore[assignment]
    email.attach_alternative("<p>x</p>", "text/html")
    email.attach_alternative(*PART.alternative)
    email.attach(*PART.attachment)
    arrived = message_from_bytes(email.message().as_bytes(), policy=default)
    assert isinstance(arrived, EmailMessage)
    assert shape(arrived) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    part = next(each for each in arrived.walk() if each.get_content_type() == "text/calendar")
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    # On the wire every line ends with CRLF; here that is the generator's.
    assert content.replace(b"\r\n", b"\n") == ICS.replace(b"\r\n", b"\n")


# --- What comes in ----------------------------------------------------------------------------------------------------


def exchange() -> EmailMessage:
    """Text, HTML and the answer, one of which is to be shown."""
    email = EmailMessage()
    email.set_content("")
    email.add_alternative("<p></p>", subtype="html")
    email.add_alternative(
        EXCHANGE, maintype="text", subtype="calendar", params={"method": "REPLY", "charset": "utf-8"}
    )
    return email


def gmail() -> EmailMessage:
    """The same, and the file besides."""
    email = EmailMessage()
    email.set_content("Noor has accepted")
    email.add_alternative("<p>Noor has accepted</p>", subtype="html")
    email.add_alternative(
        GMAIL, maintype="text", subtype="calendar", params={"method": "REPLY", "charset": "UTF-8"}
    )
    email.add_attachment(GMAIL, maintype="application", subtype="ics", filename="invite.ics")
    return email


def apple() -> EmailMessage:
    """Text, and the answer as a file beside it."""
    email = EmailMessage()
    email.set_content("Accepted")
    email.add_attachment(
        GMAIL, maintype="text", subtype="calendar", filename="mime-attachment.ics", params={"method": "REPLY"}
    )
    return email


def bare() -> EmailMessage:
    """Nothing but the answer."""
    email = EmailMessage()
    email.set_content(GMAIL, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return email


def unnamed() -> EmailMessage:
    """A file of which a gateway has forgotten what it was."""
    email = EmailMessage()
    email.set_content("see attached")
    email.add_attachment(GMAIL, maintype="application", subtype="octet-stream", filename="Invite.ICS")
    return email


@pytest.mark.parametrize(
    ("email", "answer"),
    [
        (exchange(), Answer.DECLINED),
        (gmail(), Answer.ACCEPTED),
        (apple(), Answer.ACCEPTED),
        (bare(), Answer.ACCEPTED),
        (unnamed(), Answer.ACCEPTED),
    ],
    ids=["exchange", "gmail", "apple", "bare", "unnamed"],
)
def test_an_answer_is_found_wherever_its_client_puts_it(email: EmailMessage, answer: Answer) -> None:
    found = calendar_in(sent(email))
    assert found is not None
    content, charset = found
    (reply,) = read(content, is_ours=lambda uid: True, charset=charset)
    assert reply.answer is answer


def test_the_answer_goes_before_an_invitation_that_is_quoted_with_it() -> None:
    email = EmailMessage()
    email.set_content("x")
    email.add_attachment(
        ICS, maintype="text", subtype="calendar", params={"method": "REQUEST"}, filename="a.ics"
    )
    email.add_attachment(
        GMAIL, maintype="text", subtype="calendar", params={"method": "REPLY"}, filename="b.ics"
    )
    found = calendar_in(sent(email))
    assert found is not None
    assert found[0] == GMAIL


def test_an_e_mail_without_a_calendar_has_none() -> None:
    email = EmailMessage()
    email.set_content("Thank you!")
    email.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert calendar_in(sent(email)) is None


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"Content-Type: text/calendar; method*=REPLY; charset=%%%\r\n\r\n",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xfe not base64 \x00",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + b"--x\r\nContent-Type: text/calendar\r\n\r\n\r\n" * 500,
        b"Content-Type: multipart/alternative\r\n\r\n--\r\n",
    ],
)
def test_a_broken_e_mail_breaks_nothing(wire: bytes) -> None:
    found = calendar_in(message_from_bytes(wire, policy=default))
    assert found is None or isinstance(found[0], bytes)
