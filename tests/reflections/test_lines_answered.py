"""A line for later is kept by a reply; and who leaves a program leaves nothing behind that takes one."""

from datetime import datetime, time, timedelta

import pytest
from pytest_django import Settings

from accounts.mail import letters
from accounts.mail.inbound import addresses, stripping
from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring.actions import withdraw, withdraw_place
from mentoring.models import Enrollment, Pairing, Program
from reflections.asides import Aside, plan_asides
from reflections.mail_in import Outcome
from reflections.models import IncomingMail, Moment, Round
from reflections.receipt_emails import RECEIPT
from tests.conftest import NOW, enroll
from tests.reflections.mailing import LINE, MAILBOX, OURS, address_of, asked, comes, confirmed, mail
from tests.reflections.nudging import DAY, LISBON, at, send_due
from tests.reflections.test_asides import MIDDLE, TENTH, owed, states, why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pairing")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


def sent_line(person: User, when: datetime = MIDDLE, kind: Aside = Aside.LINE) -> Message:
    plan_asides(when - DAY)
    send_due(when)
    return Message.objects.of(kind).get(person=person, state="sent")


def address_until(message: Message, until: datetime) -> str:
    """Where a reply to it goes until then."""
    confirmed(message.person)
    sent_at = MIDDLE - DAY
    token = MailLink.objects.issue(
        message.person_id, "reply", now=sent_at, message_id=message.pk, lives=until - sent_at
    )
    return addresses.address(addresses.Purpose.REPLY, token)


def test_it_says_that_a_reply_is_enough_and_until_the_quarter_ends_one_is(mentor: User) -> None:
    plan_asides(MIDDLE - DAY)
    message = Message.objects.of(Aside.LINE).get(person=mentor)
    with at(MIDDLE):
        email = letters.compose(message, reply_token="t" * 32)
    assert email.extra_headers["Reply-To"] == f"post+r-{'t' * 32}@in.harbor.example"
    html = " ".join(str(email.alternatives[0][0]).split())
    for part in (email.body, html):
        assert "Just reply to this e-mail: only you will see it." in part
    first_line = str(email.body).splitlines()[0]
    assert first_line == stripping.delimiter()
    assert first_line in html
    assert message.answerable_until == datetime.combine(
        datetime(2026, 7, 1, tzinfo=LISBON).date(), time(0), LISBON
    )


def test_where_nothing_comes_in_and_where_the_quarter_is_all_but_over_it_does_not(
    mentor: User, settings: Settings
) -> None:
    plan_asides(MIDDLE - DAY)
    message = Message.objects.of(Aside.LINE).get(person=mentor)
    with at(datetime(2026, 6, 29, 12, tzinfo=LISBON)):
        late = letters.compose(message)
    settings.INBOUND_ADDRESS = ""
    with at(MIDDLE):
        off = letters.compose(message)
    for email in (late, off):
        assert "Reply-To" not in email.extra_headers
        assert "Just reply" not in email.body
        assert stripping.delimiter() not in email.body


def test_a_reply_is_a_moment_for_oneself_and_the_second_one_is_not_sent(mentor: User, mentee: User) -> None:
    User.objects.update(wants_line_twice=True)
    for person in (mentor, mentee):
        message = sent_line(mentor) if person == mentor else Message.objects.of(Aside.LINE).get(person=mentee)
        if person == mentor:
            address = address_until(message, MIDDLE + 20 * DAY)
            assert comes(mail(mentor.email), address, MIDDLE + HOUR) == Outcome.KEPT
    moment = Moment.objects.get()
    assert (moment.text, moment.audience, moment.person) == (LINE, "me", mentor)
    moment.delete()

    assert "answered" in why(Aside.LINE_AGAIN, mentor, TENTH - DAY)
    plan_asides(TENTH - DAY)
    assert owed(Aside.LINE_AGAIN, mentor) == []
    assert owed(Aside.LINE_AGAIN, mentee) != []


def test_a_reply_that_comes_when_the_second_one_waits_already_holds_it_back(mentor: User) -> None:
    User.objects.update(wants_line_twice=True)
    address = address_until(sent_line(mentor), MIDDLE + 30 * DAY)
    plan_asides(TENTH - 2 * DAY)
    assert owed(Aside.LINE_AGAIN, mentor) == [TENTH]
    comes(mail(mentor.email), address, TENTH - DAY)
    Moment.objects.all().delete()
    send_due(TENTH)
    assert states(Aside.LINE_AGAIN, mentor) == [("cancelled", "replied to the first")]


# --- Leaving -------------------------------------------------------------------------------------------------------


def living(person: User) -> int:
    kept = MailLink.objects.filter(person=person, revoked_at__isnull=True)
    return kept.exclude(purpose=MailLink.Purpose.STOP).count()


@pytest.mark.parametrize("by_admin", [False, True])
def test_with_the_place_end_the_addresses_of_that_program_and_coming_back_revives_none(
    mentor: User, admin: User, program: Program, current: Round, by_admin: bool
) -> None:
    line = address_until(sent_line(mentor), MIDDLE + 60 * DAY)
    ask = asked(mentor, current)
    comes(mail(mentor.email), ask, NOW)
    row = IncomingMail.objects.get()
    receipt, _new = Message.objects.get_or_create(
        person=mentor, kind=RECEIPT, subject_id=row.pk,
        defaults={"due_at": NOW, "next_attempt_at": NOW, "expires_at": NOW + DAY, "message_id": "r@x.example"},
    )  # fmt: skip
    again = address_of(receipt)
    stop = MailLink.objects.issue(mentor.pk, "stop", now=NOW, message_id=receipt.pk)
    place = Enrollment.objects.get(person=mentor, program=program)
    assert living(mentor) == 3
    if by_admin:
        Pairing.objects.all().delete()
        withdraw_place(place, by=admin, now=NOW)
    else:
        withdraw(place, now=NOW)
    assert living(mentor) == 0
    assert MailLink.objects.find(stop, "stop", now=NOW) is not None

    Enrollment.objects.filter(pk=place.pk).update(status="active")
    for number, address in enumerate((ask, line, again)):
        held = comes(mail(mentor.email, Message_ID=f"<{number}@x.example>"), address, NOW)
        assert held == Outcome.HELD


def test_addresses_of_another_program_and_of_other_people_stay(
    mentor: User, mentee: User, program: Program, other_program: Program, current: Round
) -> None:
    enroll(other_program, mentor, "mentor")
    asked(mentee, current)
    elsewhere = Round.objects.get(program=other_program, quarter_start=current.quarter_start)
    asked(mentor, elsewhere)
    withdraw(Enrollment.objects.get(person=mentor, program=program), now=NOW)
    assert living(mentor) == living(mentee) == 1


def test_a_line_of_a_program_that_somebody_left_is_held(mentor: User, program: Program) -> None:
    """Also where the address itself has not ended, because nobody left by a verb of ours."""
    address = address_until(sent_line(mentor), MIDDLE + 60 * DAY)
    Enrollment.objects.filter(person=mentor, program=program).update(status="withdrawn")
    assert comes(mail(mentor.email), address, MIDDLE + HOUR) == Outcome.HELD
