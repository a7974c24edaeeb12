"""Snooze and calm hours: a message waits without wear, goes at the first moment after, or ends openly."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import actions
from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.kinds import Kind
from accounts.mail.manners import CALM, SNOOZED, Manners
from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import User

from .conftest import owed, settled, write
from .smtp_server import SmtpServer

LISBON, WARSAW = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Warsaw")
NIGHT = {"calm_from": time(20), "calm_until": time(7)}
DAY = timedelta(days=1)
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
ZONES = sorted(zoneinfo.available_timezones())
INSTANTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(zone: ZoneInfo, *when: int) -> datetime:
    return datetime(*when, tzinfo=zone)  # type: ignore[arg-type,misc]


# --- The arithmetic ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manners", "when", "until"),
    [
        (Manners(LISBON), at(LISBON, 2026, 6, 23, 3), None),
        (Manners(LISBON, **NIGHT), at(LISBON, 2026, 6, 23, 12), None),
        (Manners(LISBON, **NIGHT), at(LISBON, 2026, 6, 23, 19, 59), None),
        (Manners(LISBON, **NIGHT), at(LISBON, 2026, 6, 23, 20), at(LISBON, 2026, 6, 24, 7)),
        (Manners(LISBON, **NIGHT), at(LISBON, 2026, 6, 23, 3), at(LISBON, 2026, 6, 23, 7)),
        (Manners(LISBON, **NIGHT), at(LISBON, 2026, 6, 23, 7), None),
        # In the same hours of a day, and by a clock that is not the server's.
        (
            Manners(WARSAW, calm_from=time(9), calm_until=time(17)),
            at(LISBON, 2026, 6, 23, 8),
            at(LISBON, 2026, 6, 23, 16),
        ),
        (Manners(LISBON, date(2026, 7, 1)), at(LISBON, 2026, 6, 23, 12), at(LISBON, 2026, 7, 1)),
        (Manners(LISBON, date(2026, 6, 23)), at(LISBON, 2026, 6, 23, 0), None),
        (Manners(WARSAW, date(2026, 7, 1)), at(LISBON, 2026, 6, 30, 23, 30), None),
        # A snooze that ends in calm hours ends with them.
        (Manners(LISBON, date(2026, 7, 1), **NIGHT), at(LISBON, 2026, 6, 23, 12), at(LISBON, 2026, 7, 1, 7)),
    ],
)
def test_we_write_again_at_the_first_moment_after(
    manners: Manners, when: datetime, until: datetime | None
) -> None:
    wait = manners.wait(when)
    assert (wait.until if wait else None) == until


def test_the_reason_is_the_snooze_where_both_hold() -> None:
    both = Manners(LISBON, date(2026, 7, 1), **NIGHT).wait(at(LISBON, 2026, 6, 23, 23))
    calm = Manners(LISBON, **NIGHT).wait(at(LISBON, 2026, 6, 23, 23))
    assert both is not None
    assert calm is not None
    assert (both.reason, calm.reason) == (SNOOZED, CALM)


def test_calm_hours_end_by_the_clock_on_the_nights_when_it_is_changed() -> None:
    spring = Manners(LISBON, calm_from=time(22), calm_until=time(1, 30)).wait(at(LISBON, 2026, 3, 28, 23))
    assert spring is not None
    assert spring.until == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 01:30 is left out: 02:00 on the wall
    fall = Manners(LISBON, calm_from=time(22), calm_until=time(1, 30)).wait(at(LISBON, 2026, 10, 24, 23))
    assert fall is not None
    assert fall.until == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two


@given(
    zone=st.sampled_from(ZONES),
    begins=st.sampled_from(HALF_HOURS),
    ends=st.sampled_from(HALF_HOURS),
    snoozed_days=st.none() | st.integers(-3, 400),
    when=INSTANTS,
)
def test_a_wait_ends_soon_and_where_we_may_write(
    zone: str, begins: time, ends: time, snoozed_days: int | None, when: datetime
) -> None:
    there = ZoneInfo(zone)
    snoozed_until = (
        None if snoozed_days is None else when.astimezone(there).date() + timedelta(days=snoozed_days)
    )
    calm = {} if begins == ends else {"calm_from": begins, "calm_until": ends}
    manners = Manners(there, snoozed_until, **calm)
    wait = manners.wait(when)
    if wait is None:
        assert not manners.is_calm(when)
        assert snoozed_until is None or when.astimezone(there).date() >= snoozed_until
        return
    assert wait.until > when
    assert manners.wait(wait.until) is None
    assert snoozed_until is None or wait.until.astimezone(there).date() >= snoozed_until
    # Two days at the most where a day has a hole, or was left out (Apia, December 30, 2011).
    assert wait.until <= when + timedelta(days=max(snoozed_days or 0, 0)) + 3 * DAY


@given(
    zone=st.sampled_from(ZONES),
    begins=st.sampled_from(HALF_HOURS),
    ends=st.sampled_from(HALF_HOURS),
    when=INSTANTS,
)
def test_no_earlier_quarter_of_an_hour_would_have_done(
    zone: str, begins: time, ends: time, when: datetime
) -> None:
    """But for a night on which the clock goes back out of the calm hours, and into them again."""
    manners = Manners(ZoneInfo(zone), calm_from=begins, calm_until=ends)
    wait = manners.wait(when) if begins != ends else None
    if wait is None:
        return
    offsets = {(when + timedelta(minutes=m)).astimezone(manners.zone).utcoffset() for m in range(0, 1530, 15)}
    step = when
    while len(offsets) == 1 and (step := step + timedelta(minutes=15)) < wait.until:
        assert manners.is_calm(step)


# --- The outbox ----------------------------------------------------------------------------------------------------


@pytest.fixture
def tonight(settings: Settings) -> datetime:
    """The clock of the database says that it is eleven at night in Lisbon."""
    night = datetime(2026, 6, 23, 23, tzinfo=LISBON)
    settings.REHEARSAL_OFFSET = night - datetime.now(UTC)
    return night


def pass_to(moment: datetime, settings: Settings) -> None:
    settings.REHEARSAL_OFFSET = moment - datetime.now(UTC)


def wishes(person: User, **columns: object) -> None:
    User.objects.filter(pk=person.pk).update(**columns)


@pytest.mark.django_db
def test_a_message_waits_for_the_end_of_calm_hours_and_goes_then(
    server: SmtpServer, outsider: User, tonight: datetime, settings: Settings
) -> None:
    wishes(outsider, **NIGHT)
    message = owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    assert outbox.send_owed() == {}
    assert server.taken() == []
    settled(message)
    assert (message.state, message.last_error) == ("queued", "calm hours")
    assert message.next_attempt_at == at(LISBON, 2026, 6, 24, 7)
    assert (message.attempts, message.first_attempt_at, message.lease_token) == (0, None, None)
    pass_to(at(LISBON, 2026, 6, 24, 7, 1), settings)
    assert outbox.send_owed() == {"sent": 1}
    assert (settled(message).attempts, message.last_error) == (1, "")


@pytest.mark.django_db
def test_a_message_waits_for_the_day_to_which_its_person_snoozed(
    server: SmtpServer, outsider: User, tonight: datetime, settings: Settings
) -> None:
    wishes(outsider, snoozed_until=date(2026, 6, 30), time_zone="Europe/Warsaw")
    message = owed(outsider)
    outbox.send_owed()
    assert settled(message).next_attempt_at == at(WARSAW, 2026, 6, 30)
    assert message.last_error == "snoozed"
    pass_to(at(WARSAW, 2026, 6, 30, 0, 1), settings)
    assert outbox.send_owed() == {"sent": 1}


@pytest.mark.django_db
def test_what_would_be_too_late_by_then_ends_at_once_and_says_why(
    server: SmtpServer, outsider: User, tonight: datetime
) -> None:
    wishes(outsider, snoozed_until=date(2026, 12, 1))
    message = owed(outsider)
    assert outbox.send_owed() == {"expired": 1}
    assert (settled(message).state, message.last_error) == ("expired", "snoozed, until after its time")
    assert server.taken() == []


@pytest.mark.django_db
def test_what_cannot_be_stopped_waits_for_nobody(
    server: SmtpServer, outsider: User, registry: dict[str, Kind], tonight: datetime
) -> None:
    wishes(outsider, snoozed_until=date(2026, 12, 1), **NIGHT)
    kinds.register(Kind("key", None, "Your key", write))
    owed(outsider, kind="key")
    assert outbox.send_owed() == {"sent": 1}


@pytest.mark.django_db
def test_waiting_wears_out_neither_attempts_nor_the_two_days_in_which_we_try(
    server: SmtpServer, outsider: User, tonight: datetime, settings: Settings
) -> None:
    server.script.rcpt = "451 not now"
    pass_to(at(LISBON, 2026, 6, 23, 19, 58), settings)
    wishes(outsider, **NIGHT)
    message = owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    first = settled(message).first_attempt_at
    assert first is not None
    assert message.attempts == 1
    pass_to(at(LISBON, 2026, 6, 23, 20, 10), settings)
    assert outbox.send_owed() == {"queued": 1}
    assert (settled(message).attempts, message.last_error, message.last_code) == (1, "calm hours", None)
    stood_still = message.first_attempt_at - first  # type: ignore[operator]
    assert timedelta(hours=10, minutes=49) < stood_still < timedelta(hours=10, minutes=51)
    for _ in range(20):
        Message.objects.update(next_attempt_at=now())
        outbox.send_owed()
    assert (settled(message).state, message.attempts) == ("queued", 1)


@pytest.mark.django_db(transaction=True)
def test_the_fence_asks_again_whether_now_is_a_good_time(
    server: SmtpServer, outsider: User, tonight: datetime
) -> None:
    message = owed(outsider)

    def rcpt(command: str) -> str:
        wishes(outsider, **NIGHT)
        connection.close()
        return "250 ok"

    server.script.rcpt = rcpt
    assert outbox.send_owed() == {"queued": 1}
    assert "DATA" not in server.script.commands
    assert server.taken() == []
    settled(message)
    assert (message.state, message.attempts, message.sending_at) == ("queued", 0, None)
    assert not MailLink.objects.exists()


@pytest.mark.django_db
def test_one_who_waits_holds_up_nobody_else(
    server: SmtpServer, outsider: User, mentor: User, tonight: datetime
) -> None:
    wishes(outsider, **NIGHT)
    owed(outsider)
    owed(mentor)
    assert outbox.send_owed() == {"queued": 1, "sent": 1}
    assert [taken.recipient for taken in server.taken()] == [mentor.email]


@pytest.mark.django_db
def test_a_snooze_that_is_ended_lets_go_what_waited_for_it(
    server: SmtpServer, outsider: User, tonight: datetime
) -> None:
    wishes(outsider, snoozed_until=date(2026, 6, 30))
    message, later = owed(outsider, 1), owed(outsider, 2)
    outbox.send_owed()
    Message.objects.filter(pk=later.pk).update(last_error="rcpt: not now")
    actions.end_snooze(outsider)
    assert outbox.send_owed() == {"sent": 1}
    assert settled(message).state == "sent"
    assert settled(later).next_attempt_at == at(LISBON, 2026, 6, 30)


@pytest.mark.django_db
def test_who_moves_while_a_message_waits_is_asked_by_the_new_clock(
    server: SmtpServer, outsider: User, tonight: datetime, settings: Settings
) -> None:
    wishes(outsider, **NIGHT)
    message = owed(outsider)
    outbox.send_owed()
    wishes(outsider, time_zone="America/Los_Angeles")
    actions.look_at_mail_again(outsider)
    assert outbox.send_owed() == {"sent": 1}
    assert settled(message).state == "sent"


@pytest.mark.django_db
def test_stopping_goes_before_waiting(server: SmtpServer, outsider: User, tonight: datetime) -> None:
    wishes(outsider, **NIGHT)
    message = owed(outsider)
    outbox.send_owed()
    Stopped.objects.stop(outsider.pk, "tea")
    actions.look_at_mail_again(outsider)
    assert outbox.send_owed() == {"suppressed": 1}
    assert settled(message).state == "suppressed"


def test_a_zone_that_is_known_no_more_is_taken_for_utc() -> None:
    assert Manners.of("Mars/Olympus", None, None, None).zone.key == "UTC"
