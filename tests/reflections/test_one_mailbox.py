"""One mailbox for whatever is sent to us: each e-mail goes to what stands after the plus of its address."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.mail.inbound import return_paths
from accounts.mail.inbound.delivery import deliver
from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import User
from mentoring.models import Pairing
from reflections.keep_by_mail import renew
from reflections.models import Answer, Moment, Reflection, Round
from tests.accounts.mail.inbound.conftest import report
from tests.conftest import NOW
from tests.reflections.mailing import LINE, MAILBOX, OURS, asked, confirmed, mail, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "pairing")]


@pytest.fixture(autouse=True)
def _one_mailbox(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = settings.KEEP_ADDRESS = settings.CALENDAR_ADDRESS = MAILBOX


def test_a_reply_is_an_answer_there(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    assert address.startswith("post+r-")
    assert deliver(mail(mentee.email), address, NOW) == ["kept"]
    assert Answer.objects.get().text == LINE
    assert not Moment.objects.exists()


def test_a_line_to_keep_is_kept_there(mentor: User) -> None:
    confirmed(mentor)
    address = renew(mentor, NOW).address
    assert address.startswith("post+")
    assert deliver(mail(mentor.email), address, NOW) == ["kept"]
    assert Moment.objects.get().text == LINE


def test_not_this_quarter_is_heard_there(mentee: User, quarter_round: Round) -> None:
    asked(mentee, quarter_round)
    message = Message.objects.get(kind="ask")
    token = MailLink.objects.issue(
        mentee.pk, MailLink.Purpose.NUDGE, now=NOW, message_id=message.pk, lives=timedelta(days=20)
    )
    assert deliver(mail(mentee.email), f"post+n-{token}@in.harbor.example", NOW) == ["not this quarter"]
    assert Reflection.objects.get().status == Reflection.Status.DECLINED


def test_a_stop_and_a_report_are_heard_there(mentee: User, quarter_round: Round, pairing: Pairing) -> None:
    message = sent(mentee, "ask", quarter_round.pk)
    stop = MailLink.objects.issue(mentee.pk, MailLink.Purpose.STOP, now=NOW, message_id=message.pk)
    assert deliver(mail("x@evil.example"), f"post+s-{stop}@in.harbor.example", NOW) == [
        "a kind of e-mail is stopped"
    ]
    assert Stopped.objects.names_of(mentee.pk)
    way_back = return_paths.sender_of(message.pk, mentee.email)
    assert deliver(report(way_back), way_back, NOW) == ["a message came back for good"]


def test_the_mailbox_itself_is_that_of_the_calendars(mentee: User) -> None:
    assert deliver(mail(mentee.email), MAILBOX, NOW) == ["no reply from a calendar"]
