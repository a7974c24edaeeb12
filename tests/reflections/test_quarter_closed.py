"""What those who run a program are told three weeks after a quarter, of dead addresses; and while it rests."""

from datetime import datetime, timedelta

import pytest

from accounts.mail import letters, outbox, suppression
from accounts.mail.models import Message, Suppression
from accounts.models import User
from mentoring import actions
from mentoring.emails import NOT_RUNNING
from mentoring.models import Pairing, Program
from reflections.closings import CLOSED, look_after, plan_closings
from reflections.models import Round
from tests.conftest import NOW
from tests.reflections.nudging import DAY, LISBON, at, send_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pairing")]
WHEN = datetime(2026, 7, 21, 9, 0, tzinfo=LISBON)
RESTS = ("paused", "closed", "archived")


def suppress(person: User, reason: str = "bounced") -> None:
    Suppression.objects.put(person.pk, person.email, reason, now=NOW)


def test_an_address_does_not_work_whichever_e_mail_came_back(
    current: Round, mentor: User, mentee: User
) -> None:
    suppress(mentor)
    suppress(mentee, "complaint")
    found = look_after(current)
    assert found.addresses == [str(mentor)]
    assert found.pairings == []
    suppress(mentee)
    assert look_after(current).pairings == [(mentor.first_name, mentee.first_name)]


def test_whoever_said_that_theirs_works_again_is_not_named(current: Round, mentor: User) -> None:
    outbox.owe("ask", mentor.pk, current.pk, due_at=WHEN - 30 * DAY, expires_at=WHEN)
    Message.objects.filter(person=mentor).update(state="failed", last_code=550)
    suppress(mentor)
    assert look_after(current).addresses == [str(mentor)]
    suppression.lift(mentor, now=WHEN - 20 * DAY)
    assert look_after(current).addresses == []


def test_somebody_who_is_not_in_the_program_is_not_named(current: Round, outsider: User) -> None:
    suppress(outsider)
    assert look_after(current).addresses == []


def test_the_letter_leads_to_the_people_whose_addresses_do_not_work(
    current: Round, mentor: User, admin: User
) -> None:
    plan_closings(WHEN - DAY)
    with at(WHEN):
        without = letters.compose(Message.objects.of(CLOSED).get(person=admin))
        suppress(mentor)
        letter = letters.compose(Message.objects.of(CLOSED).get(person=admin))
    assert "?mail=dead" not in without.body
    assert "/admin/accounts/user/?mail=dead" in letter.body


@pytest.mark.parametrize("status", RESTS)
def test_it_waits_while_the_program_rests_and_comes_when_it_goes_on(
    current: Round, program: Program, admin: User, status: str
) -> None:
    plan_closings(WHEN - DAY)
    Program.objects.update(status=status)
    send_due(WHEN)
    mine = Message.objects.of(CLOSED).filter(person=admin)
    assert mine.get().last_error == NOT_RUNNING
    assert plan_closings(WHEN + DAY) == 0
    program.refresh_from_db()
    with at(WHEN + 2 * DAY):
        if status == "archived":
            actions.restore_program(program, by=admin)
        (actions.resume_program if status == "paused" else actions.reopen_program)(
            program, by=admin, now=WHEN + 2 * DAY
        )
    Pairing.objects.update(status="active", ended_on=None)
    assert plan_closings(WHEN + 2 * DAY) > 0
    assert plan_closings(WHEN + 2 * DAY) == 0
    send_due(WHEN + 2 * DAY + timedelta(minutes=1))
    assert mine.get().state == "sent"


def test_what_is_a_week_late_stays_unsent(current: Round, program: Program, admin: User) -> None:
    plan_closings(WHEN - DAY)
    Program.objects.update(status="paused")
    send_due(WHEN)
    Program.objects.update(status="active")
    assert plan_closings(WHEN + 8 * DAY) == 0
    send_due(WHEN + 8 * DAY)
    assert Message.objects.of(CLOSED).get(person=admin).state == "cancelled"
