"""One e-mail a week: what waits for it, what does not, and that each thing is told exactly once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.clock import now
from accounts.mail import claims, digest, kinds, letters, manners, outbox, weekly
from accounts.mail.claims import Ending, LeaseLost
from accounts.mail.digest import plan_weekly
from accounts.mail.kinds import Kind
from accounts.mail.models import Message, Stopped
from accounts.mail.weekly import WEEKLY, CoffeeTime
from accounts.models import User
from tests.accounts.mail.conftest import TEA, owed, settled, write
from tests.accounts.mail.smtp_server import SmtpServer
from tests.conftest import make_person

ZONES = [
    "Europe/Lisbon", "America/Denver", "Australia/Lord_Howe", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia",
]  # fmt: skip
coffees = st.builds(
    CoffeeTime,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.integers(0, 6),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
instants = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(coffees, instants)
def test_the_next_coffee_time_is_by_day_and_within_a_week_and_the_last_one_too(
    coffee: CoffeeTime, instant: datetime
) -> None:
    after, before = coffee.first_after(instant), coffee.last_until(instant)
    hour = timedelta(hours=1)
    assert before <= instant < after <= before + timedelta(days=7) + hour
    local = after.astimezone(coffee.zone)
    assert local.weekday() == coffee.weekday
    assert time(7) <= local.time() <= time(19, 30)
    assert coffee.number_of(after) == coffee.number_of(before) + 1


@pytest.fixture
def person(registry: dict[str, Kind]) -> User:
    registry[WEEKLY] = Kind(WEEKLY, digest.STREAM, "Your week", digest.letter)
    there = now()
    coffee = there.astimezone(ZoneInfo("UTC"))
    return make_person(
        "noor@harbor.example", "Noor", time_zone="UTC", wants_weekly_mail=True,
        coffee_weekday=(coffee.weekday() + 3) % 7, coffee_time=time(9, 0),
    )  # fmt: skip


@pytest.mark.django_db
def test_what_can_wait_waits_and_what_would_be_too_late_does_not(
    person: User, registry: dict[str, Kind]
) -> None:
    can_wait = owed(person, 1)
    wait = manners.wait_for(can_wait)
    assert wait is not None
    assert wait.reason == manners.WEEKLY
    assert wait.until == weekly.of(person).first_after(now()) + weekly.GRACE
    soon_over = owed(person, 2, expires_at=now() + timedelta(hours=5))
    assert manners.wait_for(soon_over) is None
    registry["fire"] = Kind("fire", TEA, "Fire", write, is_urgent=True)
    assert manners.wait_for(owed(person, 3, kind="fire")) is None


@pytest.mark.django_db
def test_nobody_else_waits(person: User) -> None:
    other = make_person("tomasz@harbor.example", "Tomasz")
    assert manners.wait_for(owed(other)) is None
    assert plan_weekly(now()) == 0


@pytest.mark.django_db
def test_of_whoever_stopped_the_weekly_e_mail_it_waits_until_it_is_over(person: User) -> None:
    Stopped.objects.stop(person.pk, WEEKLY)
    message = owed(person)
    wait = manners.wait_for(message)
    assert wait is not None
    assert wait.until == message.expires_at


@pytest.mark.django_db(transaction=True)
def test_at_the_coffee_time_all_of_it_goes_in_one_letter_and_is_over(
    person: User, server: SmtpServer
) -> None:
    server_registry = kinds._kinds
    server_registry[WEEKLY] = Kind(WEEKLY, digest.STREAM, "Your week", digest.letter)
    first, second = owed(person, 1), owed(person, 2)
    outbox.send_owed()
    assert server.taken() == []
    assert settled(first).last_error == manners.WEEKLY
    at_night = not (time(7) < now().time() < time(19, 30))
    if at_night:
        User.objects.filter(pk=person.pk).update(
            time_zone="Asia/Tokyo" if now().hour < 7 else "America/Los_Angeles"
        )
    there = now().astimezone(User.objects.get(pk=person.pk).zone) - timedelta(minutes=5)
    User.objects.filter(pk=person.pk).update(
        coffee_weekday=there.weekday(), coffee_time=time(there.hour, there.minute)
    )
    for row in (first, second):
        Message.objects.filter(pk=row.pk).update(due_at=now() - timedelta(hours=2))
    assert plan_weekly(now()) == 1
    assert plan_weekly(now()) == 0
    outbox.send_owed()
    assert len(server.taken()) == 1
    for row in (first, second):
        settled(row)
        assert (row.state, row.last_error) == ("cancelled", Message.IN_THE_WEEKLY)
        assert row.has_gone
    assert Message.objects.get(kind=WEEKLY).state == "sent"
    outbox.send_owed()
    assert len(server.taken()) == 1


def claimed_weekly(person: User) -> Message:
    message = owed(person, 7, kind=WEEKLY)
    found = claims.claim([WEEKLY])
    assert found is not None
    assert found.pk == message.pk
    return found


@pytest.mark.django_db(transaction=True)
def test_where_one_of_it_was_stopped_or_taken_meanwhile_none_of_it_is_over(person: User) -> None:
    first, second = owed(person, 1), owed(person, 2)
    message = claimed_weekly(person)
    post = letters.post(message)
    assert set(post.gathers) == {first.pk, second.pk}
    Message.objects.filter(pk=second.pk).update(state="cancelled", last_error="taken back")
    ending = claims.pass_fence(message, stop_token="", gathers=post.gathers)
    assert ending == Ending(Message.State.QUEUED, "what it gathers has changed")
    assert settled(first).state == "queued"
    assert settled(message).state == "queued"
    assert message.sending_at is None


@pytest.mark.django_db(transaction=True)
def test_a_lost_lease_leaves_what_it_gathers_waiting(person: User) -> None:
    first = owed(person, 1)
    message = claimed_weekly(person)
    Message.objects.filter(pk=message.pk).update(state="queued", lease_token=None, lease_until=None)
    with pytest.raises(LeaseLost):
        claims.pass_fence(message, stop_token="", gathers=[first.pk])
    assert settled(first).state == "queued"


@pytest.mark.django_db
def test_with_nothing_that_waits_there_is_no_letter(person: User) -> None:
    with pytest.raises(kinds.Unrenderable):
        digest.letter(owed(person, 7, kind=WEEKLY))


@pytest.mark.django_db
def test_of_what_others_say_one_e_mail_goes_in_a_day(registry: dict[str, Kind]) -> None:
    other = make_person("tomasz@harbor.example", "Tomasz")
    registry["note"] = Kind("note", TEA, "A note", write, is_daily=True)
    registry["swap"] = Kind("swap", TEA, "A swap", write, is_daily=True)
    went = now() - timedelta(hours=3)
    owed(other, 1, kind="note", state="sent", sending_at=went, sent_at=went)
    wait = manners.wait_for(owed(other, 1, kind="swap"))
    assert wait is not None
    assert (wait.reason, wait.until) == (manners.DAILY, went + timedelta(days=1))
    assert manners.wait_for(owed(other, 1)) is None
