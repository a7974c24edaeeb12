"""Owing, not owing any more, and what the database itself forbids."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.kinds import Kind, Stream
from accounts.mail.models import Message, Stopped
from accounts.models import User

from .conftest import TEA_NOTE, owed, people, write

pytestmark = pytest.mark.usefixtures("registry")


@pytest.mark.django_db
def test_a_message_is_owed_once_however_often_it_is_planned(outsider: User) -> None:
    until = now() + timedelta(days=1)
    assert outbox.owe("tea_note", outsider.pk, 7, due_at=now(), expires_at=until)
    assert not outbox.owe("tea_note", outsider.pk, 7, due_at=now(), expires_at=until)
    assert outbox.owe("tea_note", outsider.pk, 8, due_at=now(), expires_at=until)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_owe_each_message_once() -> None:
    rows = [outbox.Owed("tea_note", person.pk, 7, now(), now() + timedelta(days=1)) for person in people(200)]
    new: list[int] = []

    def plan() -> None:
        new.append(outbox.owe_many(rows))
        connection.close()

    planners = [threading.Thread(target=plan) for _ in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()
    assert sum(new) == Message.objects.count() == 200


@pytest.mark.django_db
def test_owing_to_many_is_one_statement(
    django_assert_num_queries: "pytest_django.DjangoAssertNumQueries",  # noqa: F821
) -> None:
    until = now() + timedelta(days=1)
    rows = [outbox.Owed("tea_note", person.pk, 7, now(), until) for person in people(30)]
    with django_assert_num_queries(1):
        assert outbox.owe_many(rows) == 30
    assert outbox.owe_many([]) == 0


@pytest.mark.django_db
def test_a_kind_that_nobody_registered_cannot_be_owed(outsider: User) -> None:
    with pytest.raises(LookupError):
        outbox.owe("coffee", outsider.pk, 1, due_at=now(), expires_at=now() + timedelta(days=1))


@pytest.mark.django_db
def test_the_message_id_belongs_to_the_message_and_says_nothing_about_its_person(outsider: User) -> None:
    first = owed(outsider).message_id
    Message.objects.all().delete()
    assert owed(outsider).message_id == first
    assert owed(outsider, 2).message_id != first
    assert uuid.UUID(first.partition("@")[0]).version == 5


@pytest.mark.django_db
def test_what_was_cancelled_for_one_reason_is_taken_up_as_if_nobody_had_tried(outsider: User) -> None:
    then = now()
    for subject, reason, hours in ((1, "rests", 5), (2, "rests", -1), (3, "answered", 5), (4, "rests", 5)):
        until = then + timedelta(hours=hours)
        outbox.owe("tea_note", outsider.pk, subject, due_at=until - timedelta(hours=3), expires_at=until)
        Message.objects.filter(subject_id=subject).update(
            state="cancelled", last_error=reason, attempts=3, first_attempt_at=then
        )

    def take_up(**more: object) -> int:
        return outbox.take_up("tea_note", subjects=[1, 2, 3], reason="rests", due_at=then, **more)  # type: ignore[arg-type]

    assert take_up(person_id=0) == 0
    assert take_up() == 1
    (row,) = Message.objects.waiting()
    assert (row.subject_id, row.attempts, row.first_attempt_at, row.last_error) == (1, 0, None, "")
    assert take_up(expires_at=then + timedelta(hours=9)) == 1
    assert take_up() == 0
    assert set(Message.objects.waiting().values_list("subject_id", flat=True)) == {1, 2}


@pytest.mark.django_db
def test_what_is_cancelled_is_not_sent_even_when_a_sender_has_it_in_hand(
    outsider: User, member: User
) -> None:
    waiting = owed(outsider)
    in_hand = owed(
        member, state="claimed", lease_token=uuid.uuid4(), lease_until=now() + timedelta(minutes=5)
    )
    other = owed(outsider, 2)
    assert outbox.cancel("tea_note", subject_id=1, reason="withdrawn") == 2
    for message in (waiting, in_hand):
        message.refresh_from_db()
        assert (message.state, message.last_error) == ("cancelled", "withdrawn")
    other.refresh_from_db()
    assert other.state == "queued"
    assert outbox.cancel("tea_note", subject_id=2, person_id=member.pk) == 0


@pytest.mark.django_db
def test_only_what_still_waits_is_moved_to_another_time(outsider: User) -> None:
    message, later = owed(outsider), now() + timedelta(hours=3)
    assert outbox.move(message, due_at=later)
    message.refresh_from_db()
    assert message.due_at == message.next_attempt_at == later
    Message.objects.update(attempts=1)
    assert not outbox.move(message, due_at=now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("message_lease_while_held", {"state": "claimed"}),
        ("message_lease_while_held", {"state": "queued", "lease_token": uuid.uuid4()}),
        ("message_sent_at_when_sent", {"state": "sent", "sending_at": now()}),
        ("message_sent_at_when_sent", {"state": "queued", "sent_at": now()}),
        ("message_sending_at_when_handed_over", {"state": "uncertain"}),
        ("message_state_is_known", {"state": "lost"}),
        ("message_expires_after_due", {"expires_at": now() - timedelta(days=99)}),
    ],
)
def test_the_database_refuses_a_state_that_contradicts_itself(
    outsider: User, constraint: str, changes: dict[str, object]
) -> None:
    owed(outsider)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.update(**changes)


@pytest.mark.django_db
def test_the_database_refuses_to_owe_a_message_twice_whatever_its_message_id(outsider: User) -> None:
    twin = owed(outsider)
    twin.pk, twin.message_id = None, "another@localhost"
    with pytest.raises(IntegrityError, match="message_owed_once"), transaction.atomic():
        twin.save()


@pytest.mark.django_db
def test_one_sees_only_what_was_sent_to_oneself(outsider: User, member: User, superuser: User) -> None:
    message = owed(outsider)
    assert list(Message.objects.visible_to(outsider)) == [message]
    assert not Message.objects.visible_to(member).exists()
    assert not Message.objects.visible_to(superuser).exists()


@pytest.mark.django_db
def test_no_row_names_its_person_in_a_list(outsider: User) -> None:
    Stopped.objects.stop(outsider.pk, "tea")
    for row in (owed(outsider), Stopped.objects.get()):
        assert "Otto" not in str(row)
        assert "@" not in str(row)


@pytest.mark.django_db
def test_stopping_and_starting_are_right_any_number_of_times(outsider: User, member: User) -> None:
    for _ in range(2):
        Stopped.objects.stop(outsider.pk, "tea")
        assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert Stopped.objects.names_of(member.pk) == set()
    for _ in range(2):
        Stopped.objects.start(outsider.pk, "tea")
        assert Stopped.objects.names_of(outsider.pk) == set()


def test_a_name_is_registered_once_and_each_stream_is_listed_once(registry: dict[str, Kind]) -> None:
    kinds.register(TEA_NOTE)
    with pytest.raises(ValueError, match="tea_note"):
        kinds.register(Kind("tea_note", None, "Another", write))
    with pytest.raises(ValueError, match="tea"):
        kinds.register(Kind("tea_bill", Stream("tea", "Bills", ""), "A bill", write))
    kinds.register(Kind("tea_time", TEA_NOTE.stream, "Tea time", write))
    kinds.register(Kind("receipt", None, "A receipt", write))
    assert [stream.name for stream in kinds.streams()] == ["tea"]
    assert kinds.label_of("tea_time") == "Tea time"
    assert kinds.label_of("gone") == "gone"
