"""Whoever changes several messages locks them by their number, so that no two ever wait for each other."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from accounts.clock import now
from accounts.mail import caps, claims, manners, outbox, relay, suppression
from accounts.mail.kinds import Kind
from accounts.mail.models import Message, Suppression
from accounts.models import User

from .conftest import TEA, owed, settled, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(outsider: User, registry: dict[str, Kind]) -> tuple[Message, Message]:
    """Of one person. The second stands first in the table and in each index, so that a statement meets it first."""
    registry["asking"] = Kind("asking", TEA, "A question", write)
    first, second = owed(outsider, 1, kind="tea_note"), owed(outsider, 1, kind="asking")
    assert first.pk < second.pk
    return first, second


def while_the_first_is_locked(first: Message, act: Callable[[], object]) -> Callable[[Message], bool]:
    """Have `act` wait for the first of them; the answer tells whether another message is free meanwhile."""

    def look(other: Message) -> bool:
        def run() -> None:
            try:
                act()
            finally:
                connection.close()

        with transaction.atomic():
            Message.objects.select_for_update().get(pk=first.pk)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join(0.7)
            assert thread.is_alive(), "it does not wait for the first"
            try:
                with transaction.atomic():
                    Message.objects.select_for_update(nowait=True).get(pk=other.pk)
                is_free = True
            except OperationalError:
                is_free = False
        thread.join()
        return is_free

    return look


def in_state(state: str, reason: str) -> None:
    """The second first, so that it is the earlier one in the table as well, and in the line."""
    for minutes, message in enumerate(Message.objects.order_by("-pk")):
        at = now() + timedelta(minutes=minutes)
        Message.objects.filter(pk=message.pk).update(state=state, last_error=reason, next_attempt_at=at)


@pytest.mark.parametrize(
    ("state", "reason", "act"),
    [
        ("queued", "snoozed", lambda who: manners.look_again(who.pk)),
        ("queued", "", lambda who: outbox.cancel("asking", "tea_note", subject_id=1)),
        ("cancelled", "rest", lambda who: outbox.resume(who.pk, reason="rest")),
        (
            "cancelled",
            "rest",
            lambda who: outbox.take_up("asking", "tea_note", subjects=[1], reason="rest", due_at=now()),
        ),
        ("suppressed", suppression.NOT_WORKING, lambda who: suppression.lift(who, now=now())),
    ],
    ids=["look again", "cancel", "resume", "take up", "lift"],
)
def test_many_are_changed_in_the_order_of_their_numbers(
    two: tuple[Message, Message], outsider: User, state: str, reason: str, act: Callable[[User], object]
) -> None:
    first, second = two
    Suppression.objects.put(outsider.pk, outsider.email, "bounced", now=now())
    in_state(state, reason)
    assert while_the_first_is_locked(first, lambda: act(outsider))(second)
    assert (settled(first).state, first.last_error) == (settled(second).state, second.last_error)


def test_the_fence_takes_the_weekly_e_mail_in_its_order_too(two: tuple[Message, Message]) -> None:
    first, second = two
    held = claims.claim(["asking"])
    assert held is not None
    assert held.pk == second.pk
    fence = while_the_first_is_locked(
        first, lambda: claims.pass_fence(held, stop_token="", gathers=[first.pk])
    )
    assert fence(second)
    assert settled(first).last_error == Message.IN_THE_WEEKLY


def test_a_refusal_takes_them_in_that_order_too(two: tuple[Message, Message]) -> None:
    first, second = two
    held = claims.claim(["asking"])
    assert held is not None
    assert claims.pass_fence(held, stop_token="", gathers=[first.pk]) is None
    refusal = while_the_first_is_locked(first, lambda: claims.try_later(held, "451", code=451))
    assert refusal(second)
    assert settled(first).state == settled(second).state == "queued"


def test_a_persons_turn_is_not_a_senders_slot(registry: dict[str, Kind]) -> None:
    """A person may have the number of a slot, whose lock a sender holds for the whole of its run."""
    registry["note"] = Kind("note", TEA, "A note", write, is_daily=True)
    taken: list[str] = []

    def take() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                caps.take_turns(registry["note"], 0)
                taken.append("taken")
        except OperationalError:
            taken.append("waited for a sender")
        finally:
            connection.close()

    with relay.connection_slot() as is_free:
        assert is_free
        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
    assert taken == ["taken"]
