"""One e-mail a week: what waits for it, what does not, and that each thing is told exactly once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.clock import now
from accounts.mail import claims, digest, kinds, letters, manners, outbox, weekly
from accounts.mail.claims import Ending, LeaseLost
from accounts.mail.digest import plan_weekly
from accounts.mail.kinds import Kind
from accounts.mail.models import Message, Stopped, Suppression
from accounts.mail.weekly import WEEKLY, CoffeeTime
from accounts.models import User
from tests.accounts.mail import smtp_server
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
    st.just(weekly.never),
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


@pytest.fixture(autouse=True)
def on_a_wednesday(settings: Settings) -> None:
    """What is late goes out on no weekend, and the day on which the tests run is any."""
    settings.REHEARSAL_OFFSET = timedelta(days=(2 - datetime.now(UTC).weekday()) % 7)


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


@pytest.mark.django_db
def test_what_went_with_the_weekly_e_mail_counts_as_the_one_of_its_day(registry: dict[str, Kind]) -> None:
    other = make_person("tomasz@harbor.example", "Tomasz")
    registry["note"] = Kind("note", TEA, "A note", write, is_daily=True)
    went = now() - timedelta(hours=3)
    first = owed(other, 1, kind="note", state="cancelled", last_error=Message.IN_THE_WEEKLY, sending_at=went)
    wait = manners.wait_for(owed(other, 2, kind="note"))
    assert wait is not None
    assert (wait.reason, wait.until) == (manners.DAILY, went + timedelta(days=1))
    Message.objects.filter(pk=first.pk).update(last_error="answered")
    assert manners.wait_for(Message.objects.get(subject_id=2)) is None


# --- Days off ------------------------------------------------------------------------------------------------------


def off_on(*days: date) -> weekly.IsOff:
    return lambda instant: instant.astimezone(ZoneInfo("UTC")).date() in days


@given(coffees, instants)
def test_a_coffee_time_on_a_day_off_is_none(coffee: CoffeeTime, instant: datetime) -> None:
    after, before = coffee.first_after(instant), coffee.last_until(instant)
    off = {after.astimezone(coffee.zone).date(), before.astimezone(coffee.zone).date()}
    there = coffee._replace(off=lambda at: at.astimezone(coffee.zone).date() in off)
    assert there.first_after(instant) == coffee.first_after(after)
    assert there.last_until(instant) < before
    always = coffee._replace(off=lambda _at: True)
    assert (always.first_after(instant), always.last_until(instant)) == (after, before)


@pytest.mark.django_db
def test_what_waits_on_a_day_off_waits_for_the_next_coffee_time_or_goes_by_itself(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = weekly.of(person).first_after(now())
    monkeypatch.setattr(
        weekly, "_days_off", [lambda people, _now: dict.fromkeys(people, off_on(slot.date()))]
    )
    wait = manners.wait_for(owed(person, 1, expires_at=now() + timedelta(days=14)))
    assert wait is not None
    assert wait.until == slot + timedelta(days=7) + weekly.GRACE
    assert manners.wait_for(owed(person, 2, expires_at=slot + timedelta(days=2))) is None
    Message.objects.update(due_at=slot - timedelta(days=1))
    assert plan_weekly(slot - timedelta(minutes=10)) == 0


@pytest.mark.django_db
def test_none_is_owed_on_a_weekend_that_somebody_did_not_choose(person: User) -> None:
    User.objects.filter(pk=person.pk).update(coffee_weekday=4)
    person.refresh_from_db()
    friday = weekly.of(person).first_after(now())
    owed(person, 1, due_at=friday - timedelta(days=1), expires_at=friday + timedelta(days=20))
    assert plan_weekly(friday + timedelta(days=1)) == 0
    User.objects.filter(pk=person.pk).update(coffee_weekday=5)
    assert plan_weekly(friday + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_one_that_was_tried_until_the_weekend_is_not_written_then(person: User, settings: Settings) -> None:
    owed(person, 1)
    message = owed(person, 7, kind=WEEKLY)
    assert digest.letter(message).gathers
    settings.REHEARSAL_OFFSET += timedelta(days=4)
    with pytest.raises(kinds.Unrenderable, match="a day off"):
        digest.letter(message)


@pytest.mark.django_db
def test_none_is_owed_to_an_address_that_does_not_work(person: User) -> None:
    slot = weekly.of(person).first_after(now())
    owed(person, 1, due_at=slot - timedelta(days=1), expires_at=slot + timedelta(days=9))
    Suppression.objects.put(person.pk, person.email, "bounced", now=now())
    assert plan_weekly(slot) == 0
    Suppression.objects.all().delete()
    assert plan_weekly(slot) == 1


# --- A no behind the fence -----------------------------------------------------------------------------------------


def sent_weekly(person: User, server: SmtpServer) -> tuple[Message, Message]:
    kinds._kinds[WEEKLY] = Kind(WEEKLY, digest.STREAM, "Your week", digest.letter)
    first, message = owed(person, 1), owed(person, 7, kind=WEEKLY)
    Message.objects.filter(pk=first.pk).update(next_attempt_at=now() + timedelta(days=1))
    outbox.send_owed()
    return settled(first), settled(message)


@pytest.mark.django_db(transaction=True)
def test_what_went_with_one_that_is_put_off_after_its_content_waits_again_and_goes_with_the_next_try(
    person: User, server: SmtpServer
) -> None:
    server.script.dot = "451 later"
    first, message = sent_weekly(person, server)
    assert (message.state, first.state) == ("queued", "queued")
    assert first.sending_at is None
    assert not first.has_gone
    server.script.dot = "250 taken"
    Message.objects.filter(pk=message.pk).update(next_attempt_at=now())
    outbox.send_owed()
    assert (settled(message).state, settled(first).last_error) == ("sent", Message.IN_THE_WEEKLY)
    assert len(server.taken()) == 1
    assert "The tea is ready" in str(server.taken()[0].message)


@pytest.mark.django_db(transaction=True)
def test_what_went_with_one_that_is_refused_after_its_content_goes_by_itself(
    person: User, server: SmtpServer
) -> None:
    server.script.dot = "554 not this"
    first, message = sent_weekly(person, server)
    assert (message.state, first.state) == ("failed", "queued")


@pytest.mark.django_db(transaction=True)
def test_what_may_have_arrived_is_not_sent_again_by_itself_and_by_hand_with_all_that_was_in_it(
    person: User, server: SmtpServer
) -> None:
    earlier = owed(person, 5, state="cancelled", last_error=Message.IN_THE_WEEKLY, sending_at=now())
    server.script.dot = smtp_server.DROP
    first, message = sent_weekly(person, server)
    assert (message.state, first.last_error) == ("sending", Message.IN_THE_WEEKLY)
    Message.objects.filter(pk=message.pk).update(state="uncertain", lease_token=None, lease_until=None)
    message.refresh_from_db()
    assert outbox.send_again(message)
    assert (settled(message).state, settled(first).state) == ("queued", "queued")
    assert settled(earlier).has_gone
    assert not outbox.send_again(message)
