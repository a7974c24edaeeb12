"""Sessions that have run out are cleared away by the clock, and nobody is taken for gone because of that."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts import sessions
from accounts.clock import now
from accounts.models import User
from reflections.tasks import run
from tests.conftest import make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


def a_session(person: User, *, last_seen: timedelta, over: bool) -> str:
    key = signed_in(person).session.session_key or ""
    UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1")
    UserSession.objects.filter(session_key=key).update(last_seen_at=now() - last_seen)
    if over:
        Session.objects.filter(pk=key).update(expire_date=now() - timedelta(minutes=1))
    return key


def test_what_has_run_out_goes_with_what_was_known_of_its_browser(person: User) -> None:
    a_session(person, last_seen=timedelta(days=4), over=True)
    living = a_session(person, last_seen=timedelta(minutes=1), over=False)
    assert sessions.tidy(now()) == 2
    assert Session.objects.get().session_key == living
    assert UserSession.objects.get().session_key == living
    assert sessions.tidy(now()) == 0


def test_in_a_rehearsal_nobody_is_signed_out(person: User) -> None:
    """Its clock is far ahead of the one by which sessions are made."""
    living = a_session(person, last_seen=timedelta(hours=2), over=False)
    run(now() + timedelta(days=40))
    assert Session.objects.get().session_key == living


def test_when_somebody_was_here_last_is_known_after_it(person: User) -> None:
    a_session(person, last_seen=timedelta(days=4), over=True)
    User.objects.filter(pk=person.pk).update(last_login=now() - timedelta(days=12))
    sessions.tidy(now())
    person.refresh_from_db()
    assert person.last_login is not None
    assert timedelta(days=3) < now() - person.last_login < timedelta(days=5)


def test_a_later_sign_in_is_not_put_back(person: User) -> None:
    a_session(person, last_seen=timedelta(days=4), over=True)
    signed_in_at = now() - timedelta(hours=2)
    User.objects.filter(pk=person.pk).update(last_login=signed_in_at)
    sessions.tidy(now())
    person.refresh_from_db()
    assert person.last_login == signed_in_at


def test_one_that_begins_at_this_moment_is_left_alone(person: User) -> None:
    UserSession.objects.create(user=person, session_key="not-written-yet", ip="127.0.0.1")
    assert sessions.tidy(now()) == 0


def test_in_one_tick_no_more_go_than_a_batch(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "BATCH", 2)
    for _ in range(3):
        a_session(person, last_seen=timedelta(days=4), over=True)
    assert sessions.tidy(now()) == 4
    assert sessions.tidy(now()) == 2
