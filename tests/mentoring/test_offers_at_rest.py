"""Offers of places while a program rests, and on its holidays: nothing by itself, and nothing lost."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.mail import claims
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Holiday, Notice, Program
from tests.conftest import enroll, make_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """The fence reads the database's clock."""
    return timezone.now()


@pytest.fixture
def place(program: Program) -> Enrollment:
    Program.objects.update(places_for_mentees=5)
    program.refresh_from_db()
    person = make_person("petra@new.example", "Petra Novak")
    return enroll(program, person, "mentee", status="waitlisted", joined_on=None)


def offered(place: Enrollment) -> bool:
    place.refresh_from_db()
    return place.offered_at is not None


def stop(kind: str) -> None:
    """What the sender does with a letter of which the fence says that it is not to go."""
    message = Message.objects.get(kind=kind)
    no = claims.why_not(message)
    assert no is not None
    Message.objects.filter(pk=message.pk).update(state=no.state, last_error=no.reason)


def test_the_letter_of_an_offer_waits_for_a_pause_to_end_and_the_days_to_answer_begin_anew(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    actions.offer_place(place, by=admin, now=now)
    actions.pause_program(program, by=admin)
    stop("place_offered")
    assert Message.objects.get(kind="place_offered").last_error == NOT_RUNNING

    later = now + 30 * DAY
    actions.expire_offers(later)
    assert offered(place)
    actions.resume_program(program, by=admin, now=later)

    assert Message.objects.get(kind="place_offered").state == Message.State.QUEUED
    place.refresh_from_db()
    assert place.offer_expires_at is not None
    assert place.offer_expires_at > later + (program.offer_days - 1) * DAY
    assert actions.expire_offers(later) == 0


@pytest.mark.parametrize("verb", ["approve", "waitlist"])
def test_an_answer_that_was_not_sent_before_a_program_closed_is_sent_when_it_opens_again(
    program: Program, admin: User, now: datetime, verb: str
) -> None:
    place = enroll(program, make_person("petra@new.example", "Petra"), "mentee", status="applied")
    getattr(actions, verb)(place, by=admin, now=now)
    actions.close_program(program, by=admin, now=now)
    kind = Message.objects.get(kind__startswith="place_").kind
    stop(kind)
    actions.reopen_program(program, by=admin, now=now + DAY)

    message = Message.objects.get(kind=kind)
    assert message.state == Message.State.QUEUED
    assert claims.why_not(message) is None


def test_an_answer_that_somebody_gives_goes_out_of_a_program_that_rests(
    program: Program, admin: User, now: datetime
) -> None:
    place = enroll(program, make_person("petra@new.example", "Petra"), "mentee", status="applied")
    actions.pause_program(program, by=admin)
    actions.approve(place, by=admin, now=now)
    assert claims.why_not(Message.objects.get(kind="place_approved")) is None


def test_an_offer_does_not_run_out_in_a_pause(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    actions.offer_place(place, by=admin, now=now - 20 * DAY)
    actions.pause_program(program, by=admin)
    assert actions.expire_offers(now) == 0
    assert offered(place)
    assert not Notice.objects.filter(kind="offer_ended").exists()


def test_the_clock_offers_nothing_and_ends_nothing_on_a_holiday(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    holiday = Holiday.objects.create(program=program, starts_on=now - 2 * DAY, ends_on=now + 2 * DAY)
    assert actions.offer_freed_places(now) == 0
    actions.offer_place(place, by=admin, now=now - 20 * DAY)
    assert actions.expire_offers(now) == 0
    assert offered(place)

    holiday.delete()
    assert actions.expire_offers(now) == 1
    assert actions.offer_freed_places(now + 20 * DAY) == 1


def test_the_reminder_of_an_offer_falls_on_no_holiday(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    before_the_last = program.today(now) + (program.offer_days - 1) * DAY
    Holiday.objects.create(program=program, starts_on=before_the_last, ends_on=before_the_last)
    actions.offer_place(place, by=admin, now=now)
    due = Message.objects.get(kind="place_offer_reminder").due_at
    assert due.astimezone(program.zone).date() == before_the_last - DAY


def test_an_offer_all_of_whose_days_are_holidays_has_no_reminder(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    today = program.today(now)
    Holiday.objects.create(program=program, starts_on=today - DAY, ends_on=today + 90 * DAY)
    actions.offer_place(place, by=admin, now=now)
    assert not Message.objects.filter(kind="place_offer_reminder").exists()


def test_in_an_open_program_those_who_wait_are_offered_places_when_there_are_any_number(
    program: Program, place: Enrollment, now: datetime
) -> None:
    Program.objects.update(places_for_mentees=None)
    assert actions.offer_freed_places(now) == 0
    Program.objects.update(join_policy=Program.JoinPolicy.OPEN)
    assert actions.offer_freed_places(now) == 1
    assert offered(place)


def test_offers_that_end_together_keep_their_order(program: Program, admin: User, now: datetime) -> None:
    later = enroll(program, make_person("a@new.example", "A"), "mentee", status="waitlisted")
    first = enroll(program, make_person("b@new.example", "B"), "mentee", status="waitlisted")
    Enrollment.objects.filter(pk=first.pk).update(waitlisted_at=now - 40 * DAY)
    Enrollment.objects.filter(pk=later.pk).update(waitlisted_at=now - 39 * DAY)
    for place in (later, first):
        actions.offer_place(place, by=admin, now=now - 20 * DAY)
    assert actions.expire_offers(now) == 2
    assert list(program.enrollments.waitlist()) == [first, later]


def test_a_no_that_is_said_after_a_program_closed_goes_out(
    program: Program, admin: User, now: datetime
) -> None:
    place = enroll(program, make_person("petra@new.example", "Petra"), "mentee", status="applied")
    actions.close_program(program, by=admin, now=now)
    actions.decline(place, by=admin, now=now)
    assert claims.why_not(Message.objects.get(kind="place_declined")) is None


def test_the_reminder_of_an_offer_comes_before_its_new_end(
    program: Program, place: Enrollment, admin: User, now: datetime
) -> None:
    actions.offer_place(place, by=admin, now=now)
    actions.pause_program(program, by=admin)
    stop("place_offer_reminder")
    later = now + 30 * DAY
    actions.resume_program(program, by=admin, now=later)

    reminder = Message.objects.get(kind="place_offer_reminder")
    place.refresh_from_db()
    assert reminder.state == Message.State.QUEUED
    assert place.offer_expires_at is not None
    assert later < reminder.due_at < place.offer_expires_at == reminder.expires_at
