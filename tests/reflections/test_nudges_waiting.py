"""The quarter's e-mails and what their reader wishes: snoozed, in calm hours, and what the dry run says of it."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.mail import manners, waiting
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing
from reflections.models import Round
from reflections.nudges import plan_nudges
from tests.reflections.nudging import (
    ASK,
    DAY,
    LISBON,
    REMINDER,
    SOON,
    W0,
    at,
    live,
    send_due,
    sent,
)

pytestmark = pytest.mark.django_db


def wishes(person: User, **columns: object) -> None:
    User.objects.filter(pk=person.pk).update(**columns)


def dry_run(person: User) -> list[str]:
    """What the dry run says of one person: the ask, the reminder and the last call."""
    said = StringIO()
    call_command("nudges", "--dry-run", "--on", "2026-06-21", stdout=said)
    lines = said.getvalue().split(f"  {person.email}\n")[1].splitlines()[:3]
    return [line.strip() for line in lines]


def test_the_ask_waits_for_a_snooze_and_then_for_the_morning(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    wishes(mentor, snoozed_until=date(2026, 6, 26))
    live(SOON, 3)
    message = Message.objects.get(person=mentor)
    assert (message.state, message.last_error) == ("queued", "snoozed")
    # The snooze ends at midnight, and the window of these e-mails opens at seven.
    plan_nudges(W0 + DAY)
    message.refresh_from_db()
    assert message.next_attempt_at == datetime(2026, 6, 26, 7, tzinfo=LISBON)
    send_due(datetime(2026, 6, 26, 6, 59, tzinfo=LISBON))
    assert sent(mentor) == []
    send_due(datetime(2026, 6, 26, 7, 0, 1, tzinfo=LISBON))
    assert sent(mentor) == [(ASK, current.pk, date(2026, 6, 26))]


def test_what_is_late_sleeps_until_the_morning_and_says_so(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    """Else whoever watches the oldest e-mail that is owed would be called each night."""
    plan_nudges(SOON)
    night = datetime(2026, 6, 23, 23, 0, tzinfo=LISBON)
    plan_nudges(night)
    Message.objects.exclude(person=mentor).delete()
    message = Message.objects.get()
    assert message.next_attempt_at == datetime(2026, 6, 24, 7, tzinfo=LISBON)
    assert message.last_error == manners.ASLEEP
    with at(night):
        assert waiting.oldest_owed() == timedelta()
        manners.look_again(mentor.pk)
    message.refresh_from_db()
    assert message.next_attempt_at == datetime(2026, 6, 24, 7, tzinfo=LISBON)
    with at(datetime(2026, 6, 24, 7, 30, tzinfo=LISBON)):
        assert timedelta(minutes=29) < waiting.oldest_owed() < timedelta(minutes=31)


def test_what_a_wish_holds_back_goes_on_saying_so_when_it_waits_for_the_morning_besides(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    wishes(mentor, snoozed_until=date(2026, 6, 26))
    live(SOON, 3)
    plan_nudges(W0 + DAY)
    assert Message.objects.get(person=mentor).last_error == manners.SNOOZED


def test_a_reminder_keeps_its_distance_from_an_ask_that_waited(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    wishes(mentor, snoozed_until=date(2026, 6, 29))
    live(SOON, 25)
    days = {kind: day for kind, _round, day in sent(mentor)}
    assert days[ASK] == date(2026, 6, 29)
    assert (days[REMINDER] - days[ASK]).days >= 6


def test_the_dry_run_says_until_when_and_why(current: Round, pairing: Pairing, mentor: User) -> None:
    wishes(mentor, snoozed_until=date(2026, 6, 26))
    ask, reminder, _last = dry_run(mentor)
    assert ask == "ask: Tue 2026-06-23 07:30 Europe/Lisbon, snoozed until Fri 2026-06-26 07:00"
    assert reminder == "reminder: Tue 2026-06-30 07:30 Europe/Lisbon"


def test_the_dry_run_knows_calm_hours(current: Round, pairing: Pairing, mentor: User) -> None:
    wishes(mentor, calm_from=time(7), calm_until=time(10))
    assert (
        dry_run(mentor)[0] == "ask: Tue 2026-06-23 07:30 Europe/Lisbon, calm hours until Tue 2026-06-23 10:00"
    )


def test_the_dry_run_says_what_a_long_snooze_leaves_out(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    wishes(mentor, snoozed_until=date(2026, 7, 25))
    ask = "ask: Tue 2026-06-23 07:30 Europe/Lisbon, but not sent: snoozed until after its time"
    assert dry_run(mentor)[0] == ask
    live(SOON, 25)
    assert sent(mentor) == []
    assert set(Message.objects.filter(person=mentor).values_list("state", "last_error")) == {
        ("expired", "snoozed")
    }


def test_the_dry_run_says_that_what_is_owed_waits(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(SOON - DAY)
    wishes(mentor, snoozed_until=date(2026, 6, 26))
    send_due(W0)
    said = StringIO()
    call_command("nudges", "--dry-run", "--on", "2026-06-24", stdout=said)
    assert "ask: waiting, snoozed until Fri 2026-06-26 00:00" in said.getvalue()


def test_calm_hours_over_the_whole_day_end_openly(current: Round, pairing: Pairing, mentor: User) -> None:
    """From 06:00 to 21:00 nothing may come, and these e-mails come from 07:00 to 20:00 only."""
    wishes(mentor, calm_from=time(6), calm_until=time(21))
    assert dry_run(mentor)[0].endswith("but not sent: calm hours until after its time")
