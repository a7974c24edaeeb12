"""A complaint that comes by mail (RFC 5965), to the address that the message was sent from."""

import pytest

from accounts.clock import now
from accounts.mail import claims
from accounts.mail.inbound import reports, return_paths
from accounts.mail.inbound.delivery import deliver
from accounts.mail.models import MailEvent, Message, Suppression

pytestmark = pytest.mark.django_db


def complaint(to: str, type_of_it: str = "abuse", *, message_id: str = "<fbl-1@isp.example>") -> bytes:
    """As providers send it, with the e-mail that it is about."""
    return "\r\n".join(
        [
            "From: <feedback@isp.example>",
            f"To: {to}",
            f"Message-ID: {message_id}",
            "Subject: FW: The tea is ready",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=feedback-report; boundary="cut"',
            "",
            "--cut",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "This is an email abuse report.",
            "--cut",
            "Content-Type: message/feedback-report",
            "",
            f"Feedback-Type: {type_of_it}",
            "User-Agent: SomeGenerator/1.0",
            "Version: 1",
            "Original-Mail-From: <reflect@harbor.example>",
            "Arrival-Date: Tue, 23 Jun 2026 14:00:00 +0100",
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


def comes(message: Message, **how: str) -> list[str]:
    to = return_paths.sender_of(message.pk, message.person.email)
    return [str(outcome) for outcome in deliver(complaint(to, **how), to, now())]


@pytest.mark.parametrize("type_of_it", ["abuse", "Fraud", "opt-out"])
def test_it_stops_what_is_in_a_stream_as_a_wish_and_leaves_the_message_where_it_is(
    sent: Message, type_of_it: str
) -> None:
    assert comes(sent, type_of_it=type_of_it) == ["a message was called unwanted"]
    assert Suppression.objects.standing().get().reason == "complaint"
    assert MailEvent.objects.get().kind == MailEvent.Kind.COMPLAINT
    sent.refresh_from_db()
    assert sent.state == "sent"
    Message.objects.filter(pk=sent.pk).update(state="queued", sending_at=None, sent_at=None)
    ending = claims.why_not(sent)
    assert ending is not None
    assert (ending.state, ending.reason) == ("suppressed", "stopped")


def test_told_twice_it_counts_once(sent: Message) -> None:
    comes(sent)
    assert comes(sent) == ["a report that was known"]
    assert MailEvent.objects.count() == 1


@pytest.mark.parametrize("type_of_it", ["not-spam", "virus", "other", "", "x" * 5000])
def test_what_is_no_complaint_counts_for_nothing(sent: Message, type_of_it: str) -> None:
    assert comes(sent, type_of_it=type_of_it) == ["no report, though to the address for them"]
    assert not Suppression.objects.exists()


def test_about_an_address_that_somebody_has_no_more_it_says_nothing_of_the_new_one(sent: Message) -> None:
    to = return_paths.sender_of(sent.pk, "before@elsewhere.example")
    deliver(complaint(to), to, now())
    assert MailEvent.objects.exists()
    assert not Suppression.objects.exists()


def test_with_a_code_that_is_not_ours_nobody_complains_for_others(sent: Message) -> None:
    to = f"post+b-{sent.pk}-{'a' * 16}-{'a' * 7}@in.harbor.example"
    deliver(complaint(to), to, now())
    assert not MailEvent.objects.exists()


def test_a_text_that_only_looks_like_one_is_none() -> None:
    looks = complaint("x@y.example").replace(b"message/feedback-report", b"text/plain")
    assert reports.read(looks) == []
    empty = complaint("x@y.example").replace(b"Feedback-Type: abuse\r\n", b"")
    assert reports.read(empty) == []
