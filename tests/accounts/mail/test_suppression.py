"""Mail to an address came back: no more is sent there, its person is told, and can have it tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.clock import now
from accounts.mail import kinds, outbox, suppression
from accounts.mail.kinds import SECURITY, Kind
from accounts.mail.models import MailEvent, Message, Suppression
from accounts.models import User
from tests.conftest import signed_in

from .conftest import owed, settled, write
from .smtp_server import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)
AGAIN = reverse("mail:try_again")


def suppress(person: User, reason: str = "bounced") -> None:
    Suppression.objects.put(person.pk, person.email, reason, now=now())


def stands(person: User) -> bool:
    return Suppression.objects.standing().filter(person=person).exists()


# --- What is sent --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "word"), [("bounced", "address not working"), ("complaint", "stopped")])
def test_nothing_of_a_stream_is_sent_to_a_suppressed_address(
    server: SmtpServer, outsider: User, reason: str, word: str
) -> None:
    message = owed(outsider)
    suppress(outsider, reason)
    assert outbox.send_owed() == {"suppressed": 1}
    assert (settled(message).state, message.last_error) == ("suppressed", word)
    assert server.script.commands == []


@pytest.mark.parametrize("reason", ["bounced", "complaint"])
def test_the_fence_asks_once_more(
    server: SmtpServer, outsider: User, reason: str, fenced: Callable[[Any], None]
) -> None:
    owed(outsider)
    fenced(lambda: suppress(User.objects.get(), reason))
    assert outbox.send_owed() == {"suppressed": 1}
    assert server.taken() == []


@pytest.mark.parametrize("reason", ["bounced", "complaint"])
def test_what_they_must_hear_of_is_still_tried(server: SmtpServer, outsider: User, reason: str) -> None:
    kinds.register(Kind("alarm", None, "An alarm", write, always=SECURITY))
    owed(outsider, kind="alarm")
    suppress(outsider, reason)
    assert outbox.send_owed() == {"sent": 1}


def test_somebody_else_goes_on_getting_mail(server: SmtpServer, outsider: User, mentor: User) -> None:
    suppress(outsider)
    owed(mentor)
    assert outbox.send_owed() == {"sent": 1}


def test_what_is_suppressed_is_an_address_and_not_a_person(server: SmtpServer, outsider: User) -> None:
    suppress(outsider)
    User.objects.update(email="new@elsewhere.example")
    owed(outsider)
    assert outbox.send_owed() == {"sent": 1}


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 <otto@elsewhere.example> User unknown",
        "550 5.1.10 gone",
        "553 5.1.2 no",
        "550 5.2.1 closed",
    ],
)
def test_a_mail_server_that_says_that_there_is_no_such_mailbox_is_believed(
    server: SmtpServer, outsider: User, answer: str
) -> None:
    message = owed(outsider)
    server.script.rcpt = answer
    assert outbox.send_owed() == {"failed": 1}
    assert stands(outsider)
    assert MailEvent.objects.get().message == message
    assert settled(message).state == "failed"


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 we do not like you", "550 no", "552 5.2.2 full", "550 5.1.11 x", "450 5.1.1 x"]
)
def test_any_other_no_says_nothing_about_the_address(server: SmtpServer, outsider: User, answer: str) -> None:
    owed(outsider)
    server.script.rcpt = answer
    outbox.send_owed()
    assert not stands(outsider)


@pytest.mark.parametrize("step", ["mail", "data", "dot"])
def test_a_no_at_another_step_says_nothing_about_the_address(
    server: SmtpServer, outsider: User, step: str
) -> None:
    owed(outsider)
    setattr(server.script, step, "550 5.1.1 no")
    outbox.send_owed()
    assert not stands(outsider)


# --- Lifting it ----------------------------------------------------------------------------------------------------


def test_lifted_it_sends_what_was_held_back_and_is_not_too_late(server: SmtpServer, outsider: User) -> None:
    suppress(outsider)
    waits, late = owed(outsider), owed(outsider, 2)
    outbox.send_owed()
    Message.objects.filter(pk=late.pk).update(expires_at=now())

    assert suppression.lift(outsider, now=now())
    assert not suppression.lift(outsider, now=now())

    assert outbox.send_owed() == {"sent": 1}
    assert (settled(waits).state, settled(late).state) == ("sent", "suppressed")


@pytest.mark.parametrize("by", ["lift", "resume"])
def test_what_comes_back_into_the_line_has_its_attempts_anew(
    server: SmtpServer, outsider: User, by: str
) -> None:
    """Else the first “later” of the mail server would be the last, since it was first tried days ago."""
    tried = {"attempts": 7, "first_attempt_at": now() - timedelta(days=3), "last_code": 450}
    if by == "lift":
        suppress(outsider)
        message = owed(outsider, state="suppressed", last_error=suppression.NOT_WORKING, **tried)
        assert suppression.lift(outsider, now=now())
    else:
        message = owed(outsider, state="cancelled", last_error="for a rest", **tried)
        assert outbox.resume(outsider.pk, reason="for a rest") == 1
    assert (settled(message).attempts, message.first_attempt_at, message.last_code) == (0, None, None)
    server.script.rcpt = "450 later"
    assert outbox.send_owed() == {"queued": 1}
    assert settled(message).attempts == 1


def test_what_was_soft_before_does_not_count_after_it(outsider: User) -> None:
    for number in range(3):
        MailEvent.objects.create(
            provider="x", key=str(number), kind="soft", person=outsider, at=now() - timedelta(days=1)
        )
    suppress(outsider)
    suppression.lift(outsider, now=now())
    suppression.weigh(outsider, "soft", now=now())
    assert not stands(outsider)


def test_the_banner_says_so_on_every_page_and_its_button_lifts_it(outsider: User, mentor: User) -> None:
    browser = signed_in(outsider)
    home = reverse("home")
    assert AGAIN not in browser.get(home).content.decode()
    suppress(outsider)
    for page in (home, reverse("accounts:settings"), reverse("help")):
        content = browser.get(page).content.decode()
        assert "Mail to otto@elsewhere.example came back" in content
        assert AGAIN in content
    assert AGAIN not in signed_in(mentor).get(home).content.decode()

    answer = browser.post(AGAIN, follow=True)
    assert answer.redirect_chain == [(home, 302)]
    assert "We write to you again." in answer.content.decode()
    assert AGAIN not in answer.content.decode()
    assert not stands(outsider)


def test_after_a_complaint_the_banner_says_what_it_is(outsider: User) -> None:
    suppress(outsider, "complaint")
    content = signed_in(outsider).get(reverse("home")).content.decode()
    assert "our e-mail is not wanted at your address" in content
    assert "came back" not in content


def test_looking_lifts_nothing_and_nobody_lifts_anothers(outsider: User, mentor: User) -> None:
    suppress(outsider)
    assert signed_in(outsider).get(AGAIN).status_code == 405
    assert signed_in(mentor).post(AGAIN).status_code == 302
    assert Client().post(AGAIN).status_code == 302
    assert stands(outsider)


def test_the_banner_costs_no_query(outsider: User, django_assert_num_queries: Any) -> None:
    browser, page = signed_in(outsider), reverse("help")
    browser.get(page)
    with CaptureQueriesContext(connection) as before:
        browser.get(page)
    suppress(outsider)
    with django_assert_num_queries(len(before)):
        assert AGAIN in browser.get(page).content.decode()


def test_another_address_lifts_it_for_good(outsider: User, rf: Any, server: SmtpServer) -> None:
    suppress(outsider)
    MailEvent.objects.create(provider="x", key="1", kind="soft", person=outsider, at=now())
    message = owed(outsider)
    outbox.send_owed()
    new = EmailAddress.objects.create(user=outsider, email="new@elsewhere.example")
    request = rf.post("/")
    request.session = Client().session
    request.user, request._messages = outsider, FallbackStorage(request)
    AccountAdapter(request).confirm_email(request, new)

    outsider.refresh_from_db()
    assert outsider.email == "new@elsewhere.example"
    assert not Suppression.objects.exists()
    assert not MailEvent.objects.exists()
    assert outbox.send_owed() == {"sent": 1}
    assert settled(message).state == "sent"


def test_it_is_put_once_and_what_says_nothing_any_more_is_deleted(outsider: User, mentor: User) -> None:
    for _ in range(3):
        suppress(outsider)
    suppress(mentor)
    assert Suppression.objects.count() == 2
    MailEvent.objects.create(
        provider="x", key="1", kind="soft", person=outsider, at=now() - timedelta(days=91)
    )
    MailEvent.objects.create(provider="x", key="2", kind="soft", person=outsider, at=now())
    User.objects.filter(pk=mentor.pk).update(email="new@harbor.example")

    assert suppression.tidy(now()) == 2

    assert Suppression.objects.get().person == outsider
    assert MailEvent.objects.get().key == "2"


@pytest.fixture
def fenced(server: SmtpServer) -> Callable[[Any], None]:
    from .test_fence import between

    return lambda act: between(server, act)


def test_what_came_back_from_an_earlier_address_says_so_and_what_others_refused_does_not(
    outsider: User, registry: dict[str, Kind]
) -> None:
    registry["to_them"] = Kind("to_them", None, "For others", write, to_others=True)
    at, refused = now(), {"state": "failed", "last_error": "rcpt: 5.1.1"}
    rows = [
        owed(outsider, 1, state="bounced", last_error="came back 5.1.1", sending_at=at, sent_at=at),
        owed(outsider, 2, last_code=550, **refused),
        owed(outsider, 3, last_code=450, **refused),
        owed(outsider, 4, last_code=550, kind="to_them", **refused),
    ]
    suppression.address_changed(outsider, now=at)
    earlier = Message.TO_AN_EARLIER_ADDRESS
    assert [settled(row).last_error for row in rows] == [earlier, earlier, "rcpt: 5.1.1", "rcpt: 5.1.1"]
