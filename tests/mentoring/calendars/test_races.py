"""What happens to a meeting at one moment, in two transactions of a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, calendar_feeds, calendar_replies
from mentoring.calendar_emails import CANCELLED, CHANGED, DECLINED
from mentoring.models import Arrangement, Attendance, CalendarDecline, CalendarFeed, Pairing
from tests.mentoring.test_races import at_once

from .cast import call_off, move, send_all, soon, told, why_not
from .test_replies import OURS, mail, reply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS


def hold(arrangement: Arrangement) -> Arrangement:
    return Arrangement.objects.select_for_update(no_key=True).get(pk=arrangement.pk)


def test_the_same_no_that_arrives_twice_at_once_is_one_no_and_one_e_mail(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing)
    content = mail(reply(arrangement, mentee, "DECLINED"), mentee.email)
    outcomes: list[str] = []

    def receive() -> None:
        outcomes.extend(calendar_replies.receive(content, now=datetime.now(UTC)))

    assert at_once([receive] * 3) == ["done"] * 3
    assert sorted(outcomes) == sorted(
        [calendar_replies.Outcome.APPLIED, calendar_replies.Outcome.STALE, calendar_replies.Outcome.STALE]
    )
    assert CalendarDecline.objects.count() == 1
    assert Message.objects.filter(kind=DECLINED).count() == 1


def test_a_no_on_the_page_and_one_from_the_calendar_at_once_are_one_e_mail(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in range(4):
        Arrangement.objects.all().delete()
        Message.objects.all().delete()
        arrangement = told(pairing)
        meeting = arrangement.meetings.get()
        content = mail(reply(arrangement, mentee, "DECLINED"), mentee.email)
        now = datetime.now(UTC)
        ends = at_once(
            [
                lambda now=now, content=content: calendar_replies.receive(content, now=now),  # type: ignore[misc]
                lambda now=now, meeting=meeting: actions.answer_meeting(  # type: ignore[misc]
                    meeting, by=mentee, comes=False, now=now
                ),
            ]
        )
        assert ends == ["done", "done"]
        assert Attendance.objects.get(person=mentee).answer == "DECLINED"
        assert Message.objects.filter(kind=DECLINED).count() == CalendarDecline.objects.count() == 1


def test_a_yes_and_a_move_at_once_never_leave_a_yes_to_another_time(pairing: Pairing, mentee: User) -> None:
    for day in range(8, 12):
        Arrangement.objects.all().delete()
        arrangement = told(pairing)
        content = mail(reply(arrangement, mentee), mentee.email)

        def moved(day: int = day, arrangement: Arrangement = arrangement) -> None:
            with transaction.atomic():
                held = hold(arrangement)
                Attendance.objects.filter(arrangement=held).update(answer="NEEDS-ACTION", answered_at=None)
                move(held, soon(day))

        def receive(content: bytes = content) -> None:
            calendar_replies.receive(content, now=datetime.now(UTC))

        assert at_once([moved, receive]) == ["done", "done"]
        assert Attendance.objects.get(person=mentee).answer == "NEEDS-ACTION"


def test_two_changes_at_once_are_two_versions_and_the_last_one_goes_out(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing)
    send_all()

    def moved() -> None:
        with transaction.atomic():
            held = hold(arrangement)
            if held.cancelled_at is None:
                move(held, held.starts_at + timedelta(days=1))

    def off() -> None:
        with transaction.atomic():
            held = hold(arrangement)
            if held.cancelled_at is None:
                call_off(held)

    assert at_once([moved, off, moved]) == ["done"] * 3
    versions = list(arrangement.versions.order_by("sequence").values_list("sequence", flat=True))
    assert versions == list(range(len(versions)))
    for person in (mentor, mentee):
        waiting = Message.objects.waiting().filter(person=person, kind__in=[CHANGED, CANCELLED])
        assert [each.kind for each in waiting if why_not(each) == ""] == [CANCELLED]


def test_a_link_that_is_made_twice_at_once_is_one_link(mentee: User) -> None:
    made: list[str] = []
    ends = at_once([lambda: made.append(calendar_feeds.renew(mentee, datetime.now(UTC)))] * 2)
    assert ends == ["done", "done"]
    assert CalendarFeed.objects.count() == 1
    assert [calendar_feeds.find(token) is not None for token in made].count(True) == 1
    connection.close()
