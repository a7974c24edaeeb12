"""What is owed about meetings waits while a program rests, and comes when it goes on."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.calendar_emails import CHANGED, DECLINED, INVITED, SUPERSEDED
from mentoring.calendar_replies import receive
from mentoring.emails import NOT_RUNNING
from mentoring.models import Attendance, CalendarDecline, Pairing, Program

from .cast import latest, move, send_all, soon, told, why_not
from .test_replies import OURS, mail, reply

pytestmark = pytest.mark.django_db


def rest_and_go_on(program: Program, admin: User) -> None:
    actions.pause_program(program, by=admin)
    send_all()
    assert set(Message.objects.waiting().values_list("kind", flat=True)) == set()
    actions.resume_program(program, by=admin, now=datetime.now(UTC))


def test_an_invitation_comes_when_the_program_goes_on(
    program: Program, pairing: Pairing, mentee: User, admin: User
) -> None:
    told(pairing)
    rest_and_go_on(program, admin)
    message = latest(mentee)
    assert (message.kind, message.state, why_not(message)) == (INVITED, Message.State.QUEUED, "")


def test_of_what_changed_meanwhile_the_last_version_comes_and_no_other(
    program: Program, pairing: Pairing, mentee: User, admin: User
) -> None:
    arrangement = told(pairing)
    move(arrangement, soon(9))
    rest_and_go_on(program, admin)
    message = latest(mentee)
    assert (message.kind, why_not(message)) == (CHANGED, "")
    first = Message.objects.get(kind=INVITED, person=mentee)
    assert why_not(first) == SUPERSEDED


def test_a_no_is_told_when_the_program_goes_on_if_it_is_one_still(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User, settings: Settings
) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    arrangement = told(pairing)
    send_all()
    receive(mail(reply(arrangement, mentee, "DECLINED"), mentee.email), now=datetime.now(UTC))
    assert CalendarDecline.objects.count() == 1
    rest_and_go_on(program, admin)
    message = latest(mentor)
    assert (message.kind, message.state, why_not(message)) == (DECLINED, Message.State.QUEUED, "")
    Attendance.objects.filter(person=mentee).update(answer="ACCEPTED")
    assert why_not(message) != ""
    assert why_not(message) != NOT_RUNNING
